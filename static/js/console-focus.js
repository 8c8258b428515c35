// <details data-focus-inside>: opened by key or click, the focus is at once on what is marked data-focus inside.
document.addEventListener("click", (event) => {
  const summary = event.target.closest?.("[data-focus-inside] > summary");
  if (!summary) return;
  const details = summary.parentElement;
  event.preventDefault();
  details.open = !details.open;
  if (details.open) details.querySelector("[data-focus]")?.focus();
});
