// Sets light or dark before the first paint, from the last choice. The program's own setting follows as soon as it is read.
(() => {
  let choice = "auto";
  try {
    choice = window.localStorage.getItem("seatkeeper-theme") || "auto";
  } catch {
    // No storage: follow the system.
  }
  const dark = choice === "dark" || (choice !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
