// The theme's colours, read from the tokens each time a chart is drawn.
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const named = {
    good: token("--rp-good"), bad: token("--rp-bad"), muted: token("--rp-muted"),
    low: token("--rp-risk-low"), medium: token("--rp-risk-medium"), high: token("--rp-risk-high"), critical: token("--rp-risk-critical"),
  };
  const series = [1, 2, 3, 4, 5, 6].map((place) => token(`--rp-c${place}`));
  return {
    ...named,
    series,
    of: (tone) => named[tone] ?? series[Number(tone.slice(1)) - 1] ?? series[0],
    text: token("--tblr-body-color"),
    grid: token("--rp-border"),
    strong: token("--rp-border-strong"),
    surface: token("--tblr-bg-surface"),
    raised: token("--rp-raised"),
    heat: [token("--rp-heat-0"), token("--rp-heat-1")],
    font: getComputedStyle(document.body).fontFamily,
  };
}
