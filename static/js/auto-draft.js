// <auto-draft data-url="/..."><form>...</form></auto-draft>: what is typed is never lost.
// It goes to the server when one pauses, at the latest 3 s after the first change, and when the page is left. A copy stays
// in this tab until the server has confirmed it. What another window has saved meanwhile is shown, not overwritten.
import { post } from "./session.js";

const PAUSE_MS = 800;
const LATEST_MS = 3000;
const RETRY_MS = 5000;
const OWN_NAMES = ["csrfmiddlewaretoken", "known_draft"];

class AutoDraft extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.state = this.querySelector("[data-draft-state]");
    this.store = `rp-draft:${this.dataset.url}`;
    if (!this.form) return;
    this.known = this.form.elements.known_draft;
    this.other = this.querySelector("[data-other-window]");
    this.other?.addEventListener("click", (event) => this.choose(event.target));
    this.restore();
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("htmx:beforeRequest", () => { this.asked = this.copy(); });
    this.form.addEventListener("htmx:afterRequest", ({ detail }) => {
      if (detail.successful) this.confirmed(detail.xhr.getResponseHeader("X-Draft-Revision"), this.asked);
    });
    // One that will not arrive is stopped before it comes here; one that arrives carries the words itself.
    this.form.addEventListener("submit", () => { this.left = true; clearTimeout(this.timer); });
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    addEventListener("pagehide", () => this.leave(), { signal });
    addEventListener("pageshow", () => { this.left = false; }, { signal });
    document.addEventListener("rp:unsent", () => { this.left = false; if (this.copy()) this.changed(); }, { signal });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.leave(); }, { signal });
    document.addEventListener("rp:signed-in", () => { if (this.copy()) this.send(); }, { signal });
    document.addEventListener("rp:before-send", ({ detail }) => {
      if (detail.form !== this.form) { if (this.copy()) detail.wait(this.send()); return; }
      // The form itself: what is on its way to the server comes first, and tells which draft the form knows.
      if (this.sending) detail.wait(this.flight);
    }, { signal });
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.listeners?.abort();
  }

  values() {
    return [...new FormData(this.form)].filter(([name, value]) => !OWN_NAMES.includes(name) && typeof value === "string");
  }

  copy() { return sessionStorage.getItem(this.store); }

  changed() {
    sessionStorage.setItem(this.store, JSON.stringify({ known: this.known?.value, values: this.values() }));
    if (this.stopped) return;
    this.say("typing");
    this.since ??= Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), Math.min(PAUSE_MS, Math.max(0, this.since + LATEST_MS - Date.now())));
  }

  // The page goes: what is not confirmed goes along, even beside a request that is on its way.
  leave() { if (!this.left && this.copy() && !this.stopped) this.send(true); }

  send(keepalive = false) {
    const flight = this.transmit(keepalive);
    if (!keepalive && !this.again) this.flight = flight;
    return flight;
  }

  async transmit(keepalive) {
    if (this.sending && !keepalive) { this.again = true; return; }
    clearTimeout(this.timer);
    const copy = this.copy();
    const body = new URLSearchParams(this.values());
    if (this.known && !this.sending) body.set("known_draft", this.known.value);
    this.since = undefined;
    this.sending = true;
    try {
      const answer = await post(this.dataset.url, body, { keepalive });
      if (answer.ok) this.confirmed(answer.headers.get("X-Draft-Revision"), copy);
      else this.refused((await answer.json()).error);
    } catch {
      this.say("failed");
      this.timer = setTimeout(() => this.send(), RETRY_MS);
    } finally {
      this.sending = false;
      if (this.again) { this.again = false; this.changed(); }
    }
  }

  confirmed(revision, copy) {
    if (this.known && revision) this.known.value = revision;
    // Something may have been typed while the answer was on its way: then the copy stays.
    if (this.copy() === copy) { sessionStorage.removeItem(this.store); this.say("saved"); }
    else this.changed();
  }

  // Asking again would get the same answer: the words stay here.
  refused({ code, details = [] }) {
    this.stopped = true;
    this.say("failed");
    if (code === "other_window") this.differ(new Map(details.map(({ field, value }) => [field, String(value)])));
  }

  differ(theirs) {
    this.theirs = theirs;
    this.other.querySelector("[data-other-note]").value = theirs.get("note") ?? "";
    this.other.hidden = false;
    this.other.scrollIntoView({ block: "nearest" });
  }

  choose(button) {
    const take = button.closest("[data-take-other]");
    if (!take && !button.closest("[data-keep-mine]")) return;
    this.known.value = this.theirs.get("known_draft");
    this.other.hidden = true;
    this.stopped = false;
    if (take) this.fill([...this.theirs]);
    this.changed();
  }

  restore() {
    const kept = JSON.parse(this.copy() ?? "null");
    if (!kept?.values) return;
    const there = this.values();
    if (JSON.stringify(there) === JSON.stringify(kept.values)) { sessionStorage.removeItem(this.store); return; }
    const elsewhere = this.other && kept.known !== this.known.value && there.some(([name, value]) => name === "note" && value);
    this.fill(kept.values);
    this.stopped = elsewhere;
    if (elsewhere) this.differ(new Map([...there, ["known_draft", this.known.value]]));
    this.changed();
  }

  fill(pairs) {
    const values = new Map();
    for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of this.form.elements) {
      if (!field.name || ["hidden", "submit"].includes(field.type)) continue;
      // No radio of a group was pressed yet: what the page has chosen meanwhile stays.
      if (field.type === "radio" && !values.has(field.name)) continue;
      const list = values.get(field.name) ?? [];
      // The server keeps several values of one field joined by commas.
      if (field.type === "checkbox" || field.type === "radio") field.checked = list.some((value) => value.split(",").includes(field.value));
      else if (field.multiple) for (const option of field.options) option.selected = list.includes(option.value);
      else if (values.has(field.name)) field.value = list.shift();
    }
    document.dispatchEvent(new Event("rp:filled"));
  }

  // The words come from the page (data-typing, data-saved, data-failed), so they are translated there.
  say(what) { if (this.state) this.state.textContent = this.state.dataset[what] ?? ""; }
}
customElements.define("auto-draft", AutoDraft);
