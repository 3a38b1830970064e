/* Attention: a query is compared with every bin, and the weights average the times. */
"use strict";

/* The weights that a query gives to the rows of keys, at an inverse temperature. */
book.attend = (query, keys, beta) =>
  book.softmax(keys.map((key) => beta * key.reduce((sum, value, i) => sum + value * query[i], 0)));

const ATTENTION_TEXTS = {
  title: "Ask for a pulse",
  challenge: "ask for the accidental pulse of one trace: let the heaviest bin be one where a single trace has a pulse.",
};

book.figure("attention", ATTENTION_TEXTS, (frame, { keys, truth }) => {
  const [LEFT, RIGHT, KEYS, WEIGHTS, GAP] = [46, 10, 130, 130, 34];
  const bins = keys.length;
  const ASKS = { query: "a query of your own", bin: "the bin that you point at" };
  const state = { asks: "query", first: 1, second: 1, third: 1, beta: 2, bin: truth, shuffle: 0 };

  const { svg: drawing, part, grid } = frame.panel("attending", "The sharpness of three traces, and the weights of the bins");
  const area = part("rect", { class: "ground" });
  const cursor = part("line", { class: "cursor" });
  const lines = keys[0].map((_, m) => part("path", { class: `line ${book.ofTrace(m)}` }));
  const bars = part("path", { class: "line network filled" });
  const mean = part("line", { class: "limit" });
  const name = part("text", { class: "name middle" });

  /* Where each bin stands: in its own place, or shuffled by a seed. */
  function order() {
    const places = Array.from({ length: bins }, (_, i) => i);
    if (!state.shuffle) return places;
    const uniform = book.random(state.shuffle);
    for (let i = bins - 1; i > 0; i--) {
      const j = Math.floor(uniform() * (i + 1));
      [places[i], places[j]] = [places[j], places[i]];
    }
    return places;
  }

  const x = (place) => LEFT + ((place + 0.5) / bins) * (frame.width - LEFT - RIGHT);
  const floor = KEYS + GAP + WEIGHTS;

  function drawGrid(y, height) {
    const rows = [0, 1].map((at) => [y(at), `${at}`]);
    const shares = [0, 0.5, 1].map((at) => [height(at), `${100 * at} %`]);
    const ticks = state.shuffle ? [] : [0, 20, 40, 60, 80];
    grid.replaceChildren(
      ...book.rows([LEFT, frame.width - RIGHT], [...rows, ...shares]),
      ...ticks.map((at) => book.text({ x: x(at), y: floor + 34, class: "middle" }, `${at}`)),
      book.text({ x: x(bins / 2), y: floor + 50, class: "middle" }, state.shuffle ? "bins, shuffled" : "time bin"),
      book.text({ x: LEFT, y: 12, class: "name" }, "keys: sharpness of the three traces"),
      book.text({ x: LEFT, y: KEYS + GAP - 8, class: "name network" }, "weights"),
    );
    drawing.size(floor + 56);
  }

  function render() {
    const query = state.asks === "bin" ? keys[state.bin] : [state.first, state.second, state.third];
    const weights = book.attend(query, keys, state.beta);
    const places = order();
    const y = book.scale([-0.6, 1.4], [KEYS, 18]);
    const height = book.scale([0, 1], [floor, KEYS + GAP]);
    drawGrid(y, height);
    lines.forEach((line, m) => line.setAttribute("d", book.path(places.map((bin) => keys[bin][m]), x, y)));
    const step = (bin, i) => `H${(x(i - 0.5)).toFixed(1)}V${height(weights[bin]).toFixed(1)}`;
    bars.setAttribute("d", `M${x(-0.5)} ${floor}${places.map(step).join("")}H${x(bins - 0.5)}V${floor}Z`);
    const place = places.indexOf(state.bin);
    const isPointed = state.asks === "bin";
    book.set(cursor, { x1: x(place), x2: x(place), y1: 16, y2: KEYS, visibility: isPointed ? "visible" : "hidden" });
    book.set(area, { x: LEFT, y: 0, width: frame.width - LEFT - RIGHT, height: KEYS });
    book.set(area, { "aria-valuenow": state.bin, "aria-valuetext": `bin ${state.bin}` });
    tell(query, weights);
  }

  function tell(query, weights) {
    const time = weights.reduce((sum, weight, bin) => sum + weight * bin, 0);
    const shown = state.shuffle ? "hidden" : "visible";
    book.set(mean, { x1: x(time), x2: x(time), y1: KEYS + GAP, y2: floor + 6, visibility: shown });
    book.set(name, { x: book.clamp(x(time), frame.width - 60, LEFT + 40), y: floor + 18, visibility: shown });
    name.textContent = "mixed time";
    const heaviest = weights.indexOf(Math.max(...weights));
    const marks = keys[heaviest].filter((value) => value > 0.5).length;
    const asks = query.map((value) => book.print(value, 1)).join(", ");
    frame.say(
      `The query (${asks}) gives bin ${heaviest} the largest weight, ${(100 * weights[heaviest]).toFixed(1)} %. ` +
        `The mixed time is ${time.toFixed(1)}; the coincidence stands on bin ${truth}.` +
        (state.shuffle ? " Shuffled or not, each bin keeps its weight." : ""),
      marks === 1 && weights[heaviest] > 0.2 ? "Found: there one trace has a pulse, and the others have none." : "",
    );
  }

  function point(place) {
    frame.change({ bin: order()[book.clamp(Math.round(place), bins - 1)], asks: "bin" });
  }

  book.control(area, "Bins: arrow keys choose the one that asks", bins - 1, book.steps(() => order().indexOf(state.bin), point, bins - 1));
  book.drag(area, drawing, (across) => point(((across - LEFT) / (frame.width - LEFT - RIGHT)) * bins - 0.5));

  function sound(wanted) {
    wanted.bin = Math.round(book.clamp(wanted.bin, bins - 1));
    wanted.shuffle = Math.round(book.clamp(wanted.shuffle, 2 ** 31));
  }

  const component = (title, key) =>
    frame.slider(title, key, { min: -1, max: 1, step: 0.1, onchange: () => frame.change({ asks: "query" }) });
  const shuffles = {
    "Shuffle the bins": () => frame.change({ shuffle: state.shuffle + 1 }),
    "Put them in order": () => frame.change({ shuffle: 0 }),
  };
  const parts = [
    frame.choice("Who asks", ASKS, "asks"),
    drawing,
    frame.slider("β", "beta", { min: 0, max: 12, step: 0.1 }),
    component("Query, trace 1", "first"),
    component("Query, trace 2", "second"),
    component("Query, trace 3", "third"),
    frame.buttons("Order", shuffles),
  ];
  return { state, parts, render, sound };
});
