// The part of ECharts the product uses; `rp-chart` imports nothing else.
import * as core from "echarts/core";
import { BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent, DatasetComponent, GridComponent, LegendComponent, LegendScrollComponent,
  MarkLineComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
import langZH from "echarts/i18n/langZH-obj.js";

core.use([
  BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, PieChart, ScatterChart,
  AriaComponent, DatasetComponent, GridComponent, LegendComponent, LegendScrollComponent,
  MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer,
]);
core.registerLocale("ZH", langZH);

export const { init, getInstanceByDom } = core;
