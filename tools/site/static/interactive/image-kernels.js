/* Image kernels: a small black-and-white picture, nine weights, stride and padding. */
"use strict";

book.figure("image-kernels", (live, content) => {
  const CELL = 10;
  const PRESETS = {
    Identity: [0, 0, 0, 0, 1, 0, 0, 0, 0],
    Blur: [1, 1, 1, 1, 1, 1, 1, 1, 1].map((weight) => weight / 9),
    Sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
    "Vertical edges": [-1, 0, 1, -1, 0, 1, -1, 0, 1],
    "All edges": [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  };
  const PADDINGS = { valid: "valid (none)", same: "same (zeros around)" };

  const size = content.image.length;
  const state = {
    image: content.image.map((row) => [...row]),
    kernel: [...PRESETS["Vertical edges"]],
    stride: 1,
    padding: "valid",
    row: Math.floor(size / 2),
    column: Math.floor(size / 2),
  };

  const before = picture("picture");
  const after = picture("result");
  const sentence = book.description();
  const fields = state.kernel.map((weight, i) =>
    book.element("input", {
      type: "number",
      step: 0.1,
      "aria-label": `weight in row ${Math.floor(i / 3) + 1}, column ${(i % 3) + 1}`,
      oninput: (event) => {
        state.kernel[i] = Number(event.target.value);
        update();
      },
    }),
  );

  function picture(name) {
    return book.element("canvas", { class: name, role: "img" });
  }

  /* Zeros before the first row: TensorFlow puts the odd one out at the end. */
  function zerosBefore() {
    if (state.padding === "valid") return 0;
    return Math.floor(Math.max(0, (outputSize() - 1) * state.stride + 3 - size) / 2);
  }

  function outputSize() {
    return state.padding === "same" ? Math.ceil(size / state.stride) : Math.floor((size - 3) / state.stride) + 1;
  }

  function pixel(row, column) {
    return state.image[row]?.[column] ?? 0;
  }

  function result() {
    const start = -zerosBefore();
    const steps = [...Array(outputSize()).keys()];
    const weighted = (row, column) =>
      state.kernel.reduce((sum, weight, i) => sum + weight * pixel(row + Math.floor(i / 3), column + (i % 3)), 0);
    return steps.map((i) => steps.map((j) => weighted(start + i * state.stride, start + j * state.stride)));
  }

  function paint(canvas, values, signed) {
    const scale = Math.max(...values.flat().map(Math.abs), 1e-9);
    canvas.width = values[0].length * CELL;
    canvas.height = values.length * CELL;
    const context = canvas.getContext("2d");
    values.forEach((row, i) =>
      row.forEach((value, j) => {
        context.fillStyle = signed ? diverging(value / scale) : grey(value);
        context.fillRect(j * CELL, i * CELL, CELL, CELL);
      }),
    );
  }

  function grey(value) {
    const level = Math.round(255 * value);
    return `rgb(${level} ${level} ${level})`;
  }

  /* Blue for negative, white for zero, vermillion for positive: safe for colour-blind eyes. */
  function diverging(value) {
    const end = value < 0 ? [0, 114, 178] : [213, 94, 0];
    const mix = end.map((part) => Math.round(255 + (part - 255) * Math.abs(value)));
    return `rgb(${mix.join(" ")})`;
  }

  function update() {
    const values = result();
    const flat = values.flat();
    paint(before, state.image, false);
    markCursor();
    paint(after, values, true);
    const pad = state.padding === "same" ? "same" : "valid";
    const formula =
      state.padding === "same"
        ? `⌈N / s⌉ = ⌈${size} / ${state.stride}⌉ = ${outputSize()}`
        : `⌊(N − K) / s⌋ + 1 = ⌊(${size} − 3) / ${state.stride}⌋ + 1 = ${outputSize()}`;
    after.setAttribute("aria-label", `Result, ${outputSize()} by ${outputSize()} values`);
    sentence.textContent =
      `Padding ${pad}: ${formula}. The result has ${outputSize()} × ${outputSize()} values ` +
      `from ${book.print(Math.min(...flat), 2)} (blue) to ${book.print(Math.max(...flat), 2)} (orange).`;
  }

  function markCursor() {
    const context = before.getContext("2d");
    context.strokeStyle = "#D55E00";
    context.lineWidth = 2;
    context.strokeRect(state.column * CELL + 1, state.row * CELL + 1, CELL - 2, CELL - 2);
    const colour = pixel(state.row, state.column) ? "white" : "black";
    before.setAttribute(
      "aria-valuetext",
      `row ${state.row + 1}, column ${state.column + 1}, ${colour}`,
    );
    before.setAttribute("aria-valuenow", state.row * size + state.column);
  }

  function flip() {
    state.image[state.row][state.column] = 1 - pixel(state.row, state.column);
    update();
  }

  function useKey(event) {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (event.key in moves) {
      const [down, across] = moves[event.key];
      state.row = Math.min(size - 1, Math.max(0, state.row + down));
      state.column = Math.min(size - 1, Math.max(0, state.column + across));
      update();
    } else if (event.key === " " || event.key === "Enter") flip();
    else return;
    event.preventDefault();
  }

  function showKernel() {
    fields.forEach((field, i) => (field.value = Number(state.kernel[i].toFixed(3))));
  }

  Object.entries({
    role: "slider",
    tabindex: 0,
    "aria-label": "Picture: arrow keys choose a pixel, space turns it from black to white and back",
    "aria-valuemin": 0,
    "aria-valuemax": size * size - 1,
  }).forEach(([name, value]) => before.setAttribute(name, value));
  before.addEventListener("keydown", useKey);
  before.addEventListener("pointerdown", (event) => {
    const box = before.getBoundingClientRect();
    state.row = Math.floor(((event.clientY - box.top) / box.height) * size);
    state.column = Math.floor(((event.clientX - box.left) / box.width) * size);
    flip();
  });

  live.append(
    book.element(
      "div",
      { class: "control", role: "group", "aria-label": "Kernels to begin with" },
      ...Object.keys(PRESETS).map((name) =>
        book.button(name, () => {
          state.kernel = [...PRESETS[name]];
          showKernel();
          update();
        }),
      ),
    ),
    book.element("div", { class: "pictures" }, before, book.element("div", { class: "kernel" }, ...fields), after),
    book.choice("Stride", { 1: "1", 2: "2", 3: "3" }, "1", (stride) => {
      state.stride = Number(stride);
      update();
    }),
    book.choice("Padding", PADDINGS, state.padding, (padding) => {
      state.padding = padding;
      update();
    }),
    sentence,
  );
  showKernel();
  update();
});
