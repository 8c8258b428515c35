// A part of the page that refreshes itself leaves the focus on the same link, button or field of its new content. What has
// an id keeps it without this.
const FOCUSABLE = "a[href],button,input,select,textarea,summary,[tabindex]";

const nameOf = (element) => [element.tagName, element.getAttribute("href"), element.name, element.value].join(" ");
const likeIn = (part, name) => [...part.querySelectorAll(FOCUSABLE)].filter((one) => nameOf(one) === name);

let kept = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const focused = document.activeElement;
  kept = null;
  if (!detail.shouldSwap || !detail.target?.id || focused === detail.target || !detail.target.contains(focused)) return;
  const name = nameOf(focused);
  kept = { part: detail.target.id, name, place: likeIn(detail.target, name).indexOf(focused) };
});
document.addEventListener("htmx:load", () => {
  const part = kept && document.getElementById(kept.part);
  if (!part || document.activeElement !== document.body) return;
  const { name, place } = kept;
  kept = null;
  likeIn(part, name)[place]?.focus({ preventScroll: true });
});
