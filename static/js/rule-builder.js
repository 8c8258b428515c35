// <rule-builder> around the tree of a rule: keys that press the button of the part which has the focus. They are chords
// with Alt and letters that no browser menu, input method or screen reader uses; "?" lists them (hot-keys).
const VERBS = { KeyN: "add", KeyG: "group", KeyR: "remove", PageUp: "up", PageDown: "down" };

class RuleBuilder extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("paste", (event) => this.paste(event));
  }

  press(event) {
    if (event.isComposing || event.keyCode === 229 || event.repeat) return;
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const verb = VERBS[event.code];
    if (!verb || document.querySelector("hot-keys")?.on === false) return;
    const button = this.buttonOf(event.target, verb);
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  // A condition is added to the group around the focus; what is removed or moved is the condition, else its group.
  buttonOf(target, verb) {
    const group = target.closest(".rp-rule-group") ?? this.querySelector(".rp-rule-group");
    const part = ["add", "group"].includes(verb) ? group : target.closest(".rp-rule-line") ?? group;
    const id = part?.querySelector("[name=part]")?.value;
    return id && this.querySelector(`button[value="${verb}:${id}"]`);
  }

  // A column copied from a sheet becomes a list with commas: an input would run its lines together.
  paste(event) {
    if (!event.target.closest("[data-many]")) return;
    const text = event.clipboardData.getData("text");
    const lines = text.split(/[\r\n\t]+/).map((one) => one.trim()).filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    event.target.setRangeText(lines.join(", "), event.target.selectionStart, event.target.selectionEnd, "end");
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
customElements.define("rule-builder", RuleBuilder);
