// Did a request reach its target? Only an answer of the target counts: no sign-in page, no redirect, no error on the way.
// Without a session the sign-in opens over the page, which stays as it is; then its forms get the token of the new session.
import { notice } from "./notices.js";

export class Unreached extends Error {}

const dialog = document.getElementById("sign-in-again");
const person = document.body.dataset.person;

const adopt = (token) => {
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  document.body.setAttribute("hx-headers", JSON.stringify({ ...headers, "x-csrftoken": token }));
};

const tokenNow = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["x-csrftoken"] ?? "";
const connection = (up) => document.dispatchEvent(new CustomEvent("rp:connection", { detail: { up } }));

const reach = async (url, options) => {
  try {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", cache: "no-store", ...options });
    connection(true);
    return answer;
  } catch {
    connection(false);
    throw new Unreached("offline");
  }
};

const state = async () => {
  const answer = await reach(dialog.dataset.stateUrl, { headers: { Accept: "application/json", "X-Poll": "1" } });
  if (!answer.ok) throw new Unreached("server");
  const now = await answer.json();
  adopt(now.token);
  return now;
};

// Not between two keys of somebody who types: the rest of the words would go into the password.
const PAUSE_MS = 1000;
let typedAt = -PAUSE_MS;
let asking = 0;
document.addEventListener("keydown", () => { typedAt = performance.now(); }, true);

export const ask = () => {
  clearTimeout(asking);
  const wait = typedAt + PAUSE_MS - performance.now();
  if (wait > 0) asking = setTimeout(ask, wait);
  else if (!dialog.open) dialog.showModal();
};

// Before a form is sent by the browser itself: Unreached when it would not arrive.
export const ready = async () => {
  if ((await state()).person === person) return;
  ask();
  throw new Unreached("signed-out");
};

// The answer of the target itself, whatever its status; Unreached when it did not get that far.
export const post = async (url, body, { keepalive = false, poll = false, again = true } = {}) => {
  const headers = { Accept: "application/json", "X-CSRFToken": tokenNow(), ...(poll ? { "X-Poll": "1" } : {}) };
  const answer = await reach(url, { method: "POST", body, keepalive, headers });
  if (answer.status === 401) { ask(); throw new Unreached("signed-out"); }
  if (answer.type === "opaqueredirect" || answer.status >= 500) throw new Unreached("server");
  if (answer.status !== 403) return answer;
  const { error } = await answer.json();
  if (error?.code !== "csrf_failed" || !again) throw new Unreached("refused");
  await ready();
  return post(url, body, { keepalive, poll, again: false });
};

// A part of a page; Unreached when it cannot be had.
export const get = async (url) => {
  const answer = await reach(url, { headers: { Accept: "text/html" } });
  if (answer.type === "opaqueredirect") { ask(); throw new Unreached("signed-out"); }
  if (!answer.ok) throw new Unreached("server");
  return answer.text();
};

// The answer to a form, sent as the browser would send it; Unreached when it did not get to its target.
export const submit = async (form, submitter, { again = true } = {}) => {
  const body = new URLSearchParams(new FormData(form, submitter));
  const headers = { Accept: "text/html", "X-CSRFToken": tokenNow() };
  const answer = await reach(form.action, { method: "POST", body, redirect: "follow", headers });
  if (new URL(answer.url).pathname.endsWith("/login/")) { ask(); throw new Unreached("signed-out"); }
  if (answer.status !== 403 || !again) return answer;
  await ready(); // with the token of a session that another window has begun
  return submit(form, submitter, { again: false });
};

const problem = dialog.querySelector("[data-problem]");
const say = (what) => {
  problem.hidden = !what;
  problem.textContent = problem.dataset[what] ?? "";
};

const signIn = async (form) => {
  // In another window the person may be back already.
  if ((await state()).person === person) return "";
  const body = new URLSearchParams(new FormData(form));
  const answer = await reach(form.action, { method: "POST", body, headers: { "X-CSRFToken": tokenNow() } });
  if (answer.status === 429 || answer.status === 403) return "locked";
  const now = await state();
  if (now.person === person) return "";
  return now.person ? "other" : "wrong";
};

dialog.addEventListener("cancel", (event) => event.preventDefault());
dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const wrong = await signIn(event.target).catch(() => "down");
  event.target.querySelector("[type=password]").value = "";
  say(wrong);
  if (wrong) return;
  clearTimeout(asking);
  dialog.close();
  notice("signedIn", "info");
  document.dispatchEvent(new CustomEvent("rp:signed-in"));
});

document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["x-csrftoken"] = tokenNow(); });
// Whatever answered in its place: the sign-in page is no part of another page.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!new URL(event.detail.xhr.responseURL || location.href).pathname.endsWith("/login/")) return;
  event.detail.shouldSwap = false;
  ask();
});
// True when the failure has been dealt with here.
export const settles = (xhr) => {
  if (xhr.status === 401) { ask(); return true; }
  if (xhr.status !== 403 || !xhr.responseText.includes("csrf_failed")) return false;
  ready().then(() => notice("signedIn", "info"), () => {});
  return true;
};
