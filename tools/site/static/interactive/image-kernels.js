/* Image kernels: a small black-and-white picture, nine weights, stride and padding. */
"use strict";

const IMAGE_TEXTS = {
  title: "Filter a picture",
  challenge: "let only the horizontal edges of the ring and the bars remain: find the nine weights.",
};

book.figure("image-kernels", IMAGE_TEXTS, (frame, content) => {
  const CELL = 12;
  const PRESETS = {
    Identity: [0, 0, 0, 0, 1, 0, 0, 0, 0],
    Blur: [1, 1, 1, 1, 1, 1, 1, 1, 1].map(() => 0.111),
    Sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
    "Vertical edges": [-1, 0, 1, -1, 0, 1, -1, 0, 1],
    "All edges": [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  };
  const size = content.image.length;
  const middle = Math.floor(size / 2);
  const state = {
    picture: content.image.flat().join(""),
    kernel: [...PRESETS["Vertical edges"]],
    stride: "1",
    padding: "valid",
    pixel: [middle, middle],
    output: [4, 4],
  };

  const before = book.element("canvas", { class: "picture", width: size * CELL, height: size * CELL });
  const after = book.element("canvas", { class: "result", width: size * CELL, height: size * CELL });
  const name = (i) => `row ${Math.floor(i / 3) + 1}, column ${(i % 3) + 1}`;
  const fields = Array.from({ length: 9 }, (_, i) =>
    book.element("input", {
      ...{ type: "number", step: 0.1, min: -20, max: 20, "aria-label": `weight in ${name(i)}` },
      oninput: (event) => {
        const value = book.clamp(Number(event.target.value), 20, -20);
        frame.change({ kernel: state.kernel.map((weight, j) => (i === j ? value : weight)) });
      },
    }),
  );
  const products = fields.map(() => book.element("output"));
  const caption = book.element("div", {}, "result");
  const total = book.element("div", { class: "products" });

  const pixel = (row, column) =>
    row < 0 || column < 0 || row >= size || column >= size ? 0 : Number(state.picture[row * size + column]);

  function outputSize() {
    const { padding, stride } = state;
    return padding === "same" ? Math.ceil(size / stride) : Math.floor((size - 3) / stride) + 1;
  }

  /* Zeros before the first row: TensorFlow puts the odd one out at the end. */
  function zerosBefore() {
    if (state.padding === "valid") return 0;
    return Math.floor(Math.max(0, (outputSize() - 1) * state.stride + 3 - size) / 2);
  }

  const start = (i) => i * state.stride - zerosBefore();
  const terms = (row, column) =>
    state.kernel.map((weight, i) => weight * pixel(start(row) + Math.floor(i / 3), start(column) + (i % 3)));
  const sum = (values) => values.reduce((all, value) => all + value, 0);

  function result() {
    const places = Array.from({ length: outputSize() }, (_, i) => i);
    return places.map((row) => places.map((column) => sum(terms(row, column))));
  }

  function paint(canvas, rows, colour) {
    const context = canvas.getContext("2d");
    const side = canvas.width / rows;
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < rows; j++) {
        context.fillStyle = colour(i, j);
        context.fillRect(j * side, i * side, Math.ceil(side), Math.ceil(side));
      }
    }
    return (row, column, count, style) => {
      context.strokeStyle = style;
      context.lineWidth = 3;
      context.strokeRect(column * side + 1, row * side + 1, count * side - 2, count * side - 2);
    };
  }

  function render() {
    const values = result();
    const flat = values.flat();
    const scale = Math.max(...flat.map(Math.abs), 1e-9);
    const n = outputSize();
    state.output = state.output.map((at) => book.clamp(at, n - 1));
    const [row, column] = state.output;
    const [ground, negative, positive] = ["ground", "trace-0", "trace-1"].map((role) => book.colour(after, role));
    const diverging = (value) => book.mix(ground, value < 0 ? negative : positive, Math.abs(value) / scale);
    const mark = `rgb(${book.colour(after, "mark").join(" ")})`;
    const frameIn = paint(before, size, (i, j) => (pixel(i, j) ? "#fff" : "#000"));
    frameIn(start(row), start(column), 3, mark);
    frameIn(...state.pixel, 1, `rgb(${positive.join(" ")})`);
    paint(after, n, (i, j) => diverging(values[i][j]))(row, column, 1, mark);
    showProducts(row, column);
    tell(flat, n);
  }

  function showProducts(row, column) {
    const each = terms(row, column);
    fields.forEach((field, i) => {
      if (document.activeElement !== field || Number(field.value) !== state.kernel[i]) field.value = state.kernel[i];
      const value = pixel(start(row) + Math.floor(i / 3), start(column) + (i % 3));
      products[i].textContent = `× ${value} = ${book.print(each[i], Number.isInteger(each[i]) ? 0 : 2)}`;
    });
    total.textContent = `Sum of the nine products: ${book.print(sum(each), 2)}`;
    const [r, c] = state.pixel;
    book.set(before, {
      "aria-valuetext": `row ${r + 1}, column ${c + 1}, ${pixel(r, c) ? "white" : "black"}`,
      "aria-valuenow": r * size + c,
    });
    book.set(after, {
      "aria-valuetext": `row ${row + 1}, column ${column + 1}, value ${book.print(sum(each), 2)}`,
      "aria-valuenow": row * outputSize() + column,
      "aria-valuemax": outputSize() ** 2 - 1,
    });
  }

  /* Weights that see no vertical edge: rows of three equal ones whose sum is zero. */
  function isHorizontal() {
    const rows = [0, 3, 6].map((i) => state.kernel.slice(i, i + 3));
    const isEqual = rows.every((each) => Math.max(...each) - Math.min(...each) < 0.01);
    return isEqual && Math.abs(sum(state.kernel)) < 0.01 && Math.max(...state.kernel) > 0.1;
  }

  function tell(flat, n) {
    caption.textContent = `result, ${n} × ${n}`;
    const formula =
      state.padding === "same"
        ? `⌈N / s⌉ = ⌈${size} / ${state.stride}⌉`
        : `⌊(N − K) / s⌋ + 1 = ⌊(${size} − 3) / ${state.stride}⌋ + 1`;
    frame.say(
      `Padding ${state.padding}: ${formula} = ${n}. The result has ${n} × ${n} values ` +
        `from ${book.print(Math.min(...flat), 2)} (blue) to ${book.print(Math.max(...flat), 2)} (orange); ` +
        `${flat.filter((value) => Math.abs(value) > 1e-9).length} of them are not zero.`,
      isHorizontal() ? "Found: it sees no vertical edge." : "",
    );
  }

  /* Paint with what the first pixel becomes; a quick hand skips pixels, which are filled. */
  let stroke;
  function paintAt(across, down, isFirst) {
    const box = before.getBoundingClientRect();
    const at = [down / box.height, across / box.width].map((share) => book.clamp(Math.floor(share * size), size - 1));
    if (isFirst) stroke = { colour: 1 - pixel(...at), at };
    const count = Math.max(...at.map((place, i) => Math.abs(place - stroke.at[i])), 1);
    const picture = [...state.picture];
    for (let i = 0; i <= count; i++) {
      const [row, column] = at.map((place, j) => Math.round(stroke.at[j] + ((place - stroke.at[j]) * i) / count));
      picture[row * size + column] = stroke.colour;
    }
    stroke.at = at;
    frame.change({ picture: picture.join(""), pixel: at });
  }

  function flip() {
    const [row, column] = state.pixel;
    const picture = [...state.picture];
    picture[row * size + column] = 1 - pixel(row, column);
    frame.change({ picture: picture.join("") });
  }

  /* Arrow keys that move what a state holds as row and column. */
  const arrows = (key, count) => {
    const by = (rows, columns) => () => {
      const [row, column] = state[key];
      frame.change({ [key]: [book.clamp(row + rows, count() - 1), book.clamp(column + columns, count() - 1)] });
    };
    return { ArrowLeft: by(0, -1), ArrowRight: by(0, 1), ArrowUp: by(-1, 0), ArrowDown: by(1, 0) };
  };

  function look(across, down) {
    const box = after.getBoundingClientRect();
    const n = outputSize();
    frame.change({ output: [down / box.height, across / box.width].map((share) => book.clamp(Math.floor(share * n), n - 1)) });
  }

  const ofPicture = "Picture: arrow keys choose a pixel, space turns it from black to white and back";
  book.control(before, ofPicture, size * size - 1, { ...arrows("pixel", () => size), " ": flip, Enter: flip });
  book.drag(before, before, paintAt);
  const ofResult = "Result: arrow keys choose a value, whose nine products are shown";
  book.control(after, ofResult, size * size - 1, arrows("output", outputSize));
  book.drag(after, after, look);
  after.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") look(...book.place(event, after));
  });

  function sound(wanted) {
    if (!/^[01]{400}$/.test(wanted.picture) || size !== 20) wanted.picture = state.picture;
    if (wanted.kernel.length !== 9) wanted.kernel = [...state.kernel];
    for (const key of ["pixel", "output"]) {
      const place = wanted[key].length === 2 ? wanted[key] : [0, 0];
      wanted[key] = place.map((at) => Math.round(book.clamp(at, size - 1)));
    }
  }

  const presets = Object.entries(PRESETS).map(([title, kernel]) => [title, () => frame.change({ kernel: [...kernel] })]);
  const cells = fields.map((field, i) => book.element("div", {}, field, products[i]));
  const weights = book.element("div", { class: "weights" }, "weights × pixels", book.element("div", { class: "kernel" }, ...cells), total);
  const pictures = [
    book.element("div", {}, "picture", before),
    book.element("div", {}, caption, after),
    weights,
  ];
  const parts = [
    frame.buttons("Kernels to begin with", Object.fromEntries(presets)),
    book.element("div", { class: "pictures" }, ...pictures),
    frame.choice("Stride", { 1: "1", 2: "2", 3: "3" }, "stride"),
    frame.choice("Padding", { valid: "valid (none)", same: "same (zeros around)" }, "padding"),
  ];
  return { state, parts, render, sound };
});
