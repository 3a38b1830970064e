/* The kernel explorer: a trace, a kernel with sliders, and what sliding it gives. */
"use strict";

book.figure("kernel-explorer", (live, content) => {
  const WIDTH = 640;
  const HEIGHT = 150;
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

  const state = {
    trace: [...content.traces[0]],
    kernel: [...PRESETS["First derivative"]],
    mode: "valid",
    kind: "convolution",
    bin: Math.floor(content.traces[0].length / 2),
  };

  const input = plot("The trace", "input");
  const output = plot("The result", "output");
  const weights = book.element("div", { class: "weights" });
  const sentence = book.description();

  function plot(title, name) {
    const svg = book.shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: `plot ${name}` });
    const parts = {
      zero: book.shape("line", { class: "zero" }),
      line: book.shape("path", { class: `line ${name}` }),
      cursor: book.shape("line", { class: "cursor" }),
      low: book.shape("text", { x: 2, class: "tick" }),
      high: book.shape("text", { x: 2, class: "tick" }),
      axis: book.shape("text", { x: WIDTH - MARGIN.right, y: HEIGHT - 3, class: "tick end" }),
    };
    svg.append(...Object.values(parts));
    return { svg, ...parts, title };
  }

  function draw(target, values, offset) {
    const bins = state.trace.length + LONGEST - 1;
    const low = Math.min(0, ...values);
    const high = Math.max(0, ...values);
    const span = high - low || 1;
    const x = (i) =>
      MARGIN.left + ((i + offset + (LONGEST - 1) / 2) / (bins - 1)) * (WIDTH - MARGIN.left - MARGIN.right);
    const y = (value) => HEIGHT - MARGIN.bottom - ((value - low) / span) * (HEIGHT - MARGIN.top - MARGIN.bottom);
    target.line.setAttribute("d", book.path(values, x, y));
    setLine(target.zero, x(-offset), y(0), x(state.trace.length - 1 - offset), y(0));
    target.low.textContent = book.print(low, 1);
    target.low.setAttribute("y", y(low));
    target.high.textContent = book.print(high, 1);
    target.high.setAttribute("y", y(high) + 6);
    target.axis.textContent = `bins ${book.print(offset)} to ${book.print(offset + values.length - 1)}`;
    target.x = x;
    target.y = y;
    target.low.value = low;
    target.span = span;
  }

  function setLine(line, x1, y1, x2, y2) {
    for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value);
  }

  function result() {
    const slide = state.kind === "convolution" ? book.convolve : book.correlate;
    return slide(state.trace, state.kernel, state.mode);
  }

  /* The bin of the trace on which the first value of the output stands. */
  function offset() {
    const half = (state.kernel.length - 1) / 2;
    return { valid: half, same: 0, full: -half }[state.mode];
  }

  function update() {
    const values = result();
    draw(input, state.trace, 0);
    draw(output, values, offset());
    const at = input.x(state.bin);
    setLine(input.cursor, at, MARGIN.top, at, HEIGHT - MARGIN.bottom);
    const largest = values.indexOf(Math.max(...values));
    const smallest = values.indexOf(Math.min(...values));
    input.svg.setAttribute("aria-valuenow", state.bin);
    input.svg.setAttribute("aria-valuetext", `bin ${state.bin}, height ${book.print(state.trace[state.bin], 1)}`);
    output.svg.setAttribute("aria-label", `${output.title}, ${values.length} values`);
    sentence.textContent =
      `${state.trace.length} bins and ${state.kernel.length} weights, mode ${state.mode}: ` +
      `${values.length} values, the first on bin ${book.print(offset())}. ` +
      `Largest ${book.print(values[largest], 2)} on bin ${book.print(largest + offset())}, ` +
      `smallest ${book.print(values[smallest], 2)} on bin ${book.print(smallest + offset())}.`;
  }

  function showWeights() {
    weights.replaceChildren(
      ...state.kernel.map((weight, i) => {
        const options = { min: -2, max: 2, step: 0.05, value: weight, text: (number) => book.print(number, 2) };
        return book.slider(`weight ${i}`, options, (number) => {
          state.kernel[i] = number;
          update();
        }).row;
      }),
    );
  }

  function usePreset(name) {
    state.kernel = [...PRESETS[name]];
    showWeights();
    update();
  }

  /* Draw a trace of one's own: with the pointer, or with the arrow keys. */
  function drawAt(event) {
    const box = input.svg.getBoundingClientRect();
    const across = ((event.clientX - box.left) / box.width) * WIDTH;
    const down = ((event.clientY - box.top) / box.height) * HEIGHT;
    const bins = state.trace.length;
    const bin = Math.round(((across - input.x(0)) / (input.x(bins - 1) - input.x(0))) * (bins - 1));
    state.bin = Math.min(bins - 1, Math.max(0, bin));
    const height = (HEIGHT - MARGIN.bottom - down) / (HEIGHT - MARGIN.top - MARGIN.bottom);
    setHeight(input.low.value + Math.min(1, Math.max(0, height)) * input.span);
  }

  function setHeight(height) {
    state.trace[state.bin] = height;
    update();
  }

  function useKey(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 };
    const lifts = { ArrowUp: 0.5, ArrowDown: -0.5 };
    if (event.key in moves) {
      state.bin = Math.min(state.trace.length - 1, Math.max(0, state.bin + moves[event.key]));
      update();
    } else if (event.key in lifts) setHeight(state.trace[state.bin] + lifts[event.key]);
    else return;
    event.preventDefault();
  }

  Object.entries({
    role: "slider",
    tabindex: 0,
    "aria-label": "Trace: arrow keys left and right choose a bin, up and down change its height",
    "aria-valuemin": 0,
    "aria-valuemax": state.trace.length - 1,
  }).forEach(([name, value]) => input.svg.setAttribute(name, value));
  output.svg.setAttribute("role", "img");
  input.svg.addEventListener("keydown", useKey);
  input.svg.addEventListener("pointerdown", (event) => {
    input.svg.setPointerCapture(event.pointerId);
    drawAt(event);
  });
  input.svg.addEventListener("pointermove", (event) => event.buttons && drawAt(event));

  const traces = Object.fromEntries([
    ...content.traces.map((trace, i) => [String(i), `trace ${i + 1}`]),
    ["step", "a step"],
    ["flat", "flat, to draw on"],
  ]);
  const chosen = {
    step: () => content.traces[0].map((value, i) => (i < 50 ? 0 : 4)),
    flat: () => content.traces[0].map((value, i) => (i === 50 ? 1 : 0)),
  };

  live.append(
    book.choice("Trace", traces, "0", (name) => {
      state.trace = name in chosen ? chosen[name]() : [...content.traces[Number(name)]];
      update();
    }),
    input.svg,
    book.element(
      "div",
      { class: "control", role: "group", "aria-label": "Kernels to begin with" },
      ...Object.keys(PRESETS).map((name) => book.button(name, () => usePreset(name))),
    ),
    weights,
    book.choice("Mode", MODES, state.mode, (mode) => {
      state.mode = mode;
      update();
    }),
    book.choice("Operation", KINDS, state.kind, (kind) => {
      state.kind = kind;
      update();
    }),
    output.svg,
    sentence,
  );
  showWeights();
  update();
});
