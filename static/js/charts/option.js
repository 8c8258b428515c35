// A chart spec (retention/core/ui/charts.py) as an ECharts option, in the colours of the theme in force.
import { formatter } from "./format.js";
import { palette } from "./palette.js";

const TEXT = 12;

export function toOption(spec, lang, pointsUnit, width) {
  const colours = palette();
  const show = formatter(spec.format, lang, pointsUnit);
  const kinds = { pie, funnel, heatmap, scatter, interval };
  const option = (kinds[spec.kind] ?? lines)(spec, colours, show, width);
  return {
    color: colours.series,
    backgroundColor: "transparent",
    textStyle: { fontFamily: colours.font, fontSize: TEXT, color: colours.text },
    aria: { enabled: true, label: { enabled: false } },
    ...option,
    tooltip: { ...tooltip(colours), ...option.tooltip },
  };
}

const tooltip = (colours) => ({
  renderMode: "richText",
  confine: true,
  backgroundColor: colours.raised,
  borderColor: colours.strong,
  borderWidth: 1,
  padding: [6, 10],
  textStyle: { color: colours.text, fontSize: TEXT, fontFamily: colours.font },
});

const labels = (colours) => ({ color: colours.muted, fontSize: TEXT, fontFamily: colours.font });

const category = (data, colours, more = {}) => ({
  type: "category",
  data,
  axisLine: { lineStyle: { color: colours.strong } },
  axisTick: { show: false },
  axisLabel: { ...labels(colours), hideOverlap: true },
  ...more,
});

const measure = (colours, show, more = {}) => ({
  type: "value",
  axisLabel: { ...labels(colours), formatter: show.axis, hideOverlap: true },
  splitLine: { lineStyle: { color: colours.grid } },
  splitNumber: 4,
  ...more,
});

const legend = (names, colours) => (names.length < 2 ? undefined : {
  type: "scroll", top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, data: names,
  textStyle: { color: colours.text, fontSize: TEXT }, pageTextStyle: { color: colours.muted },
  pageIconColor: colours.text, pageIconInactiveColor: colours.grid,
});

// Shares that come near the whole end at 100 %, not at the next round figure.
function whole(spec) {
  const drawn = spec.series.filter((row) => row.values.length);
  const sum = (at) => drawn.reduce((total, row) => total + (row.values[at] ?? 0), 0);
  const top = spec.kind === "stacked" ? Math.max(...spec.x.map((_, at) => sum(at))) : Math.max(...drawn.flatMap((row) => row.values));
  return spec.format === "percent" && top > 0.9 && top < 1.005 ? { max: 1, interval: 0.25 } : {};
}

// A few long names under their bars break into lines instead of hiding each other; beside bars they leave room for them.
function fitted(spec, width) {
  if (spec.horizontal) return { width: Math.round(width * 0.45), overflow: "truncate" };
  return spec.x.length <= 3 ? { width: 76, overflow: "break" } : {};
}

const grid = (named) => ({ left: 4, right: 16, top: named ? 36 : 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" });

function lines(spec, colours, show, width) {
  const names = spec.series.map((row) => row.name);
  const base = { tooltip: { trigger: "axis", valueFormatter: show.value } };
  const value = measure(colours, show, spec.kind === "share" ? { max: 1 } : whole(spec));
  const drawn = spec.series.map((row, place) => oneSeries(spec, row, colours, place));
  if (spec.threshold && drawn.length) drawn[0].markLine = level(spec, colours);
  const labelled = category(spec.x, colours, { boundaryGap: !["line", "area"].includes(spec.kind), inverse: spec.horizontal });
  Object.assign(labelled.axisLabel, fitted(spec, width));
  return {
    ...base,
    legend: legend(names, colours),
    grid: grid(names.length > 1),
    xAxis: spec.horizontal ? value : labelled,
    yAxis: spec.horizontal ? labelled : value,
    series: [...band(spec, colours), ...drawn],
  };
}

function oneSeries(spec, row, colours, place) {
  const colour = row.tone ? colours.of(row.tone) : colours.series[place % colours.series.length];
  const asBar = ["bar", "stacked", "share"].includes(spec.kind) && !row.as_line;
  const stacked = ["stacked", "share", "area"].includes(spec.kind) && !row.as_line && spec.series.length > 1;
  const common = { name: row.name, data: row.values, itemStyle: { color: colour }, stack: stacked ? "all" : undefined };
  if (asBar) {
    const radius = spec.horizontal ? [0, 2, 2, 0] : [2, 2, 0, 0];
    return { ...common, type: "bar", barMaxWidth: 28, itemStyle: { color: colour, borderRadius: stacked ? 0 : radius } };
  }
  return {
    ...common,
    type: "line",
    symbol: "circle",
    symbolSize: 6,
    showSymbol: row.values.length <= 2,
    connectNulls: false,
    lineStyle: { color: colour, width: 2, type: row.dashed ? "dashed" : "solid" },
    areaStyle: spec.kind === "area" ? { color: colour, opacity: stacked ? 0.5 : 0.12 } : undefined,
  };
}

// Two stacked lines: an invisible floor and the band on it.
function band(spec, colours) {
  if (!spec.band) return [];
  const quiet = { type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
  const height = spec.band.high.map((high, at) => (high === null ? null : high - spec.band.low[at]));
  return [
    { ...quiet, data: spec.band.low },
    { ...quiet, data: height, areaStyle: { color: colours.series[0], opacity: 0.15 } },
  ];
}

const level = (spec, colours) => ({
  symbol: "none",
  silent: true,
  lineStyle: { color: colours.bad, type: "dashed", width: 1 },
  label: { formatter: spec.threshold.label, position: "insideEndTop", color: colours.bad, fontSize: TEXT },
  data: [spec.horizontal ? { xAxis: spec.threshold.value } : { yAxis: spec.threshold.value }],
});

function pie(spec, colours, show) {
  const data = spec.x.map((name, at) => ({ name, value: spec.series[0].values[at] }));
  return {
    tooltip: { trigger: "item", valueFormatter: show.value },
    legend: { ...legend(spec.x, colours), orient: "vertical", left: "58%", top: "middle" },
    series: [{
      type: "pie", radius: ["52%", "78%"], center: ["29%", "50%"], data,
      itemStyle: { borderColor: colours.surface, borderWidth: 2 }, label: { show: false },
    }],
  };
}

function funnel(spec, colours, show) {
  const values = spec.series[0].values;
  const data = spec.x.map((name, at) => ({ name, value: values[at], itemStyle: { color: colours.series[0] } }));
  return {
    tooltip: { trigger: "item", valueFormatter: show.value },
    series: [{
      type: "funnel", sort: "none", left: 8, right: "45%", top: 8, bottom: 8, gap: 3, minSize: "4%", data,
      itemStyle: { borderWidth: 0 },
      labelLine: { length: 12, lineStyle: { color: colours.strong } },
      label: { position: "right", color: colours.text, fontSize: TEXT, formatter: ({ name, value }) => `${name}  ${show.value(value)}` },
    }],
  };
}

function heatmap(spec, colours, show) {
  const data = [];
  const values = spec.cells.flat().filter((value) => value !== null);
  const low = Math.min(...values, 0);
  const reach = Math.max(...values) - low || 1;
  // The strong half of the scale is dark on light paper and light on dark: the figure on it takes the other side.
  const ink = (value) => ((value - low) / reach > 0.5 ? colours.surface : colours.text);
  spec.cells.forEach((row, y) => row.forEach((value, x) => {
    if (value !== null) data.push({ value: [x, y, value], label: { color: ink(value) } });
  }));
  return {
    tooltip: { formatter: ({ value: [x, y, value] }) => `${spec.y[y]} · ${spec.x[x]}\n${show.value(value)}` },
    grid: { ...grid(false), bottom: 36 },
    xAxis: category(spec.x, colours, { position: "top", axisLine: { show: false } }),
    yAxis: category(spec.y, colours, { inverse: true, axisLine: { show: false } }),
    visualMap: {
      min: low, max: low + reach, calculable: false, orient: "horizontal", left: "right", bottom: 0,
      itemWidth: 10, itemHeight: 120, text: [show.axis(low + reach), show.axis(low)], textStyle: labels(colours), inRange: { color: colours.heat },
    },
    series: [{
      type: "heatmap", data, itemStyle: { borderColor: colours.surface, borderWidth: 1 },
      label: { show: spec.x.length <= 12, formatter: ({ value: cell }) => show.axis(cell[2]), fontSize: 11 },
      labelLayout: { hideOverlap: true },
    }],
  };
}

function scatter(spec, colours, show) {
  const named = (name, more) => measure(colours, show, { name, nameLocation: "middle", nameGap: 28, nameTextStyle: labels(colours), ...more });
  const series = [{ type: "scatter", symbolSize: 9, data: spec.points.map(([x, y]) => [x, y]), itemStyle: { color: colours.series[0], opacity: 0.8 } }];
  if (spec.diagonal) {
    const top = Math.max(...spec.points.flatMap(([x, y]) => [x, y]), 0);
    series.push({ type: "line", data: [[0, 0], [top, top]], symbol: "none", silent: true, lineStyle: { color: colours.muted, type: "dashed", width: 1 } });
  }
  return {
    tooltip: { formatter: ({ dataIndex }) => { const [x, y, name] = spec.points[dataIndex]; return `${name}\n${show.value(x)} · ${show.value(y)}`; } },
    grid: { ...grid(false), bottom: 24, left: 24, outerBoundsContain: "all" },
    xAxis: named(spec.x_name, { scale: true }),
    yAxis: named(spec.y_name, { scale: true, nameGap: 40 }),
    series,
  };
}

function interval(spec, colours, show) {
  const [row] = spec.series;
  const tone = (at) => (row.low[at] > 0 ? colours.good : row.high[at] < 0 ? colours.bad : colours.muted);
  return {
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex: at }) => `${spec.x[at]}\n${show.value(row.values[at])} (${show.value(row.low[at])} – ${show.value(row.high[at])})`,
    },
    grid: { ...grid(false), right: show.unit ? 64 : 16 },
    xAxis: measure(colours, show, { name: show.unit, nameLocation: "end", nameGap: 4, nameTextStyle: labels(colours) }),
    yAxis: category(spec.x, colours, { inverse: true }),
    series: [{
      type: "custom",
      data: row.values.map((value, at) => [value, at, row.low[at], row.high[at]]),
      encode: { x: [2, 0, 3], y: 1 },
      markLine: { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: colours.strong, type: "solid" }, data: [{ xAxis: 0 }] },
      renderItem: (params, api) => {
        const at = params.dataIndex;
        const [from, y] = api.coord([api.value(2), at]);
        const [to] = api.coord([api.value(3), at]);
        const [middle] = api.coord([api.value(0), at]);
        const style = { stroke: tone(at), fill: tone(at), lineWidth: 2 };
        const tick = (x) => ({ type: "line", shape: { x1: x, y1: y - 5, x2: x, y2: y + 5 }, style });
        return {
          type: "group",
          children: [
            { type: "line", shape: { x1: from, y1: y, x2: to, y2: y }, style },
            tick(from), tick(to), { type: "circle", shape: { cx: middle, cy: y, r: 5 }, style },
          ],
        };
      },
    }],
  };
}
