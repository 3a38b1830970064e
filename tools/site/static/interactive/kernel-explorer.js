/* The kernel explorer: a trace, a window with its weights that slides over it, and the sums. */
"use strict";

const EXPLORER_TEXTS = {
  title: "Slide a kernel",
  challenge: "find weights whose sums are largest at the pulses, and below 0.2 wherever there is none.",
};

book.figure("kernel-explorer", EXPLORER_TEXTS, (frame, content) => {
  const [LEFT, RIGHT, INPUT, BARS, OUTPUT, GAP] = [40, 10, 130, 90, 130, 26];
  const PRESETS = {
    "First derivative": [0.5, 0, -0.5],
    "Second derivative": [1, -2, 1],
    Smoothing: [0.333, 0.333, 0.333],
    "Wide smoothing": [0.2, 0.2, 0.2, 0.2, 0.2],
  };
  const LONGEST = 5;
  const MODES = { valid: "valid", same: "same", full: "full" };
  const KINDS = { convolution: "convolution (kernel turned round)", correlation: "cross-correlation (as a layer does)" };
  const bins = content.traces[0].length;
  const TRACES = {
    ...content.traces,
    step: Array.from({ length: bins }, (_, i) => (i < 50 ? 0 : 4)),
    flat: Array.from({ length: bins }, () => 0),
  };
  const NAMES = { 0: "trace 1", 1: "trace 2", 2: "trace 3", step: "a step", flat: "flat, to draw on" };
  const [TOP, DEEP] = [10, -5];

  const state = {
    from: "0",
    trace: [...TRACES[0]],
    kernel: [...PRESETS["First derivative"]],
    mode: "valid",
    kind: "convolution",
    bin: Math.floor(bins / 2),
    at: 30,
  };

  const { svg: drawing, part, grid } = frame.panel("explorer", "The trace, the window with its weights and products, and the result, on one axis");
  const input = part("rect", { class: "ground" });
  const span = part("rect", { class: "window" });
  const line = part("path", { class: "line trace-0" });
  const cursor = part("line", { class: "cursor" });
  const bars = part("g", {});
  const result = part("path", { class: "line network" });
  const sum = part("circle", { r: 5, class: "sum network" });
  const grip = part("rect", { class: "grip", rx: 5 });
  const products = book.element("p", { class: "products" });

  /* The bins of trace and result stand one above the other, with room for the longest result. */
  const room = (LONGEST - 1) / 2;
  const x = (bin) => LEFT + ((bin + room) / (bins + LONGEST - 2)) * (frame.width - LEFT - RIGHT);
  const binAt = (across) => Math.round(((across - LEFT) / (frame.width - LEFT - RIGHT)) * (bins + LONGEST - 2) - room);
  const y = book.scale([DEEP, TOP], [INPUT - 6, 8]);
  const middle = INPUT + GAP + BARS / 2;
  const weightHeight = (weight) => (weight * (BARS - 14)) / 4;
  const last = INPUT + GAP + BARS + GAP + OUTPUT;

  /* How the weights lie on the trace: a convolution turns them round. */
  const laid = () => (state.kind === "convolution" ? [...state.kernel].reverse() : state.kernel);
  const half = () => (state.kernel.length - 1) / 2;

  /* The bin of the trace on which the first value of the result stands. */
  const offset = () => ({ valid: half(), same: 0, full: -half() })[state.mode];

  function bounds() {
    return [Math.ceil(offset()), Math.floor(bins - 1 - offset())];
  }

  /* One scale for each kernel: what the tallest of the book's pulses can give; not that of the hand. */
  function outputScale() {
    const size = state.kernel.reduce((total, weight) => total + Math.abs(weight), 0);
    const most = [1, 2, 4, 8, 16, 32].find((each) => each >= 3 * size) ?? 100;
    return [most, book.scale([-most, most], [last - 6, last - OUTPUT + 8])];
  }

  function drawGrid(most, height) {
    const { text } = book;
    const rows = [-4, 0, 4, 8].map((at) => [y(at), book.print(at)]);
    const sums = [-most, 0, most].map((at) => [height(at), book.print(at)]);
    const ticks = [0, 20, 40, 60, 80, 99].map((at) => text({ x: x(at), y: last + 16, class: "middle" }, `${at}`));
    grid.replaceChildren(
      ...book.rows([LEFT, frame.width - RIGHT], [...rows, ...sums]),
      book.shape("line", { class: "zero", x1: LEFT, x2: frame.width - RIGHT, y1: middle, y2: middle }),
      text({ x: LEFT + 4, y: 14, class: "name trace-0" }, "trace"),
      text({ x: LEFT + 4, y: INPUT + GAP - 2, class: "name" }, "weights"),
      text({ x: LEFT + 4, y: last - OUTPUT - 2, class: "name network" }, "result: the sum of the products"),
      ...ticks,
      text({ x: frame.width / 2, y: last + 32, class: "middle" }, "time bin"),
    );
    drawing.size(last + 38);
  }

  /* The bars stand wide apart below the window, since a bin is as narrow as a hair. */
  function drawBars() {
    const weights = laid();
    const wide = Math.min(46, (frame.width - LEFT - RIGHT) / 8);
    const whole = wide * weights.length;
    const left = book.clamp(x(state.at) - whole / 2, frame.width - RIGHT - whole, LEFT);
    if (bars.childElementCount !== 3 * weights.length + 1) {
      const lines = [book.shape("path", { class: "fan" })];
      bars.replaceChildren(...lines, ...weights.flatMap((_, i) => bar(i)));
    }
    const [fan, ...rest] = bars.children;
    const near = [x(state.at - half() - 0.5), x(state.at + half() + 0.5)];
    const [above, below] = [INPUT, INPUT + GAP + 4];
    fan.setAttribute("d", `M${near[0]} ${above}L${left} ${below}M${near[1]} ${above}L${left + whole} ${below}`);
    weights.forEach((weight, i) => {
      const [shown, number, handle] = rest.slice(3 * i);
      const high = Math.max(3, Math.abs(weightHeight(weight)));
      const top = weight < 0 ? middle : middle - high;
      book.set(shown, { x: left + i * wide + 4, y: top, width: wide - 8, height: high });
      shown.classList.toggle("negative", weight < 0);
      book.set(number, { x: left + (i + 0.5) * wide, y: weight < 0 ? middle - 5 : middle + 14 });
      number.textContent = book.print(weight, 2);
      book.set(handle, {
        ...{ x: left + i * wide, y: middle - weightHeight(weight) - 18, width: wide, height: 36 },
        "aria-valuenow": Math.round(weight * 100),
        "aria-valuetext": book.print(weight, 2),
      });
    });
  }

  function setWeight(i, weight) {
    const place = state.kind === "convolution" ? state.kernel.length - 1 - i : i;
    const kernel = [...state.kernel];
    kernel[place] = Math.round(book.clamp(weight, 2, -2) * 20) / 20;
    frame.change({ kernel });
  }

  function bar(i) {
    const shown = book.shape("rect", { class: "bar" });
    const number = book.shape("text", { class: "middle" });
    const handle = book.shape("rect", { class: "handle" });
    const by = (step) => () => setWeight(i, laid()[i] + step);
    const keys = { ArrowUp: by(0.05), ArrowRight: by(0.05), ArrowDown: by(-0.05), ArrowLeft: by(-0.05) };
    book.control(handle, `Weight on bin ${i + 1} of the window`, 200, { ...keys, PageUp: by(0.5), PageDown: by(-0.5) });
    handle.setAttribute("aria-valuemin", -200);
    book.drag(handle, drawing, (_, down) => setWeight(i, ((middle - down) * 4) / (BARS - 14)), { held: true });
    return [shown, number, handle];
  }

  function render() {
    const turned = [...laid()].reverse();
    const values = book.convolve(state.trace, turned, state.mode);
    const [first, end] = bounds();
    state.at = book.clamp(state.at, end, first);
    const [most, height] = outputScale();
    drawGrid(most, height);
    book.set(input, { x: LEFT, y: 0, width: frame.width - LEFT - RIGHT, height: INPUT });
    line.setAttribute("d", book.path(state.trace, x, y));
    const wide = x(state.kernel.length) - x(0);
    book.set(span, { x: x(state.at) - wide / 2, y: 2, width: wide, height: INPUT - 2 });
    book.set(grip, { x: x(state.at) - 15, y: INPUT - 10, width: 30, height: 18, "aria-valuenow": state.at });
    drawBars();
    const inside = (value) => height(book.clamp(value, most, -most));
    result.setAttribute("d", book.path(values, (i) => x(i + offset()), inside));
    const here = values[Math.round(state.at - offset())] ?? 0;
    book.set(sum, { cx: x(state.at), cy: inside(here) });
    grip.setAttribute("aria-valuetext", `bin ${state.at}, sum of the products ${book.print(here, 2)}`);
    book.set(cursor, { x1: x(state.bin), x2: x(state.bin), y1: 4, y2: INPUT });
    book.set(input, {
      "aria-valuenow": state.bin,
      "aria-valuetext": `bin ${state.bin}, height ${book.print(state.trace[state.bin], 1)}`,
    });
    tell(values, here);
  }

  /* The tops of the pulses: where the trace has a maximum and bends more than any background. */
  function tops() {
    const bend = (i) => 2 * state.trace[i] - state.trace[i - 1] - state.trace[i + 1];
    const isTop = (value, i, all) => value >= all[i - 1] && value > all[i + 1] && bend(i) > 0.3;
    return state.trace.flatMap((value, i, all) => (isTop(value, i, all) ? [i] : []));
  }

  function isFound(values) {
    const distance = (i) => Math.min(...tops().map((top) => Math.abs(top - i - offset())));
    const most = Math.max(...values);
    return most > 0.5 && distance(values.indexOf(most)) <= 1 && values.every((value, i) => value < 0.2 || distance(i) < 8);
  }

  function tell(values, here) {
    const terms = laid().map((weight, i) => {
      const value = state.trace[state.at - half() + i] ?? 0;
      return `${book.print(weight, 2)} × ${book.print(value, 1)}`.replace(/× −(.*)$/, "× (−$1)");
    });
    products.textContent = `Window on bin ${state.at}: ${terms.join(" + ")} = ${book.print(here, 2)}`;
    const stands = (value) => `${book.print(value, 2)} on bin ${book.print(values.indexOf(value) + offset())}`;
    frame.say(
      `${bins} bins and ${state.kernel.length} weights, mode ${state.mode}: ` +
        `${values.length} values, the first on bin ${book.print(offset())}. ` +
        `Largest ${stands(Math.max(...values))}, smallest ${stands(Math.min(...values))}.`,
      isFound(values) ? "Found!" : "",
    );
  }

  /* Draw a trace of one's own. A quick hand skips bins, which are filled with a straight line. */
  let drawn;
  function drawAt(across, down, isFirst) {
    const bin = book.clamp(binAt(across), bins - 1);
    const value = Math.round(book.clamp(DEEP + ((INPUT - 6 - down) / (INPUT - 14)) * (TOP - DEEP), TOP, DEEP) * 100) / 100;
    const [from, before] = isFirst ? [bin, value] : drawn;
    const trace = [...state.trace];
    const count = Math.abs(bin - from);
    for (let i = 0; i <= count; i++) {
      const share = count ? i / count : 1;
      trace[Math.round(from + (bin - from) * share)] = Math.round((before + (value - before) * share) * 100) / 100;
    }
    drawn = [bin, value];
    frame.change({ trace, bin });
  }

  const setHeight = (change) => () => {
    const trace = [...state.trace];
    trace[state.bin] = Math.round(book.clamp(trace[state.bin] + change, TOP, DEEP) * 100) / 100;
    frame.change({ trace });
  };
  const walk = book.steps(() => state.bin, (bin) => frame.change({ bin }), bins - 1);
  const name = "Trace: arrow keys left and right choose a bin, up and down change its height";
  book.control(input, name, bins - 1, { ...walk, ArrowUp: setHeight(0.5), ArrowDown: setHeight(-0.5) });
  book.drag(input, drawing, drawAt);

  const slide = (at) => frame.change({ at: book.clamp(at, bounds()[1], bounds()[0]) });
  book.control(grip, "Window: arrow keys slide it", bins - 1, book.steps(() => state.at, slide, bins + 1));
  book.drag(grip, drawing, (across) => slide(binAt(across)), { held: true });

  /* A trace of the list replaces what was drawn. */
  const source = frame.choice("Trace", NAMES, "from");
  source.addEventListener("change", () => frame.change({ trace: [...TRACES[state.from]] }));

  function sound(wanted) {
    if (wanted.trace.length !== bins) wanted.trace = [...TRACES[wanted.from]];
    if (![3, 5].includes(wanted.kernel.length)) wanted.kernel = [...PRESETS["First derivative"]];
    wanted.kernel = wanted.kernel.map((weight) => book.clamp(weight, 2, -2));
    wanted.bin = Math.round(book.clamp(wanted.bin, bins - 1));
    wanted.at = Math.round(book.clamp(wanted.at, bins - 1));
  }

  const presets = Object.entries(PRESETS).map(([title, kernel]) => [title, () => frame.change({ kernel: [...kernel] })]);
  const parts = [
    source,
    drawing,
    products,
    frame.buttons("Kernels to begin with", Object.fromEntries(presets)),
    frame.choice("Mode", MODES, "mode"),
    frame.choice("Operation", KINDS, "kind"),
  ];
  return { state, parts, render, sound };
});
