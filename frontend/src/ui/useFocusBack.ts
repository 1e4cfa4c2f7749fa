import { useEffect, useState } from "react";

/**
 * For a dialog that is there only while it is open: with its end the focus goes back to what opened it, else to the page, and not to the
 * top of the window.
 */
export function useFocusBack() {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (document.activeElement === document.body) {
        const back = before?.isConnected && before !== document.body ? before : document.getElementById("main");
        (back as HTMLElement | null)?.focus();
      }
    },
    [before],
  );
}
