// Keys are declared where they act: data-key="Alt+1" (or "g c", "Ctrl+Enter") on a link, button or field.
// Pressing it clicks or focuses that element. "?" lists what the page has. Single keys can be switched off (WCAG 2.1.4),
// and each person may have own ones (own-keys.js).
import { parseKeybinding, matchKeybindingPress } from "../vendor/tinykeys.min.js";
import { KeyEditor, canonical, keyOf, ownOf } from "./own-keys.js";

const STORE = "rp-keys";
const SEQUENCE_MS = 1000;

// Digits and letters with Alt go by their place on the board: Alt changes the character on some systems.
const toBinding = (text) => text.replace(/^((?:\S+\+)*)(\S)$/, (all, mods, key) => {
  if (!mods.includes("Alt+")) return all;
  if (/\d/.test(key)) return `${mods}Digit${key}`;
  return /[a-z]/i.test(key) ? `${mods}Key${key.toUpperCase()}` : all;
}).replace(/Ctrl\+/g, "Control+");

const isTyping = (target) => target.isContentEditable
  || target.matches?.("textarea,select,input:not([type=checkbox],[type=radio],[type=button],[type=submit])");

const isVisible = (element) => !element.disabled && element.getClientRects().length > 0;

// In a dialog only the dialog's own keys count.
const scope = () => document.querySelector("dialog[open]") ?? document;

// What the person has chosen goes before what another page's key would do here.
const held = () => [...scope().querySelectorAll("[data-key]")]
  .sort((one, other) => Boolean(ownOf(other.dataset.key)) - Boolean(ownOf(one.dataset.key)));

export class HotKeys extends HTMLElement {
  connectedCallback() {
    this.sheet = this.querySelector("dialog");
    this.editor = new KeyEditor(this.sheet, () => this.list());
    this.pending = [];
    const toggle = this.querySelector("#keys-on");
    this.on = localStorage.getItem(STORE) !== "off" && document.body.dataset.hotkeys !== "off";
    toggle.checked = this.on;
    toggle.addEventListener("change", () => {
      this.on = toggle.checked;
      localStorage.setItem(STORE, this.on ? "on" : "off");
    });
    this.handler = (event) => this.press(event);
    addEventListener("keydown", this.handler);
    document.addEventListener("click", (event) => {
      if (event.target.closest('[data-open-dialog="key-sheet"]')) this.list();
    }, true);
  }

  disconnectedCallback() { removeEventListener("keydown", this.handler); }

  press(event) {
    // 229 is what an input method sends while Chinese is being composed.
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.repeat) return;
    if (["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
    const chord = event.ctrlKey || event.altKey || event.metaKey;
    if (event.key === "Escape") { this.leave(event); return; }
    if (!chord && (isTyping(event.target) || !this.on)) return;
    if (event.key === "?" && !chord) { event.preventDefault(); this.list(); this.sheet.showModal(); return; }
    const keep = performance.now() - (this.last ?? 0) < SEQUENCE_MS ? this.pending : [];
    this.last = performance.now();
    this.pending = chord ? [] : keep;
    this.run(event);
  }

  run(event) {
    let waits = false;
    for (const element of held()) {
      if (!this.on && !element.hasAttribute("data-key-always")) continue;
      const key = keyOf(element);
      const presses = parseKeybinding(toBinding(key));
      const at = this.pending.length < presses.length ? this.pending.length : 0;
      if (!this.pending.every((past, place) => past === key.split(" ")[place])) {
        if (!matchKeybindingPress(event, presses[0]) || presses.length > 1) continue;
      } else if (!matchKeybindingPress(event, presses[at])) continue;
      if (presses.length > at + 1) { waits = true; continue; }
      if (!isVisible(element)) { if (!element.matches("a[href],[data-key-always]")) continue; }
      event.preventDefault();
      this.pending = [];
      this.act(element);
      return;
    }
    this.pending = waits ? [...this.pending, event.key.toLowerCase()] : [];
  }

  act(element) {
    if (element.matches("input:not([type=checkbox],[type=radio],[type=submit]),textarea,select")) {
      element.focus();
      // Behind what is written: a selection would be gone with the next key. Some kinds of fields have no cursor.
      if (element.matches("textarea,input[type=text],input:not([type])")) element.setSelectionRange(element.value.length, element.value.length);
    } else {
      if (element.matches("input,button,summary")) element.focus({ preventScroll: true });
      element.click();
    }
  }

  leave(event) {
    if (document.querySelector("dialog[open]") || !isTyping(event.target)) return;
    event.target.blur();
  }

  // The sheet is built from what the page shows now, so it cannot be out of date.
  list() {
    const rows = this.rows();
    this.querySelector("tbody").replaceChildren(...rows.filter((row) => row.shown).map((row) => this.line(row, rows)));
  }

  // Also of what is hidden now: its key is taken all the same. data-later: elements with these keys come into the page later.
  rows() {
    const rows = new Map();
    for (const element of document.querySelectorAll("[data-key]")) {
      const key = canonical(element.dataset.key);
      const shown = isVisible(element) || element.matches("a[href],[data-key-always]");
      if (rows.get(key)?.shown || (rows.has(key) && !shown)) continue;
      const now = ownOf(key) ?? element.dataset.key.replace("$mod", "Ctrl");
      rows.set(key, { name: this.nameOf(element), key, keys: [now], caps: now, shown });
    }
    for (const row of this.querySelector("template[data-rows]").content.querySelectorAll("tr")) {
      const { keys, needs, later } = row.querySelector("[data-keys]").dataset;
      const parts = keys.split(" ");
      if ((needs && !document.querySelector(needs)) || rows.get(canonical(parts[0]))?.shown) continue;
      const now = parts.map((key) => (later === undefined ? key : ownOf(key) ?? key));
      rows.set(row, { name: row.cells[0].textContent, keys: now, caps: now.join(" "), shown: true });
    }
    return [...rows.values()];
  }

  line(row, rows) {
    const line = document.createElement("tr");
    line.insertCell().textContent = row.name;
    const cell = line.insertCell();
    for (const key of row.caps.split(" ")) {
      const cap = document.createElement("kbd");
      cap.className = "rp-kbd";
      cap.textContent = key;
      cell.append(cap, " ");
    }
    if (row.key) cell.append(this.editor.buttons(row, rows));
    return line;
  }

  nameOf(element) {
    if (element.dataset.keyLabel) return element.dataset.keyLabel;
    const label = element.getAttribute("aria-label");
    if (label) return label.trim();
    const copy = (element.labels?.[0] ?? element).cloneNode(true);
    for (const cap of copy.querySelectorAll("kbd,.rp-badge")) cap.remove();
    return copy.textContent.trim();
  }
}
customElements.define("hot-keys", HotKeys);
