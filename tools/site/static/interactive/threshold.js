/* Move a threshold: what it selects, its purity and efficiency, its place on the ROC curve. */
"use strict";

/* Purity, efficiency, accuracy and selected background of `p > threshold`, for a threshold on the
   edge of a bin; `weight` says how many hits of the outer ring each of those counted stands for. */
book.selection = ({ inner, outer }, edge, weight = 1) => {
  const above = (counts) => counts.slice(edge).reduce((sum, count) => sum + count, 0);
  const [all, background] = [inner, outer].map((counts) => counts.reduce((sum, count) => sum + count, 0));
  const [hits, wrong] = [above(inner), above(outer)];
  const right = hits + weight * (background - wrong);
  return {
    hits,
    wrong: weight * wrong,
    purity: hits + wrong ? hits / (hits + weight * wrong) : 1,
    efficiency: hits / all,
    accuracy: right / (all + weight * background),
    background: wrong / background,
  };
};

const THRESHOLD_TEXTS = {
  title: "Move the threshold",
  challenge: "set the background to ten times what it was. Find a threshold with a purity of 70 % that keeps half of the inner ring.",
};

book.figure("threshold", THRESHOLD_TEXTS, (frame, counts) => {
  const [COARSE, TOP, FLOOR] = [5, 24, 210];
  const bins = counts.inner.length;
  const state = { edge: bins / 2, weight: 1 };
  const { text } = book;

  /* Bars of the two rings in coarse bins; their roots are drawn, or the small ones could not be seen. */
  const coarse = (values) =>
    Array.from({ length: bins / COARSE }, (_, i) => values.slice(i * COARSE, (i + 1) * COARSE).reduce((a, b) => a + b, 0));
  const bars = { outer: coarse(counts.outer), inner: coarse(counts.inner) };
  const most = Math.max(...bars.outer, ...bars.inner);

  const shares = frame.panel("shares", "How many hits have which probability");
  const area = shares.part("rect", { class: "ground" });
  const chosen = shares.part("rect", { class: "window" });
  const outlines = { outer: shares.part("path", { class: "line trace-1" }), inner: shares.part("path", { class: "line trace-0" }) };
  const line = shares.part("line", { class: "limit" });
  const knob = shares.part("circle", { r: 9, class: "knob" });
  const roc = frame.panel("roc", "ROC curve", "img");
  const curve = roc.part("path", { class: "line network" });
  const mark = roc.part("circle", { r: 7, class: "sum network" });
  const table = book.element("p", { class: "products" });

  function drawShares() {
    const wide = frame.half;
    const x = book.scale([0, 1], [12, wide - 12]);
    const y = book.scale([0, Math.sqrt(most)], [FLOOR, TOP]);
    shares.size(wide, FLOOR + 40);
    const at = state.edge / bins;
    for (const [name, values] of Object.entries(bars)) {
      const root = (value) => y(Math.sqrt(value)).toFixed(1);
      const step = (value, i) => `L${x(i / values.length).toFixed(1)} ${root(value)}H${x((i + 1) / values.length).toFixed(1)}`;
      outlines[name].setAttribute("d", `M${x(0)} ${y(0)}${values.map(step).join("")}V${y(0)}`);
    }
    book.set(area, { x: 0, y: 0, width: wide, height: FLOOR + 10 });
    book.set(chosen, { x: x(at), y: TOP - 6, width: x(1) - x(at), height: FLOOR - TOP + 6 });
    book.set(line, { x1: x(at), x2: x(at), y1: TOP - 6, y2: FLOOR });
    book.set(knob, { cx: x(at), cy: FLOOR, "aria-valuenow": state.edge, "aria-valuetext": at.toFixed(3) });
    shares.grid.replaceChildren(
      book.shape("line", { class: "zero", x1: x(0), x2: x(1), y1: FLOOR, y2: FLOOR }),
      ...[0, 0.5, 1].map((each) => text({ x: x(each), y: FLOOR + 22, class: "middle" }, `${each}`)),
      text({ x: x(0.5), y: FLOOR + 38, class: "middle" }, "probability p"),
      text({ x: x(0), y: 12, class: "name trace-1" }, "outer ring"),
      text({ x: x(1), y: 12, class: "name trace-0 end" }, "inner ring"),
    );
    return (pixels) => Math.round(book.clamp((pixels - 12) / (wide - 24), 1) * bins);
  }

  const points = Array.from({ length: bins + 1 }, (_, edge) => book.selection(counts, edge));

  function drawCurve() {
    const wide = frame.half;
    const x = book.scale([0, 1], [48, wide - 12]);
    const y = book.scale([0, 1], [FLOOR, TOP]);
    roc.size(wide, FLOOR + 40);
    curve.setAttribute("d", book.path(points.map(({ efficiency }) => efficiency), (i) => x(points[i].background), y));
    const { background, efficiency } = points[state.edge];
    book.set(mark, { cx: x(background), cy: y(efficiency) });
    const shares = [0, 0.5, 1];
    const rows = book.rows([x(0), x(1)], shares.map((each) => [y(each), `${each * 100} %`]));
    const labels = [
      ...shares.map((each) => text({ x: x(each), y: FLOOR + 18, class: "middle" }, `${each * 100} %`)),
      text({ x: x(0.5), y: FLOOR + 36, class: "middle" }, "background selected"),
      text({ x: x(0), y: 12, class: "name" }, "efficiency"),
    ];
    roc.grid.replaceChildren(...rows, ...labels, book.shape("line", { class: "zero", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }));
  }

  let edgeAt;

  function render() {
    edgeAt = drawShares();
    drawCurve();
    const { hits, wrong, purity, efficiency, accuracy } = book.selection(counts, state.edge, state.weight);
    const percent = (share) => `${(100 * share).toFixed(1)} %`;
    table.textContent = `Purity ${percent(purity)} · efficiency ${percent(efficiency)} · accuracy ${percent(accuracy)}`;
    const won = state.weight === 10 && efficiency >= 0.5 && purity >= 0.7;
    frame.say(
      `A threshold of ${(state.edge / bins).toFixed(3)} selects ${hits.toLocaleString("en-GB")} hits of the inner ring ` +
        `and ${Math.round(wrong).toLocaleString("en-GB")} of the outer one.`,
      won ? `Found, at an efficiency of ${percent(efficiency)}. The ROC curve did not move.` : "",
    );
  }

  const go = (edge) => frame.change({ edge });
  book.control(knob, "Threshold: arrow keys move it", bins, book.steps(() => state.edge, go, bins));
  book.drag(knob, shares.svg, (across) => go(edgeAt(across)), { held: true });
  book.drag(area, shares.svg, (across) => go(edgeAt(across)));

  function sound(wanted) {
    wanted.edge = Math.round(book.clamp(wanted.edge, bins));
  }

  const parts = [
    book.element("div", { class: "beside" }, shares.svg, roc.svg),
    table,
    frame.slider("Background", "weight", { min: 1, max: 20, step: 1, text: (weight) => `× ${weight}` }),
  ];
  return { state, parts, render, sound };
});
