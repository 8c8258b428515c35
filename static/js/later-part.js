// <later-part data-url="/...">: a part of the page that is asked for once the page can be used, and again until it is there.
// Until then what stands in the element stays.
import { get } from "./session.js";

const AGAIN_MS = 5000;

class LaterPart extends HTMLElement {
  connectedCallback() { this.load(); }

  disconnectedCallback() { clearTimeout(this.timer); }

  async load() {
    try {
      const html = await get(this.dataset.url);
      if (this.isConnected) this.put(html);
    } catch { // said by whoever failed
      if (this.isConnected) this.timer = setTimeout(() => this.load(), AGAIN_MS);
    }
  }

  put(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const parts = [...template.content.children];
    this.replaceWith(template.content);
    for (const part of parts) {
      window.htmx.process(part);
      window.htmx.trigger(part, "htmx:load");
    }
  }
}
customElements.define("later-part", LaterPart);
