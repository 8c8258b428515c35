// What a form with data-next-screen leads to takes the place of the console's screen in the page that is open: its styles and
// modules are there already. Everything else is as if the browser had sent the form.
import { busy } from "./busy.js";
import { errorNotice, notice } from "./notices.js";
import { goTo, shown } from "./screen-history.js";
import { submit } from "./session.js";

const SCREEN = ".rp-console";

export const leadsToScreen = (form, submitter) => form.hasAttribute("data-next-screen") && !submitter?.hasAttribute("formaction");

const loaded = (link) => new Promise((done) => { link.onload = link.onerror = done; });

// Styles and modules of the next screen that this page has not loaded yet.
const equip = (head) => {
  const held = new Set([...document.head.querySelectorAll("link[rel=stylesheet]")].map((link) => link.getAttribute("href")));
  const styles = [...head.querySelectorAll("link[rel=stylesheet]")].filter((link) => !held.has(link.getAttribute("href")));
  const waits = styles.map(loaded);
  document.head.append(...styles);
  return Promise.all([...waits, ...[...head.querySelectorAll("script[type=module]")].map(({ src }) => import(src))]);
};

// The product was updated since this page was opened: its own modules are no longer those of the answer.
const isOfAnotherVersion = (page) => page.querySelector("[data-page]")?.src !== document.querySelector("[data-page]").src;

const show = async (page, screen, address) => {
  await equip(page.head);
  document.title = page.title;
  goTo(address);
  document.querySelector(SCREEN).replaceWith(screen);
  window.htmx.process(screen);
  window.htmx.trigger(screen, "htmx:load");
  scrollTo(0, 0);
  screen.querySelector("#content").focus({ preventScroll: true });
};

// Nothing of this page is given up before the answer is here.
export const takeNext = async (form, submitter) => {
  busy(1);
  try {
    const answer = await submit(form, submitter);
    const { pathname, search } = new URL(answer.url);
    const address = answer.redirected ? pathname + search : shown();
    // Redirected, it has been saved, though the connection may be lost before the page is here.
    const html = await answer.text().catch((lost) => { if (!answer.redirected) throw lost; return ""; });
    const page = new DOMParser().parseFromString(html, "text/html");
    const screen = page.querySelector(SCREEN);
    if (answer.redirected && answer.ok && (!screen || isOfAnotherVersion(page))) location.assign(answer.url);
    // Whatever goes wrong from here on, the page is loaded by its address.
    else if (screen) await show(page, screen, address).catch(() => location.assign(address));
    else { document.dispatchEvent(new Event("rp:unsent")); errorNotice(answer.headers.get("X-Request-ID") ?? answer.status); }
  } catch ({ message }) {
    document.dispatchEvent(new Event("rp:unsent"));
    if (message !== "signed-out") notice(message === "offline" ? "offline" : "server");
  } finally {
    busy(-1);
  }
};
