// <call-survey>: shows the rows of a script that apply to the answers so far; the rules are those of the server.
import { path } from "./survey-tree.js";

export class CallSurvey extends HTMLElement {
  connectedCallback() {
    this.blocks = JSON.parse(this.querySelector("script").textContent);
    this.rows = new Map([...this.querySelectorAll("[data-block]")].map((row) => [row.dataset.block, row]));
    // Before <call-questions> hears of it, so that it goes on to a question that is shown.
    for (const kind of ["input", "change"]) this.addEventListener(kind, () => this.follow(), true);
    this.listeners = new AbortController();
    document.addEventListener("rp:filled", () => this.follow(), { signal: this.listeners.signal });
    this.follow();
  }

  disconnectedCallback() { this.listeners.abort(); }

  given() {
    const given = {};
    for (const [key, row] of this.rows) {
      const fields = [...row.querySelectorAll("input")];
      const chosen = fields.filter(({ type, checked }) => ["radio", "checkbox"].includes(type) ? checked : true);
      given[key] = chosen.map(({ value }) => value.trim()).join(",");
    }
    return given;
  }

  follow() {
    const steps = new Map(path(this.blocks, this.given()).map(({ key, required }) => [key, required]));
    for (const [key, row] of this.rows) {
      row.hidden = !steps.has(key);
      row.querySelector("[data-required]")?.toggleAttribute("hidden", !steps.get(key));
    }
    this.querySelector("call-questions").dispatchEvent(new Event("rp:questions"));
  }
}
customElements.define("call-survey", CallSurvey);
