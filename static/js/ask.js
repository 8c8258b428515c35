// What cannot be taken back is asked first: ask("...") gives true after a press on Yes.
// Not confirm(): a key that is still held would answer the browser's own window.
const dialog = document.getElementById("ask-first");

export const ask = (question) => new Promise((resolve) => {
  dialog.querySelector("[data-question]").textContent = question;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  dialog.showModal();
});
