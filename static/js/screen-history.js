// A screen that has come into the open page has its address, and one goes back to another by loading that: also from a page
// that says why it cannot be shown. A jump within the page is no other address.
const here = () => location.pathname + location.search;
let address = here();

export const shown = () => address;

export const goTo = (next) => {
  history[next === address ? "replaceState" : "pushState"](null, "", next);
  address = next;
};

addEventListener("popstate", () => { if (here() !== address) location.reload(); });
