// A person's own keys: data-own-keys of <body> is {key of the product: own key}, both written as canonical() writes them.
// data-key of an element stays the key of the product; keyOf() is the one that counts, and the caps show it.
import { post } from "./session.js";

const ORDER = ["Ctrl", "Alt", "Shift", "Meta"];
const ALIASES = { Control: "Ctrl", $mod: "Ctrl" };
const SEQUENCE_MS = 1000;

let own = JSON.parse(document.body.dataset.ownKeys ?? "{}");

const chord = (text) => {
  const [, held, key] = text.match(/^((?:[$\w]+\+)*)(.+)$/);
  const mods = held.split("+").map((one) => ALIASES[one] ?? one);
  const letter = held ? key.toUpperCase() : key.toLowerCase();
  return [...ORDER.filter((one) => mods.includes(one)), /^[a-z]$/i.test(key) ? letter : key].join("+");
};

// As retention/core/accounts/keys.py writes them.
export const canonical = (text) => text.split(" ").map(chord).join(" ");
export const ownOf = (text) => own[canonical(text)];
export const keyOf = (element) => ownOf(element.dataset.key) ?? element.dataset.key;

const capsOf = (element) => {
  const beside = element.nextElementSibling;
  const inside = [element, ...(element.labels ?? [])].flatMap((holder) => [...holder.querySelectorAll("kbd")]);
  return beside?.matches("kbd") ? [...inside, beside] : inside;
};

// One cap shows the whole own key; those of a sequence that are left over are hidden.
const paintOne = (element) => {
  const chosen = ownOf(element.dataset.key);
  for (const [place, cap] of capsOf(element).entries()) {
    if (!chosen && !cap.dataset.was) continue;
    cap.dataset.was ??= cap.textContent;
    const text = chosen && place === 0 ? chosen : cap.dataset.was;
    if (cap.textContent !== text) cap.textContent = text;
    cap.hidden = Boolean(chosen && place);
  }
  const said = element.dataset.titleWas ?? element.title;
  const title = chosen ? said.replace(`(${element.dataset.key})`, `(${chosen})`) : said;
  if (!said || title === element.title) return;
  element.dataset.titleWas = said;
  element.title = title;
};

const paint = () => document.querySelectorAll("[data-key]").forEach(paintOne);

// Parts of the page come later, with the product's keys on their caps.
new MutationObserver(() => { if (Object.keys(own).length) paint(); }).observe(document.body, { childList: true, subtree: true });
paint();

// "" when saved, else why not.
const save = async (url, key, chosen, failed) => {
  try {
    const answer = await post(url, new URLSearchParams({ default: canonical(key), own: chosen }));
    const said = await answer.json();
    if (!answer.ok) return said.error.message;
    own = said.keys;
    paint();
    return "";
  } catch {
    return failed;
  }
};

// With Alt a letter or digit goes by its place on the board, as in hot-keys.js; "" for what is no key yet.
const pressed = (event) => {
  if (event.isComposing || event.keyCode === 229 || event.repeat) return "";
  if (["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"].includes(event.key)) return "";
  const place = event.altKey && event.code.match(/^(?:Key|Digit)(.)$/)?.[1];
  const held = ORDER.filter((name, at) => [event.ctrlKey, event.altKey, event.shiftKey, event.metaKey][at]);
  return canonical([...held, place || (event.key === " " ? "Space" : event.key)].join("+"));
};

// The next key, chord or two plain keys; "" when Escape or a move elsewhere ends it.
const capture = (button) => new Promise((resolve) => {
  let first = "";
  let timer = 0;
  const end = (keys) => {
    clearTimeout(timer);
    removeEventListener("keydown", listen, true);
    button.removeEventListener("blur", leave);
    resolve(keys);
  };
  const leave = () => end("");
  const listen = (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const key = pressed(event);
    if (!key) return;
    if (key === "Escape") end("");
    else if (first) end(key.length === 1 ? `${first} ${key}` : key);
    else if (key.length > 1) end(key);
    else {
      first = key;
      timer = setTimeout(() => end(first), SEQUENCE_MS);
    }
  };
  addEventListener("keydown", listen, true);
  button.addEventListener("blur", leave);
});

const clash = (one, other) => one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);

// The two buttons of a row of the sheet. rows: all keys of the page, as {name, key (none: fixed), keys: [what acts now]}.
export class KeyEditor {
  constructor(sheet, again) {
    this.sheet = sheet;
    this.again = again;
    this.words = sheet.querySelector("template[data-edit]");
    this.status = sheet.querySelector("[data-key-status]");
    sheet.addEventListener("close", () => this.say(""));
  }

  say(what, values = {}) {
    this.status.textContent = (this.words.dataset[what] ?? what).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  }

  buttons(row, rows) {
    const part = this.words.content.cloneNode(true);
    const [change, back] = part.querySelectorAll("button");
    for (const button of [change, back]) {
      button.setAttribute("aria-label", button.dataset.label.replace("{name}", row.name));
      button.dataset.of = canonical(row.key);
    }
    change.addEventListener("click", () => this.change(change, row, rows));
    back.hidden = !ownOf(row.key);
    back.addEventListener("click", () => this.take(row, rows, ""));
    return part;
  }

  async change(button, row, rows) {
    if (this.sheet.querySelector("[aria-pressed=true]")) return;
    button.setAttribute("aria-pressed", "true");
    this.say("press", { name: row.name });
    const keys = await capture(button);
    button.setAttribute("aria-pressed", "false");
    if (keys) await this.take(row, rows, keys);
    else this.say("");
  }

  async take(row, rows, chosen) {
    const keys = chosen || canonical(row.key);
    const other = rows.find((one) => one.key !== row.key && one.keys.some((key) => clash(canonical(key), keys)));
    if (other) { this.say("taken", { keys, name: other.name }); return; }
    const problem = await save(this.sheet.dataset.url, row.key, chosen, this.words.dataset.failed);
    if (problem) { this.say(problem); return; }
    this.again();
    this.say("saved", { keys, name: row.name });
    this.sheet.querySelector(`button[data-of="${CSS.escape(canonical(row.key))}"]`)?.focus();
  }
}
