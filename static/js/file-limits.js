// A file that is too large is named when it is chosen, and not sent: minutes of sending would end in a refusal.
const LIMITED = "input[type=file][data-most-bytes]";

const fits = (field) => {
  const most = Number(field.dataset.mostBytes);
  const over = [...field.files].some((file) => file.size > most);
  field.setCustomValidity(over ? field.dataset.tooLarge : "");
  return !over || field.reportValidity();
};

addEventListener("change", ({ target }) => { if (target.matches?.(LIMITED)) fits(target); });
addEventListener("submit", (event) => {
  if ([...event.target.elements].filter((field) => field.matches(LIMITED)).every(fits)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
