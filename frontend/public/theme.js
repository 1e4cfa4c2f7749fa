// Sets light or dark and the size before the first paint, from the last choice. The program's own setting follows as soon as it is read.
(() => {
  let choice = "auto";
  try {
    choice = window.localStorage.getItem("seatkeeper-theme") || "auto";
    const size = Number(window.localStorage.getItem("seatkeeper-zoom"));
    if (size >= 80 && size <= 200 && size !== 100) {
      document.documentElement.style.fontSize = `${size}%`;
    }
  } catch {
    // No storage: follow the system, at its size.
  }
  const dark = choice === "dark" || (choice !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
