// <auto-draft data-url="/..."><form>...</form></auto-draft>: what is typed is never lost.
// Fields go to the server 800 ms after the last change; a copy stays in this tab until the server has confirmed it.
import { post } from "./session.js";

const WAIT_MS = 800;
const RETRY_MS = 5000;

class AutoDraft extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.state = this.querySelector("[data-draft-state]");
    this.store = `rp-draft:${this.dataset.url}`;
    if (!this.form) return;
    this.restore();
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    // One that will not arrive is stopped before it comes here.
    this.form.addEventListener("submit", () => { clearTimeout(this.timer); });
    document.addEventListener("rp:signed-in", () => { if (sessionStorage.getItem(this.store)) this.send(); });
    this.saved = () => sessionStorage.removeItem(this.store);
    this.form.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && event.detail.elt === this.form) this.saved(); });
  }

  disconnectedCallback() { clearTimeout(this.timer); }

  values() {
    return [...new FormData(this.form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  }

  changed() {
    sessionStorage.setItem(this.store, JSON.stringify(this.values()));
    this.say("typing");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), WAIT_MS);
  }

  async send() {
    const sent = JSON.stringify(this.values());
    try {
      const answer = await post(this.dataset.url, new URLSearchParams(this.values()));
      if (!answer.ok) throw new Error(String(answer.status));
      // Something may have been typed while the answer was on its way: then the copy stays.
      if (sessionStorage.getItem(this.store) === sent) { this.saved(); this.say("saved"); }
    } catch {
      this.say("failed");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), RETRY_MS);
    }
  }

  restore() {
    const kept = sessionStorage.getItem(this.store);
    if (!kept) return;
    const values = new Map();
    for (const [name, value] of JSON.parse(kept)) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      // No radio of a group was pressed yet: what the page has chosen meanwhile stays.
      if (field.type === "radio" && !values.has(field.name)) continue;
      const list = values.get(field.name) ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = list.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = list.includes(option.value);
      else if (values.has(field.name)) field.value = list.shift();
    }
    this.changed();
  }

  // The words come from the page (data-typing, data-saved, data-failed), so they are translated there.
  say(what) { if (this.state) this.state.textContent = this.state.dataset[what] ?? ""; }
}
customElements.define("auto-draft", AutoDraft);
