import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { type RouterHistory, RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { createQueryClient } from "../api/client";
import { cssVariables, theme } from "../ui/theme";
import { createAppRouter } from "./router";

// The same key as in public/theme.js, which sets the scheme before the first paint.
const schemes = localStorageColorSchemeManager({ key: "seatkeeper-theme" });

/** The whole page. `history` and `env` differ only in tests. */
export function App({ history, env = "default" }: { history?: RouterHistory; env?: "default" | "test" }) {
  const [client] = useState(createQueryClient);
  const [router] = useState(() => createAppRouter(history));
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      // The variables come as a constructed style sheet and the classes are not needed: no inline style element at all.
      withCssVariables={false}
      withGlobalClasses={false}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
      env={env}
    >
      <QueryClientProvider client={client}>
        <ModalsProvider modalProps={{ closeButtonProps: { "aria-label": "Close" } }}>
          <Notifications position="bottom-right" limit={4} />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
