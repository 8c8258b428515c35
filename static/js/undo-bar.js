// <undo-bar data-seconds="10">: goes away by itself.
class UndoBar extends HTMLElement {
  connectedCallback() { this.timer = setTimeout(() => this.remove(), Number(this.dataset.seconds) * 1000); }

  disconnectedCallback() { clearTimeout(this.timer); }
}
customElements.define("undo-bar", UndoBar);
