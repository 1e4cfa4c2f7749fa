let opened = false;
const listeners = new Set<() => void>();

function set(next: boolean) {
  opened = next;
  for (const listener of listeners) {
    listener();
  }
}

/** Whether the sheet of shortcuts is open. It can be opened and closed from anywhere. */
export const shortcutSheet = {
  open: () => set(true),
  close: () => set(false),
  isOpen: () => opened,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};
