/* The trained pulse network in the page: its own weights, a triplet, its probabilities.

   The network is the chapter's: a convolution of 1 × n1 with tanh, padded to the same
   length, and one of M × n2 without padding that gives a logit per bin. */
"use strict";

book.pulseProbabilities = ({ conv1, conv2 }, traces) => {
  const sum = (values, term) => values.reduce((total, value, i) => total + term(value, i), 0);
  const [kernel1] = conv1.kernel;
  const half = (kernel1.length - 1) / 2;
  const feature = (trace, bin, filter) =>
    Math.tanh(conv1.bias[filter] + sum(kernel1, ([weights], k) => (trace[bin + k - half] ?? 0) * weights[filter]));
  const maps = traces.map((trace) => trace.map((_, bin) => conv1.bias.map((_, filter) => feature(trace, bin, filter))));
  const logit = (start) =>
    conv2.bias[0] +
    sum(conv2.kernel, (rows, m) => sum(rows, (row, k) => sum(row, ([weight], f) => maps[m][start + k][f] * weight)));
  const nodes = traces[0].length - conv2.kernel[0].length + 1;
  const logits = Array.from({ length: nodes }, (_, start) => logit(start));
  const largest = Math.max(...logits);
  const weights = logits.map((value) => Math.exp(value - largest));
  const total = sum(weights, (weight) => weight);
  return weights.map((weight) => weight / total);
};

book.figure("pulse-network", (live, { network, settings }) => {
  const [WIDTH, ROW, LEFT] = [640, 90, 12];
  const DASHES = ["", "7 3", "8 3 2 3"];
  const { n_times: bins, n_traces: traceCount } = settings;
  const BASE = ROW * (traceCount + 1);
  const times = Array.from({ length: bins }, (_, i) => i / (bins - 1));
  const x = (time) => LEFT + time * (WIDTH - 2 * LEFT);
  const bin = (time) => Math.round(time * (bins - 1));

  let seed;
  let triplet;
  const lines = Array.from({ length: traceCount }, (_, m) =>
    book.shape("path", { class: "line", "stroke-dasharray": DASHES[m % DASHES.length] }),
  );
  const probability = book.shape("path", { class: "line probability filled" });
  const marker = book.shape("line", { class: "cursor" });
  const label = book.shape("text", { class: "tick", x: LEFT, y: BASE + 22 });
  label.textContent = `probability of each bin, 0 to ${bins - 1}`;
  const drawing = book.shape("svg", {
    viewBox: `0 0 ${WIDTH} ${BASE + 28}`,
    class: "plot triplet",
    role: "group",
    "aria-label": "Three traces with their pulses, and the probability of each bin below them",
  });
  const sentence = book.description();

  /* A small generator of random numbers, so that a seed gives the same triplet again. */
  function random(seed) {
    let state = seed >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  function normal(uniform) {
    return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  }

  function poisson(uniform, mean) {
    let count = 0;
    for (let product = uniform(); product > Math.exp(-mean); product *= uniform()) count++;
    return count;
  }

  /* The rules of the book's generate_pulses: cosines, one shared pulse, accidental pulses. */
  function newTriplet(uniform) {
    const cosine = () => {
      const wavelength = settings.WAVELENGTH * Math.exp(settings.WAVELENGTH_SPREAD * normal(uniform));
      const phase = uniform();
      return (t) => Math.cos((2 * Math.PI * (t + phase * wavelength)) / wavelength);
    };
    const cosines = lines.map(() => Array.from({ length: settings.n_smooth }, cosine));
    const [earliest, latest] = settings.SIGNAL_RANGE;
    const shared = earliest + (latest - earliest) * uniform();
    return cosines.map((background, m) => {
      const accidental = Array.from({ length: poisson(uniform, settings.mean_background) }, uniform);
      const pulses = [{ time: shared, shared: true }, ...accidental.map((time) => ({ time, shared: false }))];
      for (const pulse of pulses) pulse.knob = knob(pulse, m);
      return { background, pulses };
    });
  }

  function trace({ background, pulses }) {
    const pulse = (t, time) => settings.amplitude * Math.exp(-0.5 * ((t - time) / settings.PULSE_WIDTH) ** 2);
    const level = (t) => background.reduce((sum, cosine) => sum + cosine(t), 0);
    return times.map((t) => pulses.reduce((sum, { time }) => sum + pulse(t, time), level(t)));
  }

  function update() {
    const traces = triplet.map(trace);
    const [low, high] = [Math.min(...traces.flat()), Math.max(...traces.flat())];
    traces.forEach((values, m) => {
      const y = (value) => ROW * (m + 1) - 6 - ((value - low) / (high - low)) * (ROW - 18);
      lines[m].setAttribute("d", book.path(values, (i) => x(times[i]), y));
      for (const { knob, time } of triplet[m].pulses) {
        const at = bin(time);
        book.set(knob, { cx: x(time), cy: y(values[at]), "aria-valuenow": at, "aria-valuetext": `bin ${at}` });
      }
    });
    showProbabilities(book.pulseProbabilities(network, traces));
  }

  function showProbabilities(probabilities) {
    const offset = (bins - probabilities.length) / 2;
    const across = (i) => x(times[book.clamp(i + offset - 1, bins - 1)]);
    const outline = book.path([0, ...probabilities, 0], across, (value) => BASE - value * (ROW - 12));
    probability.setAttribute("d", `${outline}Z`);
    const largest = Math.max(...probabilities);
    const best = probabilities.indexOf(largest) + offset;
    book.set(marker, { x1: x(times[best]), x2: x(times[best]), y1: 4, y2: BASE });
    const places = triplet.map(({ pulses: [shared] }) => bin(shared.time));
    sentence.textContent =
      `The network finds bin ${best} most probable, with ${(100 * largest).toFixed(1)} %. ` +
      `The pulses that began as coincident stand on bins ${places.join(", ")}.`;
  }

  function knob(pulse, m) {
    const [kind, name] = pulse.shared ? ["knob shared", "coincident pulse"] : ["knob", "accidental pulse"];
    const made = book.shape("circle", { r: 8, class: kind });
    const move = (time) => {
      pulse.time = book.clamp(time, 1);
      update();
    };
    const step = (count) => () => move((bin(pulse.time) + count) / (bins - 1));
    const keys = { ArrowLeft: step(-1), ArrowRight: step(1), PageDown: step(-10), PageUp: step(10) };
    book.control(made, `Trace ${m + 1}, ${name}: arrow keys move it`, bins - 1, keys);
    return book.drag(made, drawing, (across) => move((across * WIDTH - LEFT) / (WIDTH - 2 * LEFT)));
  }

  function show(number) {
    seed = number;
    triplet = newTriplet(random(seed));
    const knobs = triplet.flatMap(({ pulses }) => pulses.map(({ knob }) => knob));
    drawing.replaceChildren(marker, ...lines, probability, label, ...knobs);
    update();
  }

  const actions = { "Another triplet": () => show(seed + 1), "The same triplet again": () => show(seed) };
  live.append(drawing, book.buttons("Triplets", actions), sentence);
  show(9);
});
