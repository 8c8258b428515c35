// <order-pulse data-url="/..." data-clock="/...">: while this page is open, the order stays on the desk. Once it has left,
// the page says so where one looks, what is typed goes along, and nothing more can be sent.
import { post } from "./session.js";

// While a form is sent its order may leave the desk, which is no loss. A save takes less; a lease lasts longer.
const SENDING_MS = 15000;

class OrderPulse extends HTMLElement {
  connectedCallback() {
    this.clock = new Worker(this.dataset.clock);
    this.clock.addEventListener("message", () => this.beat());
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    document.addEventListener("submit", ({ target }) => {
      if (target.method === "post" && !target.closest("[hx-post]")) this.sentAt = Date.now();
    }, { signal });
    addEventListener("pageshow", () => { this.sentAt = 0; }, { signal });
    document.addEventListener("rp:unsent", () => { this.sentAt = 0; }, { signal });
    this.beat();
  }

  disconnectedCallback() {
    this.clock.terminate();
    this.listeners.abort();
    document.body.removeAttribute("data-barred");
  }

  get isSending() { return Date.now() - (this.sentAt ?? 0) < SENDING_MS; }

  async beat() {
    if (this.busy || this.lost || this.isSending) return;
    this.busy = true;
    try {
      const answer = await post(this.dataset.url, "", { poll: true });
      if (answer.status === 409) { if (!this.isSending) this.lose(await answer.text()); }
      else if (answer.status === 200) this.bar(await answer.text());
      else if (answer.status === 204) this.bar("");
    } catch { /* said by whoever failed; the next beat tries again */ } finally {
      this.busy = false;
    }
  }

  // The customer may not be called: no number, no appointment. Without a reason any more both can be had again.
  bar(html) {
    const barred = html !== "";
    document.body.toggleAttribute("data-barred", barred);
    if (html === this.html) return;
    this.html = html;
    this.innerHTML = html;
    for (const number of barred ? document.querySelectorAll("[data-revealed]") : []) number.remove();
    if (barred) this.scrollIntoView({ block: "nearest" });
  }

  lose(html) {
    this.lost = true;
    this.clock.terminate();
    document.dispatchEvent(new CustomEvent("rp:before-send", { detail: { form: null, wait: () => {} } }));
    this.bar(html);
    for (const field of document.querySelectorAll("[form=outcome],#outcome :is(button,input,select,textarea)")) {
      if (field.matches("textarea,input[type=text],input:not([type])")) field.readOnly = true;
      else if (field.type !== "hidden") field.disabled = true;
    }
  }
}
customElements.define("order-pulse", OrderPulse);
