// <call-questions>: digits answer the current question and go on to the next, 0 goes on past one with several answers,
// Backspace goes back to the one before. In a field Enter goes on, and everything else is typed.
// A question with data-shown-field is there only while that answer is one of data-shown-is, as the server judges it.
const CHOICES = "input[type=radio],input[type=checkbox]";
const FIELD = "input:not([type=checkbox],[type=radio]),select,textarea";

class CallQuestions extends HTMLElement {
  connectedCallback() {
    this.refresh();
    this.form = this.closest("form");
    this.changed = () => { this.refresh(); this.show(); };
    this.form?.addEventListener("change", this.changed);
    this.current = this.questions.find((one) => !one.querySelector("input:checked") && one.querySelector(CHOICES)) ?? this.questions[0];
    this.show();
    this.addEventListener("change", ({ target }) => { if (target.type === "radio") this.step(target.closest("[data-question]"), 1); });
    this.addEventListener("focusin", ({ target }) => { if (target.matches(FIELD)) this.go(target.closest("[data-question]")); });
    this.addEventListener("rp:questions", () => this.show());
    this.handler = (event) => this.press(event);
    document.addEventListener("keydown", this.handler);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.handler);
    this.form?.removeEventListener("change", this.changed);
  }

  refresh() {
    for (const one of this.querySelectorAll("[data-shown-field]")) {
      one.hidden = !one.dataset.shownIs.split(",").includes(this.answer(one.dataset.shownField));
    }
  }

  answer(name) {
    const inputs = [...this.closest("form").querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    if (inputs[0]?.closest("[data-question]")?.hidden) return "";
    if (inputs[0]?.type === "checkbox") return inputs[0].checked ? "yes" : "no";
    if (inputs[0]?.type === "radio") return inputs.find((one) => one.checked)?.value ?? "";
    return inputs[0]?.value ?? "";
  }

  // Of the flat list those with choices; of a script all that apply.
  get questions() {
    return [...this.querySelectorAll("[data-question]:not([hidden])")]
      .filter((one) => one.dataset.kind || one.querySelector("input[type=radio]"));
  }

  show() {
    if (!this.current?.isConnected || this.current.hidden) this.current = this.questions.findLast((one) => this.stands(one)) ?? this.questions[0];
    for (const one of this.querySelectorAll("[data-question]")) one.toggleAttribute("data-current", one === this.current);
  }

  // Whether a question stands before the one that has just gone.
  stands(one) { return !this.current || Boolean(this.current.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING); }

  step(from, by) {
    const list = this.questions;
    const at = list.indexOf(from);
    if (at >= 0) this.go(list[Math.min(Math.max(at + by, 0), list.length - 1)]);
  }

  go(question) {
    if (!question) return;
    this.current = question;
    this.show();
    if (!this.pressed || !question.dataset.kind) return;
    question.scrollIntoView({ block: "nearest" });
    const field = question.querySelector(FIELD);
    if (field) field.focus();
    else if (document.activeElement?.matches(FIELD)) document.activeElement.blur();
  }

  byKey(event, act) {
    event.preventDefault();
    this.pressed = true;
    act();
    this.pressed = false;
  }

  press(event) {
    const off = localStorage.getItem("rp-keys") === "off" || document.body.dataset.hotkeys === "off";
    if (event.repeat || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target.closest?.(FIELD)) { this.enter(event); return; }
    if (off) return;
    if (event.key === "Backspace" && this.current) this.byKey(event, () => this.step(this.current, -1));
    else if (/^[0-9]$/.test(event.key)) this.digit(event);
  }

  // Enter in a field of a script goes on; it does not save the call.
  enter(event) {
    const question = event.target.closest("[data-question][data-kind]");
    if (event.key !== "Enter" || !question || !this.contains(question)) return;
    this.byKey(event, () => { event.target.blur(); this.step(question, 1); });
  }

  digit(event) {
    const choice = this.current?.querySelector(`${CHOICES.split(",").map((one) => `${one}[data-digit="${event.key}"]`)}`);
    if (choice) this.byKey(event, () => choice.click());
    else if (event.key === "0" && this.current?.dataset.kind) this.byKey(event, () => this.step(this.current, 1));
  }
}
customElements.define("call-questions", CallQuestions);
