/* The kernel explorer: a trace, a kernel with sliders, and what sliding it gives. */
"use strict";

book.figure("kernel-explorer", (live, content) => {
  const [WIDTH, HEIGHT] = [640, 150];
  const MARGIN = { left: 34, right: 8, top: 10, bottom: 18 };
  const PRESETS = {
    "First derivative": [0.5, 0, -0.5],
    "Second derivative": [1, -2, 1],
    Smoothing: [1 / 3, 1 / 3, 1 / 3],
    "Wide smoothing": [0.2, 0.2, 0.2, 0.2, 0.2],
  };
  const LONGEST = 5;
  const MODES = { valid: "valid", same: "same", full: "full" };
  const KINDS = { convolution: "convolution (kernel turned round)", correlation: "cross-correlation (as a layer does)" };
  const bins = content.traces[0].length;
  const TRACES = {
    ...content.traces,
    step: Array.from({ length: bins }, (_, i) => (i < 50 ? 0 : 4)),
    flat: Array.from({ length: bins }, (_, i) => (i === 50 ? 1 : 0)),
  };
  const NAMES = { 0: "trace 1", 1: "trace 2", 2: "trace 3", step: "a step", flat: "flat, to draw on" };

  const state = { from: "0", kernel: [], mode: "valid", kind: "convolution", bin: Math.floor(bins / 2) };
  let trace = [...TRACES[state.from]];
  const input = plot("input");
  const output = plot("output");
  const weights = book.element("div", { class: "weights" });
  const sentence = book.description();

  function plot(name) {
    const parts = {
      zero: book.shape("line", { class: "zero" }),
      line: book.shape("path", { class: `line ${name}` }),
      cursor: book.shape("line", { class: "cursor" }),
      low: book.shape("text", { x: 2, class: "tick" }),
      high: book.shape("text", { x: 2, class: "tick" }),
      axis: book.shape("text", { x: WIDTH - MARGIN.right, y: HEIGHT - 3, class: "tick end" }),
    };
    const svg = book.shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: `plot ${name}` });
    svg.append(...Object.values(parts));
    return { svg, ...parts };
  }

  /* The bins of both plots stand one above the other, with room for the longest result. */
  const WIDE = WIDTH - MARGIN.left - MARGIN.right;
  const HIGH = HEIGHT - MARGIN.top - MARGIN.bottom;
  const x = (bin) => MARGIN.left + ((bin + (LONGEST - 1) / 2) / (bins + LONGEST - 2)) * WIDE;

  function draw(target, values, offset) {
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
    const span = high - low || 1;
    const y = (value) => HEIGHT - MARGIN.bottom - ((value - low) / span) * HIGH;
    target.line.setAttribute("d", book.path(values, (i) => x(i + offset), y));
    book.set(target.zero, { x1: x(0), y1: y(0), x2: x(bins - 1), y2: y(0) });
    book.set(target.low, { y: y(low) }).textContent = book.print(low, 1);
    book.set(target.high, { y: y(high) + 6 }).textContent = book.print(high, 1);
    target.axis.textContent = `bins ${book.print(offset)} to ${book.print(offset + values.length - 1)}`;
    return { low, span };
  }

  /* The bin of the trace on which the first value of the output stands. */
  function offset() {
    const half = (state.kernel.length - 1) / 2;
    return { valid: half, same: 0, full: -half }[state.mode];
  }

  let scale;

  function update() {
    const turned = state.kind === "convolution" ? state.kernel : [...state.kernel].reverse();
    const values = book.convolve(trace, turned, state.mode);
    scale = draw(input, trace, 0);
    draw(output, values, offset());
    const at = x(state.bin);
    book.set(input.cursor, { x1: at, y1: MARGIN.top, x2: at, y2: HEIGHT - MARGIN.bottom });
    book.set(input.svg, {
      "aria-valuenow": state.bin,
      "aria-valuetext": `bin ${state.bin}, height ${book.print(trace[state.bin], 1)}`,
    });
    book.set(output.svg, { role: "img", "aria-label": `The result, ${values.length} values` });
    const stands = (value) => `${book.print(value, 2)} on bin ${book.print(values.indexOf(value) + offset())}`;
    sentence.textContent =
      `${bins} bins and ${state.kernel.length} weights, mode ${state.mode}: ` +
      `${values.length} values, the first on bin ${book.print(offset())}. ` +
      `Largest ${stands(Math.max(...values))}, smallest ${stands(Math.min(...values))}.`;
  }

  function useKernel(kernel) {
    state.kernel = [...kernel];
    const options = { min: -2, max: 2, step: 0.05, text: (number) => book.print(number, 2) };
    const sliders = kernel.map((value, i) =>
      book.slider(`weight ${i}`, { ...options, value }, (number) => {
        state.kernel[i] = number;
        update();
      }),
    );
    weights.replaceChildren(...sliders);
    update();
  }

  /* Draw a trace of one's own: with the pointer, or with the arrow keys. */
  function drawAt(across, down) {
    moveTo(Math.round(((across * WIDTH - x(0)) / (x(bins - 1) - x(0))) * (bins - 1)));
    const height = book.clamp((HEIGHT - MARGIN.bottom - down * HEIGHT) / HIGH, 1);
    setHeight(scale.low + height * scale.span);
  }

  function moveTo(bin) {
    state.bin = book.clamp(bin, bins - 1);
    update();
  }

  function setHeight(height) {
    trace[state.bin] = height;
    update();
  }

  const keys = {
    ArrowLeft: () => moveTo(state.bin - 1),
    ArrowRight: () => moveTo(state.bin + 1),
    PageDown: () => moveTo(state.bin - 10),
    PageUp: () => moveTo(state.bin + 10),
    ArrowUp: () => setHeight(trace[state.bin] + 0.5),
    ArrowDown: () => setHeight(trace[state.bin] - 0.5),
  };
  const name = "Trace: arrow keys left and right choose a bin, up and down change its height";
  book.control(input.svg, name, bins - 1, keys);
  book.drag(input.svg, input.svg, drawAt);

  const takeTrace = () => {
    trace = [...TRACES[state.from]];
    update();
  };
  const presets = Object.entries(PRESETS).map(([name, kernel]) => [name, () => useKernel(kernel)]);
  live.append(
    book.choice("Trace", NAMES, state, "from", takeTrace),
    input.svg,
    book.buttons("Kernels to begin with", Object.fromEntries(presets)),
    weights,
    book.choice("Mode", MODES, state, "mode", update),
    book.choice("Operation", KINDS, state, "kind", update),
    output.svg,
    sentence,
  );
  useKernel(PRESETS["First derivative"]);
});
