// Notices that a script shows at the head of the page. The words stand in the page (#plain-notice), translated.
export const notice = (words, tone = "bad") => {
  const template = document.getElementById("plain-notice");
  const made = template.content.firstElementChild.cloneNode(true);
  made.classList.add(`rp-notice-${tone}`);
  made.querySelector("[data-words]").textContent = template.dataset[words];
  document.getElementById("messages").replaceChildren(made);
  made.scrollIntoView({ block: "nearest" });
};

// An answer that is an error. reference: what the log calls the request.
export const errorNotice = (reference) => {
  const made = document.getElementById("error-notice").content.firstElementChild.cloneNode(true);
  made.querySelector("[data-reference]").textContent = reference;
  document.getElementById("messages").replaceChildren(made);
  made.scrollIntoView({ block: "nearest" });
};
