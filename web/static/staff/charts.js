// Draws every [data-chart] with ECharts: bars and lines in the page's colours; a click goes to the list behind a bar.
// The numbers are also in the table beneath, for whom a drawing says nothing; without this script that stands open.

const LINE = 36, AROUND = 34, UPRIGHT = 260, WIDEST = 0.42, MOST_NAME = 260, NUMBER = 76, SHARE = 48, SIDES = 22;
const drawn = [];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const tone = (name) => colour({ soon: "--chart-soon", quiet: "--chart-quiet" }[name] ?? `--${name}`);

function point(cell, series) {
  const weak = cell.weak ? { itemStyle: { color: colour("--edge") } } : {};
  return { value: cell.value, cell, series: series.name, cursor: cell.href ? "pointer" : "default", ...weak };
}

function lineOf(plan, series) {
  const lines = plan.shape === "lines";
  return {
    type: lines ? "line" : "bar",
    name: series.name,
    stack: plan.shape === "stack" ? "all" : undefined,
    data: series.cells.map((cell) => point(cell, series)),
    color: tone(series.tone),
    barMaxWidth: 18,
    barGap: "10%",
    symbol: "circle",
    symbolSize: 9,
    lineStyle: { width: 2.5 },
    connectNulls: true,
    animation: false,
  };
}

function hint(marks) {
  const [first] = marks;
  const said = marks.filter((mark) => mark.data.cell.text).map((mark) => `${mark.seriesName}  ${mark.data.cell.text}`);
  return [first.name, ...said].join("\n");
}

function wrap(width) {
  const text = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12.5, lineHeight: 15 };
  return { ...text, color: colour("--soft"), width, overflow: "break" };
}

const nameWidth = (width) => Math.min(Math.floor(width * WIDEST), MOST_NAME);

// How many parts the scale has: as many as have room for their number, so that none is left out.
function partsOf(plan, width) {
  const room = plan.upright ? 4 : Math.floor((width - nameWidth(width) - SIDES) / (plan.top ? SHARE : NUMBER));
  return room < 4 ? 2 : 4;
}

function optionsOf(plan, width) {
  const parts = partsOf(plan, width);
  const names = {
    type: "category", data: plan.labels, inverse: !plan.upright, axisTick: { show: false },
    axisLine: { lineStyle: { color: colour("--edge") } },
    axisLabel: plan.upright ? { ...wrap(), width: undefined, hideOverlap: true } : { ...wrap(nameWidth(width)), height: 30, lineOverflow: "truncate", ellipsis: "…", interval: 0 },
  };
  const numbers = {
    type: "value", max: plan.top ?? undefined, interval: plan.top ? plan.top / parts : undefined, minInterval: plan.top ? 0 : 1, splitNumber: parts,
    axisLabel: { ...wrap(), width: undefined, hideOverlap: true, showMinLabel: true, formatter: plan.unit },
    splitLine: { lineStyle: { color: colour("--hair") } },
  };
  return {
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 4, right: 18, top: 10, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    [plan.upright ? "xAxis" : "yAxis"]: names,
    [plan.upright ? "yAxis" : "xAxis"]: numbers,
    series: plan.series.filter((series) => series.cells.some((cell) => cell.value !== null)).map((series) => lineOf(plan, series)),
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: plan.shape === "lines" ? "line" : "shadow" },
      backgroundColor: colour("--card"), borderColor: colour("--edge"), textStyle: { color: colour("--ink"), fontSize: 13 },
      formatter: hint,
    },
  };
}

function heightOf(plan) {
  const thick = plan.shape === "bars" ? Math.max(1, plan.series.length * 0.62) : 1;
  return plan.upright ? UPRIGHT : AROUND + plan.labels.length * LINE * thick;
}

function draw(place) {
  const plan = JSON.parse(place.dataset.chart);
  place.hidden = false;
  place.dataset.drawn = "1";
  place.style.height = `${heightOf(plan)}px`;
  const chart = globalThis.echarts.init(place, null, { renderer: "canvas" });
  const paint = () => chart.setOption(optionsOf(plan, place.clientWidth), { notMerge: true });
  paint();
  chart.on("click", (mark) => mark.data?.cell?.href && location.assign(mark.data.cell.href));
  drawn.push({ chart, paint });
  new ResizeObserver(() => { chart.resize(); paint(); }).observe(place);
}

// Also those that a page that refreshes itself has put in anew.
function drawAll() {
  for (const place of document.querySelectorAll("[data-chart]:not([data-drawn])")) draw(place);
}

if (globalThis.echarts) {
  drawAll();
  document.body.addEventListener("htmx:afterSettle", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(({ paint }) => paint()));
} else {
  for (const table of document.querySelectorAll(".chart__table")) table.open = true;
}
