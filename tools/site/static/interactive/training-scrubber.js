/* Scrub through a training: the plane as the network sees it after each epoch, and the loss. */
"use strict";

/* The probability that the network of the page gives to a point. */
book.smallNetwork = ([W, b, w, c]) => {
  const [u, v] = W;
  return (x0, x1) => {
    let score = c[0];
    for (let k = 0; k < b.length; k++) score += w[k] / (1 + Math.exp(-x0 * u[k] - x1 * v[k] - b[k]));
    return 1 / (1 + Math.exp(-score));
  };
};

book.crossEntropy = (weights, { X, y }) => {
  const network = book.smallNetwork(weights);
  return X.reduce((sum, [x0, x1], n) => sum - Math.log(y[n] ? network(x0, x1) : 1 - network(x0, x1)), 0) / X.length;
};

const SCRUBBER_TEXTS = {
  title: "Scrub through a training",
  challenge: "find the first epoch after which the thick line, where the network is undecided, is closed.",
};

book.figure("training-scrubber", SCRUBBER_TEXTS, (frame, { weights, hits }) => {
  const [CELLS, REACH, POINTS] = [64, 3.4, 150];
  const VIRIDIS = ["440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725"];
  const stops = VIRIDIS.map((hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  const last = weights.length - 1;
  const losses = weights.map((each) => book.crossEntropy(each, hits));
  const state = { epoch: 0 };

  const map = book.element("canvas", { width: CELLS, height: CELLS, "aria-hidden": "true" });
  const plane = book.shape("svg", { viewBox: "0 0 100 100", role: "img" });
  const points = book.shape("g", { class: "hits" });
  const lines = weights[0][1].map(() => plane.appendChild(book.shape("line", { class: "unit" })));
  const boundary = plane.appendChild(book.shape("path", { class: "boundary" }));
  plane.append(points);
  const { svg: curve, part, size, grid } = frame.panel("loss", "The loss after each epoch", "img");
  const [area, line] = [part("rect", { class: "ground" }), part("path", { class: "line network" })];
  const mark = part("circle", { r: 7, class: "sum network" });

  const across = book.scale([-REACH, REACH], [0, 100]);
  const down = book.scale([-REACH, REACH], [100, 0]);
  const value = (i) => -REACH + ((i + 0.5) / CELLS) * 2 * REACH;

  for (const [n, [x0, x1]] of hits.X.slice(0, POINTS).entries()) {
    const [cx, cy] = [across(x0), down(x1)];
    const triangle = `M${cx - 1.3} ${cy + 1}h2.6l-1.3 -2.4z`;
    points.append(hits.y[n] ? book.shape("path", { d: triangle }) : book.shape("circle", { cx, cy, r: 1.1 }));
  }

  /* Row 0 is the lowest. */
  function field(network) {
    const rows = Array.from({ length: CELLS }, (_, i) => value(i));
    return rows.map((x1) => rows.map((x0) => network(x0, x1)));
  }

  function colour(p) {
    const place = p * (stops.length - 1);
    const i = Math.min(Math.floor(place), stops.length - 2);
    return stops[i].map((channel, k) => channel + (stops[i + 1][k] - channel) * (place - i));
  }

  const shades = Array.from({ length: 256 }, (_, i) => colour(i / 255));

  function paint(values) {
    const context = map.getContext("2d");
    const image = context.createImageData(CELLS, CELLS);
    let place = 0;
    for (let i = CELLS - 1; i >= 0; i--) {
      for (let j = 0; j < CELLS; j++) {
        const [red, green, blue] = shades[Math.round(255 * values[i][j])];
        image.data[place++] = red;
        image.data[place++] = green;
        image.data[place++] = blue;
        image.data[place++] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  }

  /* Where the values cross one half: in each square between four of them a straight line. */
  function contour(values) {
    const between = (a, b) => (0.5 - a) / (b - a);
    const [x, y] = [(j) => across(value(j)), (i) => down(value(i))];
    let d = "";
    for (let i = 0; i < CELLS - 1; i++) {
      for (let j = 0; j < CELLS - 1; j++) {
        const [a, b, c, e] = [values[i][j], values[i][j + 1], values[i + 1][j + 1], values[i + 1][j]];
        if (a > 0.5 === b > 0.5 && b > 0.5 === c > 0.5 && c > 0.5 === e > 0.5) continue;
        const cuts = [];
        if (a > 0.5 !== b > 0.5) cuts.push([x(j + between(a, b)), y(i)]);
        if (b > 0.5 !== c > 0.5) cuts.push([x(j + 1), y(i + between(b, c))]);
        if (e > 0.5 !== c > 0.5) cuts.push([x(j + between(e, c)), y(i + 1)]);
        if (a > 0.5 !== e > 0.5) cuts.push([x(j), y(i + between(a, e))]);
        for (let k = 0; k + 1 < cuts.length; k += 2) {
          d += `M${cuts[k].map((at) => at.toFixed(1))}L${cuts[k + 1].map((at) => at.toFixed(1))}`;
        }
      }
    }
    return d;
  }

  /* The line on which a hidden unit is one half, long enough to leave the picture. */
  function halfPlane([W, b], k) {
    const [u, v] = [W[0][k], W[1][k]];
    const size = Math.hypot(u, v) || 1e-9;
    const foot = [(-b[k] * u) / size ** 2, (-b[k] * v) / size ** 2];
    const ends = [-20, 20].map((t) => [foot[0] - (t * v) / size, foot[1] + (t * u) / size]);
    return { x1: across(ends[0][0]), y1: down(ends[0][1]), x2: across(ends[1][0]), y2: down(ends[1][1]) };
  }

  function isClosed(values) {
    const edge = [values[0], values.at(-1), values.map((row) => row[0]), values.map((row) => row.at(-1))];
    return edge.flat().every((p) => p < 0.5) && values.flat().some((p) => p > 0.5);
  }

  const closed = weights.findIndex((each) => isClosed(field(book.smallNetwork(each))));

  function drawCurve() {
    const [left, right, top, floor] = [40, 12, 22, 170];
    const wide = Math.min(frame.width, frame.isNarrow ? frame.width : frame.width - 320);
    size(wide, floor + 40);
    const x = book.scale([0, last], [left, wide - right]);
    const y = book.scale([0, 0.8], [floor, top]);
    const ticks = [0, 20, 40, 60].filter((at) => at <= last);
    grid.replaceChildren(
      ...book.rows([left, wide - right], [0, 0.2, 0.4, 0.6, 0.8].map((at) => [y(at), at.toFixed(1)])),
      ...ticks.map((at) => book.text({ x: x(at), y: floor + 18, class: "middle" }, `${at}`)),
      book.text({ x: (left + wide - right) / 2, y: floor + 36, class: "middle" }, "epoch"),
      book.text({ x: left, y: 12, class: "name network" }, "loss on the training sample"),
    );
    line.setAttribute("d", book.path(losses, x, (loss) => y(Math.min(loss, 0.85))));
    book.set(mark, { cx: x(state.epoch), cy: y(Math.min(losses[state.epoch], 0.85)) });
    book.set(area, { x: left, y: 0, width: wide - left - right, height: floor });
    return (pixels) => book.clamp(Math.round(((pixels - left) / (wide - left - right)) * last), last);
  }

  let epochAt;

  function render() {
    const now = weights[state.epoch];
    const values = field(book.smallNetwork(now));
    paint(values);
    boundary.setAttribute("d", contour(values));
    lines.forEach((each, k) => book.set(each, halfPlane(now, k)));
    epochAt = drawCurve();
    const shape = isClosed(values) ? "closed around the inner ring" : "not closed";
    const text = `After epoch ${state.epoch} the loss is ${losses[state.epoch].toFixed(3)}; the boundary is ${shape}.`;
    plane.setAttribute("aria-label", `Map of the plane. ${text}`);
    frame.say(text, state.epoch === closed ? "Found: it has just closed." : "");
  }

  book.drag(area, curve, (at) => frame.change({ epoch: epochAt(at) }));

  /* Who wants less motion gets every fifth epoch, and more time to look at each. */
  const { matches: isCalm } = matchMedia("(prefers-reduced-motion: reduce)");
  const { play, stop } = frame.clock(step, isCalm ? 1000 : 120);
  function step() {
    frame.change({ epoch: Math.min(last, state.epoch + (isCalm ? 5 : 1)) });
    if (state.epoch >= last) stop();
  }

  function begin() {
    if (state.epoch >= last) frame.change({ epoch: 0 });
    play();
  }

  const picture = book.element("div", { class: "plane-picture" }, map, plane);
  const parts = [
    frame.slider("Epoch", "epoch", { min: 0, max: last, step: 1, text: (epoch) => `${epoch}`, onchange: stop }),
    frame.buttons("Motion", { Play: begin, Stop: stop }),
    book.element("div", { class: "beside" }, picture, curve),
  ];
  return { state, parts, render };
});
