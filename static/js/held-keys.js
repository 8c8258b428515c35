// A key that is held commits nothing: only its first press counts, also on the page that this press has led to.
// In a text of several lines Enter goes on making lines, and Space blanks.
const writes = (event) => {
  const { target } = event;
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  if (target.matches?.("textarea") || target.isContentEditable) return true;
  return event.key === " " && target.matches?.("input:not([type=checkbox],[type=radio],[type=button],[type=submit])");
};

addEventListener("keydown", (event) => {
  if (!event.repeat || !["Enter", " "].includes(event.key) || writes(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
