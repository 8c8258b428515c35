// <knowledge-drawer>: the knowledge base beside the call form. Whatever has data-knowledge opens it; the dialog is modal, so
// that no key reaches the form, and when it closes the browser puts the focus back to where it was.
class KnowledgeDrawer extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("[name=q]");
    this.found = this.querySelector("#knowledge-found");
    this.article = this.querySelector("#knowledge-article");
    this.listeners = new AbortController();
    document.addEventListener("click", (event) => {
      if (!event.target.closest?.("[data-knowledge]") || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.open();
    }, { signal: this.listeners.signal });
    this.addEventListener("click", (event) => { if (event.target.closest("[data-back]")) this.list(); });
    this.addEventListener("input", () => { this.stale = this.input.value !== this.asked; this.wanted = false; });
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("htmx:configRequest", ({ detail }) => { if (detail.elt === this.input) this.tell(detail.parameters); });
    this.addEventListener("htmx:afterSwap", ({ detail }) => { if (detail.target === this.article) this.read(); });
    // Not before: until it has settled, the buttons of the list do nothing.
    this.addEventListener("htmx:afterSettle", ({ detail }) => { if (detail.target === this.found) this.answered(); });
  }

  disconnectedCallback() { this.listeners.abort(); }

  open() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.list();
    this.input.select();
    this.ask();
  }

  // What is chosen in the form so far: the articles for it come first.
  tell(parameters) {
    this.asked = this.input.value;
    this.stale = true;
    const chosen = "[name^=answer_]:checked, [name=disposition]:checked";
    for (const field of document.querySelectorAll("#outcome :is(" + chosen + ")")) parameters[field.name] = field.value;
  }

  ask() { this.input.dispatchEvent(new CustomEvent("rp:ask")); }

  list() {
    const opened = this.opened;
    this.opened = null;
    this.show(false);
    (opened?.isConnected && this.dialog.open ? opened : this.input).focus();
  }

  show(article) {
    this.querySelector("[data-list]").hidden = article;
    this.article.hidden = !article;
    if (!article) this.article.replaceChildren();
  }

  answered() {
    if (this.asked !== this.input.value) return; // a later answer is on its way
    this.stale = false;
    if (!this.wanted) return;
    this.wanted = false;
    this.items()[0]?.click();
  }

  read() {
    this.opened = this.found.contains(document.activeElement) ? document.activeElement : null;
    this.show(true);
    this.article.querySelector("[data-focus]").focus();
    this.dialog.scrollTop = 0;
  }

  items() { return [...this.found.querySelectorAll("button")]; }

  press(event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    const searching = event.target === this.input;
    if (event.key === "Enter" && searching) {
      event.preventDefault();
      // What stands below may still be the answer to what was typed before: the one to this is asked for already.
      if (this.stale) this.wanted = true; else this.items()[0]?.click();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.article.hidden) return;
    const items = this.items();
    const at = searching ? -1 : items.indexOf(event.target);
    if (!searching && at < 0) return;
    event.preventDefault();
    const next = at + step;
    (next < 0 ? this.input : items[Math.min(next, items.length - 1)])?.focus();
  }
}
customElements.define("knowledge-drawer", KnowledgeDrawer);
