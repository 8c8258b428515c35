// What every page needs: elements loaded when present, busy bar, lost connection, confirm, dismiss, dialogs.
import { busy } from "./busy.js";
import "./file-limits.js";
import "./held-keys.js";
import "./kept-focus.js";
import "./pop-over.js";
import "./text-limits.js";
import "./unsaved.js";
import "./sending.js";
import { errorNotice } from "./notices.js";
import { settles } from "./session.js";

// An element names its own module, so a page pays only for what it shows; also after an htmx swap.
const loadElements = (root) => {
  for (const element of root.querySelectorAll("[data-element]")) import(element.dataset.element);
};
loadElements(document);
document.addEventListener("htmx:load", (event) => loadElements(event.target.parentElement ?? document));

// A link that an element takes over waits for the element's module: a quick key would else leave the page by its address.
document.addEventListener("click", (event) => {
  const name = event.target.closest?.("[data-waits-for]")?.dataset.waitsFor;
  if (!name || customElements.get(name) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  customElements.whenDefined(name).then(() => event.target.click());
}, true);

// Tabs that do not fit are scrolled sideways: the one in force is in sight from the start.
for (const tab of document.querySelectorAll(".rp-tabs [aria-current]")) {
  const strip = tab.parentElement;
  strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
}

class ConnectionBar extends HTMLElement {
  connectedCallback() {
    addEventListener("offline", () => { this.hidden = false; });
    addEventListener("online", () => { this.hidden = true; });
    document.addEventListener("htmx:sendError", () => { this.hidden = false; this.probe(); });
    document.addEventListener("htmx:afterOnLoad", () => { this.hidden = true; });
    document.addEventListener("rp:connection", (event) => { this.hidden = event.detail.up; if (!event.detail.up) this.probe(); });
    this.hidden = navigator.onLine;
  }

  // One probe at a time; the interval grows to half a minute.
  probe(wait = 3000) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      try {
        if ((await fetch("/livez", { cache: "no-store" })).ok) { this.hidden = true; return; }
      } catch { /* still down */ }
      this.probe(Math.min(wait * 2, 30000));
    }, wait);
  }
}
customElements.define("connection-bar", ConnectionBar);

// Back in the browser's history a filter form says what made the rows beside it, not what was chosen since.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("form.rp-filters")) form.reset();
});

const isPoll = (event) => event.detail.elt?.getAttribute?.("hx-trigger")?.startsWith("every");
document.addEventListener("htmx:beforeRequest", (event) => { if (!isPoll(event)) busy(1); });
document.addEventListener("htmx:afterRequest", (event) => { if (!isPoll(event)) busy(-1); });

document.addEventListener("htmx:responseError", (event) => {
  if (settles(event.detail.xhr)) return;
  const { xhr } = event.detail;
  errorNotice(xhr.getResponseHeader("X-Request-ID") ?? xhr.status);
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-dismiss-parent],[data-open-dialog],[data-print]");
  if (!target) return;
  if (target.hasAttribute("data-dismiss-parent")) target.parentElement.remove();
  if (target.hasAttribute("data-print")) print();
  if (target.dataset.openDialog) document.getElementById(target.dataset.openDialog)?.showModal();
});

// A click beside a dialog closes it.
document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement && event.target.open && !event.target.hasAttribute("data-stays")) event.target.close();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-skip-blank")) {
    // Short addresses: a filter left empty is not part of the question.
    for (const field of form.elements) if (field.name && field.value === "") field.disabled = true;
    addEventListener("pageshow", () => { for (const field of form.elements) field.disabled = false; }, { once: true });
  }
}, true);

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// A table cell, list row or card that leads somewhere as a whole; links and controls inside keep their own meaning.
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-href]");
  if (!row || event.defaultPrevented || event.target.closest("a,button,input,select,label,summary,textarea")) return;
  if (String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
});
