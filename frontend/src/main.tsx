import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./ui/base.css";
import { createRoot } from "react-dom/client";
import { reportError } from "./api/app";
import { App } from "./app/App";
import { stayHere } from "./app/stayHere";
import { adoptThemeVariables } from "./ui/adoptVariables";

adoptThemeVariables();
stayHere(window);

window.addEventListener("error", (e) => reportError(e.message, e.error instanceof Error ? (e.error.stack ?? "") : ""));
window.addEventListener("unhandledrejection", (e) => {
  const cause: unknown = e.reason;
  reportError(
    cause instanceof Error ? cause.message : String(cause),
    cause instanceof Error ? (cause.stack ?? "") : "",
  );
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(<App />);
}
