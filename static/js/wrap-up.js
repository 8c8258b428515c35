// <wrap-up data-seconds="30" data-says="…" data-next="/work/next/">: counts down. It is said aloud once, when it begins; the
// figures are not. When it is over it goes away, and with data-next the next order is taken, but never by a page that nobody sees.
class WrapUp extends HTMLElement {
  connectedCallback() {
    this.until = performance.now() + Number(this.dataset.seconds) * 1000;
    this.left = this.querySelector("[data-left]");
    this.show();
    this.timer = setInterval(() => this.show(), 250);
    this.saying = setTimeout(() => { this.querySelector("[data-said]").textContent = this.dataset.says; }, 100);
  }

  disconnectedCallback() { clearInterval(this.timer); clearTimeout(this.saying); }

  show() {
    const seconds = Math.max(0, Math.ceil((this.until - performance.now()) / 1000));
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (this.left.textContent !== text) this.left.textContent = text;
    if (!seconds) this.over();
  }

  over() {
    clearInterval(this.timer);
    const next = this.dataset.next && document.querySelector(`form[action="${this.dataset.next}"]`);
    const busy = document.hidden || document.querySelector("dialog[open]") || document.activeElement?.matches("input,textarea,select");
    this.remove();
    if (next && !busy) next.requestSubmit();
  }
}
customElements.define("wrap-up", WrapUp);
