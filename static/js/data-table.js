// A list: j/k move, Enter opens, Space ticks; density and columns are remembered for each person and list on this machine;
// ticked rows act together.
const read = (key, fallback) => { try { return JSON.parse(localStorage.getItem(key)) ?? fallback; } catch { return fallback; } };

class DataTable extends HTMLElement {
  connectedCallback() {
    const list = `${this.dataset.person}:${this.dataset.name}`;
    this.store = `rp-columns:${list}`;
    this.densityStore = `rp-density:${list}`;
    this.density(read(this.densityStore, "comfortable"));
    this.columns();
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("change", (event) => this.changed(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.handler = (event) => { if (document.activeElement === document.body) this.key(event); };
    document.addEventListener("keydown", this.handler);
    this.count();
  }

  disconnectedCallback() { document.removeEventListener("keydown", this.handler); }

  get rows() { return [...this.querySelectorAll("tbody tr")]; }

  density(value) {
    this.classList.toggle("rp-compact", value === "compact");
    this.querySelector("[data-density]")?.setAttribute("aria-pressed", String(value === "compact"));
  }

  columns() {
    const menu = this.querySelector("[data-columns]");
    const heads = [...this.querySelectorAll("thead th[data-column]")];
    if (!menu || heads.length < 4) return;
    const hidden = new Set(read(this.store, []));
    menu.hidden = false;
    menu.querySelector(".dropdown-menu").replaceChildren(...heads.slice(1).map((head) => {
      const label = document.createElement("label");
      label.className = "form-check";
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", className: "form-check-input", checked: !hidden.has(head.dataset.column), value: head.dataset.column });
      box.dataset.column = head.dataset.column;
      label.append(box, ` ${head.textContent.trim()}`);
      return label;
    }));
    this.hide(hidden);
  }

  hide(hidden) {
    for (const cell of this.querySelectorAll("table [data-column]")) cell.hidden = hidden.has(cell.dataset.column);
  }

  clicked(event) {
    if (event.target.closest("[data-density]")) {
      const next = this.classList.contains("rp-compact") ? "comfortable" : "compact";
      localStorage.setItem(this.densityStore, JSON.stringify(next));
      this.density(next);
    }
    if (event.target.closest("[data-clear]")) {
      for (const box of this.querySelectorAll("[data-select-row],[data-select-page],[data-all]")) box.checked = false;
      this.count();
    }
  }

  changed(event) {
    const box = event.target;
    if (box.closest("[data-columns]")) {
      const hidden = new Set([...this.querySelectorAll("[data-columns] input:not(:checked)")].map((input) => input.value));
      localStorage.setItem(this.store, JSON.stringify([...hidden]));
      this.hide(hidden);
    }
    if (box.matches("[data-select-page]")) {
      for (const row of this.querySelectorAll("[data-select-row]")) row.checked = box.checked;
    }
    if (box.matches("[data-select-row],[data-select-page]")) this.count();
  }

  count() {
    const bar = this.querySelector(".rp-bulk");
    if (!bar) return;
    const boxes = [...this.querySelectorAll("[data-select-row]")];
    const ticked = boxes.filter((box) => box.checked);
    for (const box of boxes) box.closest("tr").classList.toggle("rp-selected", box.checked);
    bar.hidden = ticked.length === 0;
    bar.querySelector("[data-selected]").textContent = String(ticked.length);
  }

  key(event) {
    const off = localStorage.getItem("rp-keys") === "off" || document.body.dataset.hotkeys === "off";
    if (off || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest?.("input:not([type=checkbox]),select,textarea,button,dialog")) return;
    // With several lists on a page the keys belong to the one that has the focus, else to the first.
    if (document.activeElement === document.body && document.querySelector("data-table") !== this) return;
    const step = { j: 1, k: -1 }[event.key];
    const current = this.querySelector("tr.rp-current");
    if (step) {
      event.preventDefault();
      event.stopPropagation();
      this.move(step, current);
    } else if (current && event.key === "Enter" && !event.target.closest("a") && current.dataset.href) {
      location.assign(current.dataset.href);
    } else if (current && event.key === " " && current.querySelector("[data-select-row]") && !event.target.matches("input")) {
      event.preventDefault();
      current.querySelector("[data-select-row]").click();
    }
  }

  move(step, current) {
    const rows = this.rows;
    const next = rows[Math.min(Math.max(rows.indexOf(current) + step, 0), rows.length - 1)];
    if (!next) return;
    current?.classList.remove("rp-current");
    next.classList.add("rp-current");
    (next.querySelector("th a") ?? this.querySelector(".rp-table-scroll")).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}
customElements.define("data-table", DataTable);
