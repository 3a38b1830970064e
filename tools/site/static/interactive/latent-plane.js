/* The latent plane: a code, the spectrum that the decoder makes of it, and Poisson's dice. */
"use strict";

/* The expected counts that the decoder of the page gives for a code. */
book.decode = ({ hidden, output, mean }, code) => {
  const gelu = (x) => (x * (1 + book.erf(x / Math.SQRT2))) / 2;
  const [W, b] = hidden;
  const [V, c] = output;
  const units = b.map((bias, k) => gelu(bias + code[0] * W[0][k] + code[1] * W[1][k]));
  return c.map((bias, n) => {
    const pull = units.reduce((sum, unit, k) => sum + unit * V[k][n], bias);
    const rate = mean[n] + Math.sqrt(mean[n]) * pull;
    return Math.max(rate, 0) + Math.log1p(Math.exp(-Math.abs(rate)));
  });
};

const LATENT_TEXTS = {
  title: "Drag a code",
  challenge: "the grey points are a measured spectrum. Find its code.",
};

book.figure("latent-plane", LATENT_TEXTS, (frame, data) => {
  const [REACH, TOP, FLOOR] = [3.2, 26, 250];
  const state = { code: [0, 0], seed: 0 };
  const { text } = book;

  const plane = frame.panel("codes", "The plane of codes");
  const area = plane.part("rect", { class: "ground" });
  const knob = plane.part("circle", { r: 9, class: "knob free" });
  const spectrum = frame.panel("spectrum", "The spectrum of the code", "img");
  const measured = spectrum.part("path", { class: "dots" });
  const thrown = spectrum.part("path", { class: "dots rival" });
  const line = spectrum.part("path", { class: "line network" });

  const most = Math.max(...data.counts, 12) * 1.25;
  const bins = data.mean.length;
  const dots = (values, x, y) =>
    values.map((value, n) => `M${x(n).toFixed(1)} ${y(Math.min(value, most)).toFixed(1)}h.01`).join("");

  let codeAt;

  function drawPlane() {
    const wide = Math.min(frame.width, frame.isNarrow ? frame.width : 300);
    const side = Math.min(FLOOR - TOP, wide - 50);
    const x = book.scale([-REACH, REACH], [34, 34 + side]);
    const y = book.scale([-REACH, REACH], [TOP + side, TOP]);
    plane.size(wide, FLOOR + 40);
    const ticks = [-2, 0, 2].flatMap((at) => [
      text({ x: x(at), y: TOP + side + 18, class: "middle" }, book.print(at)),
      text({ x: 26, y: y(at) + 4, class: "end" }, book.print(at)),
    ]);
    const circles = [1, 2].map((radius) => book.shape("circle", { cx: x(0), cy: y(0), r: x(radius) - x(0), class: "prior" }));
    const cloud = data.codes.map(([a, b]) => `M${x(a).toFixed(1)} ${y(b).toFixed(1)}h.01`).join("");
    plane.grid.replaceChildren(
      book.shape("rect", { class: "window", x: 34, y: TOP, width: side, height: side }),
      ...ticks,
      ...circles,
      book.shape("path", { class: "dots cloud", d: cloud }),
      text({ x: 34, y: 14, class: "name" }, "codes; circles: the prior"),
    );
    book.set(area, { x: 34, y: TOP, width: side, height: side });
    const [a, b] = state.code;
    book.set(knob, { cx: x(a), cy: y(b), "aria-valuenow": Math.round(a * 10) });
    knob.setAttribute("aria-valuetext", `code ${book.print(a, 2)}, ${book.print(b, 2)}`);
    codeAt = (across, down) => [((across - 34) / side) * 2 * REACH - REACH, REACH - ((down - TOP) / side) * 2 * REACH];
  }

  function drawSpectrum(rates, counts) {
    const wide = frame.isNarrow ? frame.width : frame.width - 320;
    const x = book.scale([0, bins - 1], [34, wide - 12]);
    const y = book.scale([0, most], [FLOOR, TOP]);
    spectrum.size(wide, FLOOR + 40);
    line.setAttribute("d", book.path(rates.map((rate) => Math.min(rate, most)), x, y));
    measured.setAttribute("d", dots(data.counts, x, y));
    thrown.setAttribute("d", counts ? dots(counts, x, y) : "");
    const step = most > 30 ? 20 : 5;
    const places = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
    spectrum.grid.replaceChildren(
      ...book.rows([x(0), x(bins - 1)], places.map((at) => [y(at), `${at}`])),
      ...[0, 0.2, 0.4, 0.6, 0.8, 1].map((share) =>
        text({ x: x(share * (bins - 1)), y: FLOOR + 18, class: "middle" }, `${Math.round(share * 500)}`),
      ),
      text({ x: x((bins - 1) / 2), y: FLOOR + 36, class: "middle" }, "bin"),
      text({ x: 34, y: 14, class: "name network" }, "expected counts"),
    );
  }

  /* What a spectrum costs under these rates, over what it costs at the best: twice the log-likelihood ratio. */
  function deviance(counts, rates) {
    const term = (count, rate) => (count ? count * Math.log(count / rate) : 0) - count + rate;
    return (2 * counts.reduce((sum, count, n) => sum + term(count, rates[n]), 0)) / counts.length;
  }

  function render() {
    const rates = book.decode(data, state.code);
    const uniform = book.random(state.seed);
    const counts = state.seed ? rates.map((rate) => book.poisson(uniform, rate)) : null;
    drawPlane();
    drawSpectrum(rates, counts);
    const [a, b] = state.code;
    const isFound = Math.hypot(a - data.code[0], b - data.code[1]) < 0.35;
    const dice = counts ? " The dice are those of a spectrum that was never measured." : "";
    frame.say(
      `The code (${book.print(a, 2)}, ${book.print(b, 2)}) means ${book.print(rates.reduce((x, y) => x + y, 0))} counts in these bins. ` +
        `The deviance of the grey ones is ${deviance(data.counts, rates).toFixed(2)} a bin.${dice}`,
      isFound ? `Found: the encoder says (${data.code.map((part) => book.print(part, 2)).join(", ")}).` : "",
    );
  }

  const go = (a, b) => frame.change({ code: [a, b].map((part) => Math.round(book.clamp(part, REACH, -REACH) * 100) / 100) });
  const by = (right, up) => () => go(state.code[0] + right, state.code[1] + up);
  const keys = { ArrowLeft: by(-0.1, 0), ArrowRight: by(0.1, 0), ArrowUp: by(0, 0.1), ArrowDown: by(0, -0.1) };
  book.control(knob, "Code: arrow keys move it in the plane", 32, keys);
  knob.setAttribute("aria-valuemin", -32);
  book.drag(knob, plane.svg, (...place) => go(...codeAt(...place)), { held: true });
  book.drag(area, plane.svg, (...place) => go(...codeAt(...place)));

  function sound(wanted) {
    const isPlace = wanted.code.length === 2;
    wanted.code = isPlace ? wanted.code.map((part) => book.clamp(part, REACH, -REACH)) : [0, 0];
    wanted.seed = Math.round(book.clamp(wanted.seed, 2 ** 31));
  }

  const dice = {
    "Throw Poisson's dice": () => frame.change({ seed: state.seed + 1 }),
    "Expected counts alone": () => frame.change({ seed: 0 }),
  };
  const parts = [book.element("div", { class: "beside" }, plane.svg, spectrum.svg), frame.buttons("Dice", dice)];
  return { state, parts, render, sound };
});
