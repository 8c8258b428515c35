// <call-end data-end="no_answer">: how the call has ended chooses the end of the contact, and one Enter saves it. What the
// agent has chosen stays, and nobody who is writing is disturbed.
const isWriting = (target) => target?.matches("textarea,select,input:not([type=checkbox],[type=radio],[type=button],[type=submit])");

class CallEnd extends HTMLElement {
  connectedCallback() {
    const form = document.getElementById("outcome");
    const end = [...form?.querySelectorAll("input[name=disposition]") ?? []].find(({ value }) => value === this.dataset.end);
    const chosen = form?.querySelector("input[name=disposition]:checked");
    if (!end || (chosen && chosen !== end)) return;
    if (!chosen) {
      end.checked = true;
      end.dispatchEvent(new Event("change", { bubbles: true }));
    }
    end.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.repeat) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector('[data-key="Ctrl+Enter"]'));
    });
    if (!isWriting(document.activeElement)) end.focus();
  }
}
customElements.define("call-end", CallEnd);
