// <call-questions>: digits answer the current question and go on to the next, Backspace goes back to the one before.
// A question with data-shown-field is there only while that answer is one of data-shown-is, as the server judges it.
class CallQuestions extends HTMLElement {
  connectedCallback() {
    this.refresh();
    this.form = this.closest("form");
    this.changed = () => this.refresh();
    this.form?.addEventListener("change", this.changed);
    this.at = Math.max(this.questions.findIndex((one) => !one.querySelector("input:checked")), 0);
    this.show();
    this.addEventListener("change", (event) => {
      this.refresh();
      const at = this.questions.indexOf(event.target.closest("[data-question]"));
      if (at >= 0) { this.at = Math.min(at + 1, this.questions.length - 1); this.show(); }
    });
    this.handler = (event) => this.press(event);
    document.addEventListener("keydown", this.handler);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.handler);
    this.form?.removeEventListener("change", this.changed);
  }

  refresh() {
    const all = [...this.querySelectorAll("[data-question]")];
    for (const one of all) {
      if (one.dataset.shownField) one.hidden = !one.dataset.shownIs.split(",").includes(this.answer(one.dataset.shownField));
    }
    this.questions = all.filter((one) => !one.hidden && one.querySelector("input[type=radio]"));
  }

  answer(name) {
    const inputs = [...this.closest("form").querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    if (inputs[0]?.closest("[data-question]")?.hidden) return "";
    if (inputs[0]?.type === "checkbox") return inputs[0].checked ? "yes" : "no";
    if (inputs[0]?.type === "radio") return inputs.find((one) => one.checked)?.value ?? "";
    return inputs[0]?.value ?? "";
  }

  show() {
    for (const [place, one] of this.questions.entries()) one.toggleAttribute("data-current", place === this.at);
  }

  press(event) {
    const off = localStorage.getItem("rp-keys") === "off" || document.body.dataset.hotkeys === "off";
    if (off || event.repeat || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("input:not([type=checkbox],[type=radio]),select,textarea")) return;
    if (event.key === "Backspace" && this.questions.length) {
      event.preventDefault();
      this.at = Math.max(this.at - 1, 0);
      this.show();
      return;
    }
    if (!/^[1-9]$/.test(event.key)) return;
    const choice = this.questions[this.at]?.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
    if (!choice) return;
    event.preventDefault();
    choice.click();
  }
}
customElements.define("call-questions", CallQuestions);
