// A form that was changed and not sent: the browser asks before the page is left. What drafts itself needs no asking.
const first = new WeakMap();
let leaving = null;

const isWatched = (form) => form.method === "post" && form.closest("main")
  && !form.matches(".rp-bulk,[data-own-way]") && !form.closest("auto-draft,dialog");

const content = (form) => JSON.stringify([...new FormData(form)]
  .filter(([name]) => name !== "csrfmiddlewaretoken")
  .map(([name, value]) => [name, typeof value === "string" ? value.replaceAll("\r\n", "\n") : value.name]));

const remember = (form) => first.set(form, content(form));

for (const form of document.forms) {
  if (!isWatched(form)) continue;
  remember(form);
  // Refused by the server: what is in it is not saved.
  if (form.querySelector("[aria-invalid=true],#conflict")) first.set(form, "");
}

const isChanged = (form) => form !== leaving && isWatched(form) && first.has(form) && first.get(form) !== content(form);

addEventListener("beforeunload", (event) => { if ([...document.forms].some(isChanged)) event.preventDefault(); });
addEventListener("submit", (event) => { if (!event.defaultPrevented) leaving = event.target; });
addEventListener("pageshow", () => { leaving = null; });
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && detail.elt instanceof HTMLFormElement) remember(detail.elt);
});
