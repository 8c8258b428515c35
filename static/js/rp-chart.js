// <rp-chart>: draws the spec in its JSON block with ECharts, which is fetched only by pages that hold a chart.
// Canvas and rich text only: the page's policy forbids inline styles, which ECharts' HTML tooltip and SVG need.
import { toOption } from "./charts/option.js";

class RpChart extends HTMLElement {
  async connectedCallback() {
    this.spec = JSON.parse(document.getElementById(this.dataset.spec).textContent);
    this.box = this.querySelector(".rp-chart-canvas");
    const engine = await import(this.dataset.engine);
    if (!this.isConnected) return;
    this.engine = engine;
    this.lang = this.dataset.lang.startsWith("zh") ? "ZH" : "EN";
    this.draw();
    // On paper the drawing of the screen is scaled (print.css): drawn anew it would be printed before its marks are there.
    this.sizes = new ResizeObserver(() => { if (!matchMedia("print").matches) this.chart?.resize(); });
    this.sizes.observe(this.box);
    this.themes = new MutationObserver(() => this.draw());
    this.themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  }

  disconnectedCallback() {
    this.sizes?.disconnect();
    this.themes?.disconnect();
    this.chart?.dispose();
  }

  draw() {
    this.chart?.dispose();
    this.chart = this.engine.init(this.box, null, { renderer: "canvas", locale: this.lang });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const option = toOption(this.spec, this.dataset.lang, this.dataset.points, this.box.clientWidth);
    this.chart.setOption({ ...option, animation: !calm, animationDuration: 150 });
    this.chart.on("click", (at) => this.follow(at));
    this.toggleAttribute("data-drawn", true);
  }

  follow({ dataIndex, value }) {
    const { kind, links, points } = this.spec;
    let href = links[dataIndex];
    if (kind === "heatmap") href = links[value[1]]?.[value[0]];
    if (kind === "scatter") href = points[dataIndex]?.[3];
    if (href) location.assign(href);
  }
}
customElements.define("rp-chart", RpChart);
