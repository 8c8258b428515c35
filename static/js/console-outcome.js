// <call-outcome>: the time of an appointment is asked for when the chosen end of the call needs one, with usual times at hand.
class CallOutcome extends HTMLElement {
  connectedCallback() {
    this.block = this.querySelector("[data-appointment]");
    this.field = this.block.querySelector("input");
    this.querySelector("[data-presets]").hidden = false;
    this.addEventListener("change", (event) => { if (event.target.name === "disposition") this.chosen(true); });
    this.addEventListener("click", (event) => {
      const preset = event.target.closest("[data-at]");
      if (!preset) return;
      this.field.value = preset.dataset.at;
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    // Alt+A before an end is chosen means: call back at a time.
    this.field.addEventListener("input", () => {
      const needs = this.querySelector("[data-needs-appointment]");
      if (this.field.value && needs && !this.querySelector("input[name=disposition]:checked")) { needs.checked = true; this.chosen(false); }
    });
    this.chosen(false);
  }

  chosen(byHand) {
    const chosen = this.querySelector("input[name=disposition]:checked");
    const needed = Boolean(chosen?.hasAttribute("data-needs-appointment"));
    this.field.required = needed;
    this.block.toggleAttribute("data-unused", Boolean(chosen) && !needed);
    const before = this.field.value;
    if (needed) this.field.value ||= this.querySelector("[data-at]")?.dataset.at ?? "";
    else if (chosen) this.field.value = "";
    // How full that hour is, and the message that names it.
    if (needed || this.field.value !== before) this.field.dispatchEvent(new Event("rp:load"));
    if (needed && byHand) this.field.focus();
  }
}
customElements.define("call-outcome", CallOutcome);
