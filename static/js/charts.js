/* The exact values of a chart at the pointer, or step by step with the arrow keys. They are read from the table behind
   “Show as table”, which has them without any script. */

const BOX = 1000;

const nearest = (marks, x) => marks.reduce((best, mark, at) => (Math.abs(mark - x) < Math.abs(marks[best] - x) ? at : best), 0);

function valuesAt(figure, at) {
  const heads = [...figure.querySelectorAll(".as-table thead th")].slice(1);
  const row = figure.querySelectorAll(".as-table tbody tr")[at];
  if (!row) return null;
  return [row.cells[0].textContent, heads.map((head, place) => [head.textContent, row.cells[place + 1].textContent])];
}

function tipOf(figure) {
  const made = document.createElement("div");
  made.className = "chart-tip";
  made.setAttribute("role", "status");
  return figure.querySelector(".chart-tip") ?? figure.appendChild(made);
}

function fill(tip, [name, values]) {
  const lines = values.map(([words, value]) => {
    const line = document.createElement("span");
    line.append(Object.assign(document.createElement("i"), { textContent: words }), ` ${value}`);
    return line;
  });
  tip.replaceChildren(Object.assign(document.createElement("b"), { textContent: name }), ...lines);
}

function show(chart, at) {
  const figure = chart.closest(".graph");
  const known = valuesAt(figure, at);
  if (!known) return;
  const marks = marksOf(chart);
  const inner = chart.querySelector(".chart-b > svg");
  const tip = tipOf(figure);
  chart.querySelector(".cross").setAttribute("d", `M${marks[at]} 0v${inner.viewBox.baseVal.height}`);
  chart.dataset.at = at;
  tip.hidden = false;
  fill(tip, known);
  const box = chart.querySelector(".chart-b").getBoundingClientRect();
  const frame = figure.getBoundingClientRect();
  const x = box.left - frame.left + (marks[at] / BOX) * box.width;
  const beside = x + 10 + tip.offsetWidth > frame.width ? x - 10 - tip.offsetWidth : x + 10;
  tip.style.left = `${Math.max(0, beside)}px`;
}

function hide(chart) {
  chart.querySelector(".cross")?.setAttribute("d", "");
  delete chart.dataset.at;
  const tip = chart.closest(".graph").querySelector(".chart-tip");
  if (tip) tip.hidden = true;
}

const marksOf = (chart) => chart.dataset.marks.split(" ").map(Number);
const chartOf = ({ target }) => target.closest?.(".chart-d[data-marks]");

document.addEventListener("pointermove", (event) => {
  const chart = chartOf(event);
  if (!chart) return;
  const box = chart.querySelector(".chart-b").getBoundingClientRect();
  show(chart, nearest(marksOf(chart), ((event.clientX - box.left) / box.width) * BOX));
});

document.addEventListener("pointerout", (event) => {
  const chart = chartOf(event);
  if (chart && !chart.contains(event.relatedTarget)) hide(chart);
});

document.addEventListener("focusout", (event) => {
  const chart = chartOf(event);
  if (chart) hide(chart);
});

document.addEventListener("keydown", (event) => {
  const chart = chartOf(event);
  if (!chart || event.altKey || event.ctrlKey || event.metaKey) return;
  const last = marksOf(chart).length - 1;
  const at = "at" in chart.dataset ? Number(chart.dataset.at) : -1;
  const ways = { ArrowRight: Math.min(last, at + 1), ArrowLeft: Math.max(0, at - 1), Home: 0, End: last };
  if (event.key === "Escape") hide(chart);
  else if (event.key in ways) show(chart, ways[event.key]);
  else return;
  event.preventDefault();
});

const reachable = () =>
  document.querySelectorAll(".graph:has(.as-table) .chart-d:not([tabindex])").forEach((chart) => (chart.tabIndex = 0));

document.addEventListener("htmx:afterSettle", reachable);
reachable();

/* Where the tabs of the reports do not all fit, the one that is shown is in sight. */
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
