import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 15_000 });

// What jsdom lacks and Mantine or the grid ask for.
class FakeResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("ResizeObserver", FakeResizeObserver);
window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
    dispatchEvent: () => false,
  }) as MediaQueryList;
Element.prototype.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;

// Every element is as large as the window: the list of people shows its first rows.
for (const [name, size] of Object.entries({
  offsetHeight: 640,
  offsetWidth: 1024,
  clientHeight: 640,
  clientWidth: 1024,
})) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
}

beforeEach(() => {
  window.localStorage.clear();
  document.documentElement.removeAttribute("data-mantine-color-scheme");
});
afterEach(cleanup);
