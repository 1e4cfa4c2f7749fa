import { openLink } from "../api/app";
import { toastProblem } from "../ui/toast";

/**
 * Keeps the window on its own page: the page holds an admin's power, so nothing may replace it. Links to other hosts go
 * to the backend, which opens Atlassian's pages in the browser and refuses the rest; forms, drags and new windows do
 * nothing.
 */
export function stayHere(target: Window): void {
  const onClick = (event: MouseEvent) => {
    const path = event.composedPath();
    const link = path.find(
      (el): el is HTMLAnchorElement | SVGAElement => el instanceof Element && el.tagName.toLowerCase() === "a",
    );
    if (!link) {
      return;
    }
    const href = link.getAttribute("href") ?? link.getAttribute("xlink:href") ?? "";
    if (isOwn(href, target.location)) {
      // A middle click or a modifier would open a second window.
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || link.getAttribute("target")) {
        event.preventDefault();
      }
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (href.startsWith("https://")) {
      openLink(href).catch(toastProblem);
    }
  };
  const refuse = (event: Event) => event.preventDefault();
  target.addEventListener("click", onClick, true);
  target.addEventListener("auxclick", onClick, true);
  target.addEventListener("submit", refuse, true);
  for (const name of ["dragover", "drop"]) {
    target.addEventListener(name, refuse, true);
  }
  target.addEventListener(
    "dragstart",
    (event) => {
      if (event.target instanceof Element && event.target.closest("a, img")) {
        event.preventDefault();
      }
    },
    true,
  );
  target.open = () => null;
}

/** Only another place on this very page, written as a hash, is ours. */
function isOwn(href: string, here: Location): boolean {
  if (href === "" || href.startsWith("#")) {
    return true;
  }
  try {
    const to = new URL(href, here.href);
    return (
      to.protocol === here.protocol &&
      to.host === here.host &&
      to.pathname === here.pathname &&
      to.search === here.search
    );
  } catch {
    return false;
  }
}
