// <call-offers>: Alt+O goes to the first thing to press; up and down move between the buttons and "more", Enter presses.
// After a deed the page comes back with #answer, so that the customer's answer is one more Enter. No element has that id:
// the browser would take the focus to it once more, after us.
class CallOffers extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-key]").addEventListener("click", (event) => {
      event.preventDefault();
      this.enter();
    });
    this.addEventListener("keydown", (event) => this.press(event));
    if (location.hash === "#answer") this.enter();
  }

  enter() {
    const section = this.querySelector("section");
    (this.querySelector("[data-focus]") ?? section).focus();
    section.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    // What lies behind "more" is passed over until that is open.
    const buttons = [...this.querySelectorAll("button, summary")].filter((one) => one.checkVisibility());
    const next = buttons[Math.min(Math.max(buttons.indexOf(document.activeElement) + step, 0), buttons.length - 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
customElements.define("call-offers", CallOffers);
