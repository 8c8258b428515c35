// Ctrl+K: pages of the side navigation and the page's own actions, or a search for what was typed.
class CommandPalette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.list = this.querySelector("ul");
    this.input.addEventListener("input", () => this.fill());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
    this.dialog.addEventListener("close", () => { this.input.value = ""; });
    // Opened by any button through page.js; filled when it opens.
    new MutationObserver(() => { if (this.dialog.open) { this.fill(); this.input.focus(); } })
      .observe(this.dialog, { attributes: true, attributeFilter: ["open"] });
  }

  entries() {
    const links = document.querySelectorAll(".rp-nav-link[href], .rp-page-actions a[href], [data-palette][href]");
    return [...links].map((link) => ({
      text: (link.querySelector("span") ?? link).textContent.trim(),
      icon: link.querySelector("svg"),
      href: link.getAttribute("href"),
    }));
  }

  fill() {
    const words = this.input.value.trim().toLowerCase();
    const found = this.entries().filter(({ text, href }) => !words || text.toLowerCase().includes(words) || href.includes(words));
    const typed = this.input.value.trim();
    const searches = words ? [...this.querySelector("[data-searches]").content.querySelectorAll("a")] : [];
    const shown = found.slice(0, 12 - searches.length).concat(searches.map((search) => ({
      text: `${search.textContent.trim()} “${typed}”`,
      href: search.getAttribute("href") + encodeURIComponent(typed),
    })));
    this.list.replaceChildren(...shown.map(({ text, icon, href }, place) => {
      const row = document.createElement("li");
      row.id = `palette-${place}`;
      row.role = "option";
      row.dataset.to = href;
      row.setAttribute("aria-selected", String(place === 0));
      if (icon) row.append(icon.cloneNode(true));
      row.append(text);
      return row;
    }));
    this.announce();
  }

  announce() {
    const current = this.list.querySelector("[aria-selected=true]");
    this.input.setAttribute("aria-activedescendant", current?.id ?? "");
    current?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const rows = [...this.list.children];
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows.length) {
      event.preventDefault();
      rows[at]?.setAttribute("aria-selected", "false");
      rows[(at + step + rows.length) % rows.length].setAttribute("aria-selected", "true");
      this.announce();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.go(rows[at]);
    }
  }

  go(row) { if (row) location.assign(row.dataset.to); }
}
customElements.define("command-palette", CommandPalette);
