// <copy-field data-done="Copied"><input readonly><button><span>Copy</span></button></copy-field>: the button copies the
// field. Without a clipboard (plain HTTP) it selects it, for Ctrl+C.
const SHOWN_MS = 2000;

class CopyField extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.word = this.querySelector("button span");
    this.querySelector("button").addEventListener("click", () => this.copy());
    this.field.addEventListener("focus", () => this.field.select());
  }

  async copy() {
    this.field.focus();
    this.field.select();
    try {
      await navigator.clipboard.writeText(this.field.value);
    } catch {
      return;
    }
    const before = this.before ??= this.word.textContent;
    this.word.textContent = this.dataset.done;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.word.textContent = before; }, SHOWN_MS);
  }
}
customElements.define("copy-field", CopyField);
