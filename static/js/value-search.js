// <value-search data-url data-none [data-many]> around an input or a select: values are searched on the server while
// one types. An input takes what is chosen as its text (data-many: after the last comma); a select stays what the form
// sends, behind a box that searches it. Without script both work as they are.
const WAIT_MS = 150;
let made = 0;

class ValueSearch extends HTMLElement {
  connectedCallback() {
    if (this.list) return;
    this.select = this.querySelector("select");
    this.input = this.select ? this.boxOver(this.select) : this.querySelector("input");
    this.list = document.createElement("ul");
    this.list.id = `value-search-${made += 1}`;
    this.list.className = "rp-search-list";
    this.list.role = "listbox";
    this.list.hidden = true;
    this.append(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) this.input.setAttribute(name, value);
    this.input.addEventListener("input", (event) => { if (!event.isComposing) this.typed(); });
    this.input.addEventListener("compositionend", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("click", () => { if (this.list.hidden) this.ask(0); });
    this.input.addEventListener("blur", () => this.leave());
    // The box keeps the focus while an option is pressed.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option][data-value]")));
  }

  // The box in front of a select; the select keeps its name, its id and its listeners.
  boxOver(select) {
    const box = document.createElement("input");
    box.className = "form-control";
    box.autocomplete = "off";
    box.spellcheck = false;
    box.setAttribute("aria-label", select.getAttribute("aria-label") ?? select.labels[0]?.textContent.trim() ?? "");
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) box.setAttribute(name, select.getAttribute(name));
    }
    select.classList.add("visually-hidden");
    select.tabIndex = -1;
    select.setAttribute("aria-hidden", "true");
    select.addEventListener("focus", () => box.focus());
    select.addEventListener("change", () => { box.value = this.chosenText(); });
    select.form?.addEventListener("reset", () => setTimeout(() => { box.value = this.chosenText(); }));
    // Typing replaces what is chosen; a click would put the cursor into it.
    for (const name of ["focus", "click"]) {
      box.addEventListener(name, () => { if (box.value === this.chosenText()) box.select(); });
    }
    this.prepend(box);
    box.value = this.chosenText();
    return box;
  }

  chosenText() { return this.select.selectedOptions[0]?.textContent.trim() ?? ""; }

  get words() {
    if (this.select && this.input.value === this.chosenText()) return "";
    return this.hasAttribute("data-many") ? this.input.value.split(/[,，、]/).at(-1).trim() : this.input.value.trim();
  }

  // The list belongs to other words now; no key may take one of its options.
  typed() {
    this.open(false);
    this.list.replaceChildren();
    this.takesFirst = false;
    this.ask();
  }

  ask(wait = WAIT_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const words = this.words;
      if (this.select && !words) {
        this.show([...this.select.options].map((one) => ({ value: one.value, label: one.textContent.trim() })));
        return;
      }
      this.running?.abort();
      this.running = new AbortController();
      try {
        const address = new URL(this.dataset.url, location.href);
        address.searchParams.set("q", words);
        const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: this.running.signal });
        if (answer.ok && document.activeElement === this.input) this.show((await answer.json()).options);
      } catch { /* replaced by a newer question, or no connection: what is typed still counts */ }
    }, wait);
  }

  show(options) {
    this.list.replaceChildren(...options.map(({ value, label, note }, place) => {
      const row = document.createElement("li");
      row.id = `${this.list.id}-${place}`;
      row.role = "option";
      row.dataset.value = value;
      row.dataset.label = label;
      row.setAttribute("aria-selected", "false");
      row.append(label || "\u00a0");
      if (note) {
        const code = document.createElement("span");
        code.className = "rp-muted rp-small";
        code.textContent = ` ${note}`;
        row.append(code);
      }
      return row;
    }));
    if (!options.length) {
      const row = document.createElement("li");
      row.className = "rp-muted";
      row.role = "option";
      row.setAttribute("aria-disabled", "true");
      row.textContent = this.dataset.none;
      this.list.append(row);
    }
    this.open(true);
    if (!(this.select && options.length && this.words)) return;
    this.mark(this.list.firstElementChild);
    if (this.takesFirst) this.choose(this.current);
  }

  open(is) {
    this.list.hidden = !is;
    this.input.setAttribute("aria-expanded", String(is));
    if (!is) this.input.removeAttribute("aria-activedescendant");
  }

  mark(row) {
    this.current?.setAttribute("aria-selected", "false");
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", row.id);
  }

  get current() { return this.list.querySelector("[aria-selected=true]"); }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const rows = [...this.list.querySelectorAll("[data-value]")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.list.hidden) this.ask(0);
      else if (rows.length) this.mark(rows[(Math.max(rows.indexOf(this.current), step > 0 ? -1 : 0) + step + rows.length) % rows.length]);
    } else if (event.key === "Enter" && !this.list.hidden && this.current) {
      event.preventDefault();
      this.choose(this.current);
    } else if (event.key === "Enter" && this.select && this.words) {  // typed, and the answer is on its way
      event.preventDefault();
      this.takesFirst = true;
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.open(false);
      if (this.select) this.input.value = this.chosenText();
    }
  }

  choose(row) {
    if (!row) return;
    clearTimeout(this.timer);
    this.takesFirst = false;
    this.open(false);
    if (this.select) {
      const { value, label } = row.dataset;
      if (![...this.select.options].some((one) => one.value === value)) this.select.add(new Option(label, value));
      this.select.value = value;
    } else {
      const before = this.hasAttribute("data-many") ? this.input.value.replace(/[^,，、]*$/, "") : "";
      this.input.value = before ? `${before} ${row.dataset.value}` : row.dataset.value;
    }
    const field = this.select ?? this.input;
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    clearTimeout(this.timer);
  }

  // A select never stands on words that name nothing: what was chosen before comes back, no words choose "all".
  leave() {
    clearTimeout(this.timer);
    this.running?.abort();
    this.open(false);
    if (!this.select) return;
    const blank = [...this.select.options].find((one) => one.value === "");
    if (!this.input.value.trim() && blank && this.select.value !== "") {
      this.select.value = "";
      for (const kind of ["input", "change"]) this.select.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    this.input.value = this.chosenText();
  }
}
customElements.define("value-search", ValueSearch);
