// How much fits into a field is said while one types; nothing is cut off, as maxlength would do with what is pasted.
// A line break is one character here and on the server.
const TELL_FROM = 0.8;

const template = document.getElementById("limit-note");
const notes = new WeakMap();

const limitOf = (field) => {
  if (field.maxLength > 0) {
    field.dataset.limit = field.maxLength;
    field.removeAttribute("maxlength");
  }
  return Number(field.dataset.limit);
};

const noteOf = (field) => {
  if (!notes.has(field)) {
    const note = template.content.firstElementChild.cloneNode(true);
    field.after(note);
    notes.set(field, note);
  }
  return notes.get(field);
};

const tell = (field) => {
  const limit = limitOf(field);
  if (!limit) return;
  const count = [...field.value].length;
  const over = count - limit;
  const words = over > 0 ? template.dataset.over : template.dataset.left;
  const text = words.replace("{count}", count).replace("{limit}", limit).replace("{over}", over);
  field.setCustomValidity(over > 0 ? text : "");
  if (count < limit * TELL_FROM && !notes.has(field)) return;
  const note = noteOf(field);
  note.toggleAttribute("data-over", over > 0);
  note.textContent = count < limit * TELL_FROM ? "" : text;
};

for (const name of ["focusin", "input"]) {
  document.addEventListener(name, (event) => {
    if (event.target.matches?.("textarea,input:not([type=password])")) tell(event.target);
  });
}
