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

  const image = content.image.map((row) => [...row]);
  const size = image.length;
  const middle = Math.floor(size / 2);
  const state = { kernel: [], stride: "1", padding: "valid", row: middle, column: middle };

  const before = book.element("canvas", { class: "picture" });
  const after = book.element("canvas", { class: "result", role: "img" });
  const sentence = book.description();
  const fields = Array.from({ length: 9 }, (_, i) =>
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

  function outputSize() {
    const { padding, stride } = state;
    return padding === "same" ? Math.ceil(size / stride) : Math.floor((size - 3) / stride) + 1;
  }

  /* Zeros before the first row: TensorFlow puts the odd one out at the end. */
  function zerosBefore() {
    if (state.padding === "valid") return 0;
    return Math.floor(Math.max(0, (outputSize() - 1) * state.stride + 3 - size) / 2);
  }

  function result() {
    const starts = Array.from({ length: outputSize() }, (_, i) => i * state.stride - zerosBefore());
    const pixel = (row, column) => image[row]?.[column] ?? 0;
    const weighted = (row, column) =>
      state.kernel.reduce((sum, weight, i) => sum + weight * pixel(row + Math.floor(i / 3), column + (i % 3)), 0);
    return starts.map((row) => starts.map((column) => weighted(row, column)));
  }

  function paint(canvas, values, colour) {
    canvas.width = values[0].length * CELL;
    canvas.height = values.length * CELL;
    const context = canvas.getContext("2d");
    values.forEach((row, i) =>
      row.forEach((value, j) => {
        context.fillStyle = colour(value);
        context.fillRect(j * CELL, i * CELL, CELL, CELL);
      }),
    );
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
    const scale = Math.max(...flat.map(Math.abs), 1e-9);
    paint(before, image, (value) => (value ? "white" : "black"));
    paint(after, values, (value) => diverging(value / scale));
    markCursor();
    const [n, s] = [outputSize(), state.stride];
    const formula = state.padding === "same" ? `⌈N / s⌉ = ⌈${size} / ${s}⌉` : `⌊(N − K) / s⌋ + 1 = ⌊(${size} − 3) / ${s}⌋ + 1`;
    after.setAttribute("aria-label", `Result, ${n} by ${n} values`);
    sentence.textContent =
      `Padding ${state.padding}: ${formula} = ${n}. The result has ${n} × ${n} values ` +
      `from ${book.print(Math.min(...flat), 2)} (blue) to ${book.print(Math.max(...flat), 2)} (orange).`;
  }

  function markCursor() {
    const { row, column } = state;
    const context = before.getContext("2d");
    context.strokeStyle = "#D55E00";
    context.lineWidth = 2;
    context.strokeRect(column * CELL + 1, row * CELL + 1, CELL - 2, CELL - 2);
    book.set(before, {
      "aria-valuetext": `row ${row + 1}, column ${column + 1}, ${image[row][column] ? "white" : "black"}`,
      "aria-valuenow": row * size + column,
    });
  }

  function flip() {
    image[state.row][state.column] = 1 - image[state.row][state.column];
    update();
  }

  function move(row, column) {
    state.row = book.clamp(row, size - 1);
    state.column = book.clamp(column, size - 1);
    update();
  }

  function useKernel(weights) {
    state.kernel = [...weights];
    fields.forEach((field, i) => (field.value = Number(weights[i].toFixed(3))));
    update();
  }

  const keys = {
    ArrowLeft: () => move(state.row, state.column - 1),
    ArrowRight: () => move(state.row, state.column + 1),
    ArrowUp: () => move(state.row - 1, state.column),
    ArrowDown: () => move(state.row + 1, state.column),
    " ": flip,
    Enter: flip,
  };
  const name = "Picture: arrow keys choose a pixel, space turns it from black to white and back";
  book.control(before, name, size * size - 1, keys).addEventListener("pointerdown", (event) => {
    const [across, down] = book.place(event, before);
    move(Math.floor(down * size), Math.floor(across * size));
    flip();
  });

  const presets = Object.entries(PRESETS).map(([name, weights]) => [name, () => useKernel(weights)]);
  live.append(
    book.buttons("Kernels to begin with", Object.fromEntries(presets)),
    book.element("div", { class: "pictures" }, before, book.element("div", { class: "kernel" }, ...fields), after),
    book.choice("Stride", { 1: "1", 2: "2", 3: "3" }, state, "stride", update),
    book.choice("Padding", { valid: "valid (none)", same: "same (zeros around)" }, state, "padding", update),
    sentence,
  );
  useKernel(PRESETS["Vertical edges"]);
});
