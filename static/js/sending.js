// Forms that the browser sends itself: only when they will arrive, once, and what they held is kept until it is known to be
// saved. A form with data-own-way sees to itself.
import { ask } from "./ask.js";
import { leadsToScreen, takeNext } from "./next-screen.js";
import { notice } from "./notices.js";
import { ready } from "./session.js";

const store = () => `rp-sent:${location.pathname}`;
// A page that answers with a file stays, and an answer may never come: after so long the form may be sent again.
const AGAIN_MS = 10000;

let checking = false;
const passed = new WeakSet();
const sent = new WeakSet();

const isSent = (form, submitter) => form.method === "post" && !form.hasAttribute("data-own-way")
  && !(submitter ?? form).closest?.("[hx-post]");

const typed = (form) => [...new FormData(form)].filter(([name, value]) => {
  const field = form.elements[name];
  return typeof value === "string" && value !== "" && !["hidden", "password"].includes(field?.type);
});

const keep = (form) => {
  const place = [...document.forms].indexOf(form);
  sessionStorage.setItem(store(), JSON.stringify({ place, values: typed(form) }));
};

const fill = ({ place, values }) => {
  const form = document.forms[place];
  if (!form || !values.length) return;
  for (const field of form.elements) {
    if (!field.name || ["hidden", "password", "submit", "file", "button"].includes(field.type)) continue;
    const held = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = held.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = held.includes(option.value);
    else field.value = held[0] ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  notice("restored", "warning");
};

// Back from a page that said "this could not be done", or loaded again: the form holds what was sent.
const restore = () => {
  const kept = sessionStorage.getItem(store());
  for (const name of Object.keys(sessionStorage)) if (name.startsWith("rp-sent:")) sessionStorage.removeItem(name);
  const came = performance.getEntriesByType("navigation")[0]?.type;
  if (kept && (came === "back_forward" || came === "reload")) fill(JSON.parse(kept));
};
restore();

addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !isSent(form, submitter)) return;
  if (passed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (checking || sent.has(form)) return;
  checking = true;
  try {
    const question = submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !(await ask(question))) return;
    // A form that this page sends itself finds out by its answer; it is not sent anew while its first event is on its way.
    const waits = [leadsToScreen(form, submitter) ? new Promise((done) => { setTimeout(done); }) : ready()];
    document.dispatchEvent(new CustomEvent("rp:before-send", { detail: { form, wait: (done) => waits.push(done) } }));
    await Promise.all(waits);
    passed.add(form);
    form.requestSubmit(submitter);
  } catch ({ message }) {
    passed.delete(form);
    if (message !== "signed-out") notice(message === "offline" ? "offline" : "server");
  } finally {
    checking = false;
  }
}, true);
// Last of all: nobody has stopped it, so the browser sends it now.
addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !isSent(form, submitter)) return;
  sent.add(form);
  setTimeout(() => sent.delete(form), AGAIN_MS);
  if (leadsToScreen(form, submitter)) {
    event.preventDefault();
    takeNext(form, submitter).finally(() => sent.delete(form));
    return;
  }
  if (!form.closest("auto-draft")) keep(form);
});
addEventListener("pageshow", (event) => { if (event.persisted) for (const form of document.forms) sent.delete(form); });
