import { useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useAppInfo } from "../api/app";
import { listen, type NoticeView, type Place } from "../api/events";
import { takeReminders } from "../api/sources";
import { useGo } from "../components/navigation";
import { type ToastLevel, toast } from "../ui/toast";
import { perform, useCommands } from "./commands";
import { HOME } from "./pages";

const levels: readonly string[] = ["info", "success", "warning", "error"];

/** Connects the backend's events to the page: data, notices, menu commands, the theme. Draws nothing. */
export function BackendEvents() {
  const client = useQueryClient();
  const commands = useCommands();
  const go = useGo();
  const latest = useRef(commands);
  latest.current = commands;

  useEffect(() => {
    const notice = (n: NoticeView) =>
      toast((levels.includes(n.level) ? n.level : "info") as ToastLevel, n.title, n.message);
    const remind = () =>
      void takeReminders().then(
        (due) => due.forEach(notice),
        () => undefined, // the line on Sources and Overview says the same
      );
    remind(); // what became due while no page was open
    return listen(client, {
      notice,
      keysDue: remind,
      open: (place: Place) =>
        place.page === "runs"
          ? go("/runs", { run: place.runId })
          : go("/sources", place.sourceId === "" ? {} : { key: place.sourceId }),
      command: (id) => {
        // The menu's Overview is the page where the program opens.
        const wanted = id === "go." ? `go${HOME.replaceAll("/", ".")}` : id;
        const command = latest.current.find((c) => c.id === wanted);
        if (command) {
          perform(command);
        }
      },
    });
  }, [client, go]);

  const theme = useAppInfo().data?.theme;
  // Mantine gives another setter after each change of the scheme: what is kept in Go must not be put back over what was just chosen.
  const now = useMantineColorScheme({ keepTransitions: true }); // without them Mantine writes a style that the page's policy refuses
  const scheme = useRef(now);
  scheme.current = now;
  useEffect(() => {
    if ((theme === "light" || theme === "dark" || theme === "auto") && theme !== scheme.current.colorScheme) {
      scheme.current.setColorScheme(theme);
    }
  }, [theme]);
  return null;
}
