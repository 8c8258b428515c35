// <call-queue>: j and k move through the agent's own orders, Enter opens the one that has the focus.
class CallQueue extends HTMLElement {
  connectedCallback() {
    this.handler = (event) => this.press(event);
    document.addEventListener("keydown", this.handler);
  }

  disconnectedCallback() { document.removeEventListener("keydown", this.handler); }

  press(event) {
    const step = { j: 1, k: -1 }[event.key];
    const off = localStorage.getItem("rp-keys") === "off" || document.body.dataset.hotkeys === "off";
    if (!step || off || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest?.("input:not([type=checkbox],[type=radio]),select,textarea,dialog,data-table")) return;
    const items = [...this.querySelectorAll(".rp-queue-item")];
    const at = items.findIndex((item) => item === document.activeElement);
    const from = at >= 0 ? at : items.findIndex((item) => item.hasAttribute("aria-current"));
    const next = items[Math.min(Math.max(from + step, 0), items.length - 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
customElements.define("call-queue", CallQueue);
