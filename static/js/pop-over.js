// What opens over the page stays inside the window, wherever its button stands; also after an htmx swap or a resize.
const MARGIN = 8;

const keepInside = (box) => {
  box.style.translate = "";
  const { left, right } = box.getBoundingClientRect();
  const widest = document.documentElement.clientWidth - MARGIN;
  const shift = Math.max(MARGIN - left, Math.min(0, widest - right));
  if (shift) box.style.translate = `${shift}px 0`;
};

document.addEventListener("toggle", (event) => {
  const box = event.target.open && event.target.querySelector?.("[data-pop-over]");
  if (box) keepInside(box);
}, true);

addEventListener("resize", () => {
  for (const box of document.querySelectorAll("details[open] > [data-pop-over]")) keepInside(box);
});
