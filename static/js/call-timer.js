// <call-timer data-since="2026-11-22T09:00:00+08:00" data-limit="600">: time since then; marked late after `data-limit` seconds.
class CallTimer extends HTMLElement {
  connectedCallback() {
    this.since = Date.parse(this.dataset.since);
    this.limit = Number(this.dataset.limit ?? Infinity);
    this.setAttribute("role", "timer");
    this.setAttribute("aria-live", "off");
    this.show();
    this.timer = setInterval(() => this.show(), 1000);
  }

  disconnectedCallback() { clearInterval(this.timer); }

  show() {
    const seconds = Math.max(0, Math.floor((Date.now() - this.since) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    this.textContent = `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    this.toggleAttribute("data-late", seconds > this.limit);
  }
}
customElements.define("call-timer", CallTimer);
