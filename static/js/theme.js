// Runs before the first paint: "system" follows the machine, the other two are set by the server.
(() => {
  const root = document.documentElement;
  if (root.dataset.themeChoice === "light" || root.dataset.themeChoice === "dark") return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  apply();
  dark.addEventListener("change", apply);
})();
