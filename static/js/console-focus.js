// <details data-focus-inside>: opened by key or click, the focus goes to what is marked data-focus inside.
document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches?.("[data-focus-inside]")) event.target.querySelector("[data-focus]")?.focus();
}, true);
