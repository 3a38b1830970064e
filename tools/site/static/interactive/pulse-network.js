/* The trained pulse network in the page: its own weights, a triplet, its probabilities.

   The network is the chapter's: a convolution of 1 × n1 with tanh, padded to the same
   length, and one of M × n2 without padding that gives a logit per bin. */
"use strict";

book.pulseProbabilities = (network, traces) => {
  const { conv1, conv2 } = network;
  const [n1, filters] = [conv1.kernel[0].length, conv1.bias.length];
  const [traceCount, n2] = [conv2.kernel.length, conv2.kernel[0].length];
  const bins = traces[0].length;
  const half = (n1 - 1) / 2;

  const feature = (trace, bin, filter) => {
    let sum = conv1.bias[filter];
    for (let k = 0; k < n1; k++) sum += (trace[bin + k - half] ?? 0) * conv1.kernel[0][k][0][filter];
    return Math.tanh(sum);
  };
  const maps = traces.map((trace) =>
    trace.map((_, bin) => Array.from({ length: filters }, (_, filter) => feature(trace, bin, filter))),
  );
  const logit = (start) => {
    let sum = conv2.bias[0];
    for (let m = 0; m < traceCount; m++)
      for (let k = 0; k < n2; k++)
        for (let f = 0; f < filters; f++) sum += maps[m][start + k][f] * conv2.kernel[m][k][f][0];
    return sum;
  };
  const logits = Array.from({ length: bins - n2 + 1 }, (_, start) => logit(start));
  const largest = Math.max(...logits);
  const weights = logits.map((value) => Math.exp(value - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

book.figure("pulse-network", (live, content) => {
  const { network, settings } = content;
  const WIDTH = 640;
  const ROW = 90;
  const LEFT = 12;
  const DASHES = ["", "7 3", "8 3 2 3"];
  const FIRST_SEED = 9;
  const { n_times: bins, n_traces: traceCount } = settings;
  const times = Array.from({ length: bins }, (_, i) => i / (bins - 1));
  const state = { seed: FIRST_SEED, triplet: null };

  const drawing = book.shape("svg", {
    viewBox: `0 0 ${WIDTH} ${ROW * (traceCount + 1) + 28}`,
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
    let product = uniform();
    let count = 0;
    while (product > Math.exp(-mean)) {
      product *= uniform();
      count++;
    }
    return count;
  }

  /* The rules of the book's generate_pulses: cosines, one shared pulse, accidental pulses. */
  function newTriplet(seed) {
    const uniform = random(seed);
    const background = () => {
      const wavelength = settings.WAVELENGTH * Math.exp(settings.WAVELENGTH_SPREAD * normal(uniform));
      const phase = uniform();
      return times.map((t) => Math.cos((2 * Math.PI * (t + phase * wavelength)) / wavelength));
    };
    const backgrounds = () => Array.from({ length: settings.n_smooth }, background);
    const rows = Array.from({ length: traceCount }, backgrounds);
    const [earliest, latest] = settings.SIGNAL_RANGE;
    const shared = earliest + (latest - earliest) * uniform();
    return {
      backgrounds: rows.map((cosines) => times.map((_, i) => cosines.reduce((sum, cosine) => sum + cosine[i], 0))),
      pulses: rows.map(() => [
        { time: shared, shared: true },
        ...Array.from({ length: poisson(uniform, settings.mean_background) }, () => ({ time: uniform(), shared: false })),
      ]),
    };
  }

  function traces() {
    const pulse = (t, time) => settings.amplitude * Math.exp(-0.5 * ((t - time) / settings.PULSE_WIDTH) ** 2);
    return state.triplet.backgrounds.map((background, m) =>
      background.map((level, i) =>
        state.triplet.pulses[m].reduce((sum, { time }) => sum + pulse(times[i], time), level),
      ),
    );
  }

  const x = (time) => LEFT + time * (WIDTH - 2 * LEFT);
  const bin = (time) => Math.round(time * (bins - 1));

  function update() {
    const values = traces();
    const all = values.flat();
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const y = (value, m) => ROW * (m + 1) - 6 - ((value - low) / (high - low)) * (ROW - 18);
    values.forEach((trace, m) => {
      lines[m].setAttribute("d", book.path(trace, (i) => x(times[i]), (value) => y(value, m)));
      handles[m].forEach(({ knob, pulse }) => {
        knob.setAttribute("cx", x(pulse.time));
        knob.setAttribute("cy", y(trace[bin(pulse.time)], m));
        knob.setAttribute("aria-valuenow", bin(pulse.time));
        knob.setAttribute("aria-valuetext", `bin ${bin(pulse.time)}`);
      });
    });
    showProbabilities(book.pulseProbabilities(network, values));
  }

  function showProbabilities(probabilities) {
    const offset = (bins - probabilities.length) / 2;
    const base = ROW * (traceCount + 1);
    const y = (value) => base - value * (ROW - 12);
    const points = [0, ...probabilities, 0];
    probability.setAttribute(
      "d",
      book.path(points, (i) => x(times[Math.min(bins - 1, Math.max(0, i + offset - 1))]), y) + "Z",
    );
    const best = probabilities.indexOf(Math.max(...probabilities));
    const at = x(times[best + offset]);
    for (const [name, value] of Object.entries({ x1: at, x2: at, y1: 4, y2: base })) marker.setAttribute(name, value);
    const places = state.triplet.pulses.map((pulses) => bin(pulses.find((pulse) => pulse.shared).time));
    sentence.textContent =
      `The network finds bin ${best + offset} most probable, with ` +
      `${(100 * probabilities[best]).toFixed(1)} %. The pulses that began as coincident stand ` +
      `on bins ${places.join(", ")}.`;
  }

  let lines = [];
  let handles = [];
  let probability;
  let marker;

  function show(seed) {
    state.seed = seed;
    state.triplet = newTriplet(seed);
    lines = state.triplet.backgrounds.map((_, m) =>
      book.shape("path", { class: "line", "stroke-dasharray": DASHES[m % DASHES.length] }),
    );
    handles = state.triplet.pulses.map((pulses, m) => pulses.map((pulse) => ({ pulse, knob: knob(pulse, m) })));
    probability = book.shape("path", { class: "line probability filled" });
    marker = book.shape("line", { class: "cursor" });
    const label = book.shape("text", { class: "tick", x: LEFT, y: ROW * (traceCount + 1) + 22 });
    label.textContent = `probability of each bin, 0 to ${bins - 1}`;
    drawing.replaceChildren(marker, ...lines, probability, label, ...handles.flat().map(({ knob }) => knob));
    update();
  }

  function knob(pulse, m) {
    const name = pulse.shared ? "coincident pulse" : "accidental pulse";
    const made = book.shape("circle", {
      r: 8,
      class: pulse.shared ? "knob shared" : "knob",
      role: "slider",
      tabindex: 0,
      "aria-label": `Trace ${m + 1}, ${name}: arrow keys move it`,
      "aria-valuemin": 0,
      "aria-valuemax": bins - 1,
    });
    const move = (time) => {
      pulse.time = Math.min(1, Math.max(0, time));
      update();
    };
    made.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 };
      if (!(event.key in steps)) return;
      move((bin(pulse.time) + steps[event.key]) / (bins - 1));
      event.preventDefault();
    });
    made.addEventListener("pointerdown", (event) => made.setPointerCapture(event.pointerId));
    made.addEventListener("pointermove", (event) => {
      if (!made.hasPointerCapture(event.pointerId)) return;
      const box = drawing.getBoundingClientRect();
      move(((event.clientX - box.left) / box.width * WIDTH - LEFT) / (WIDTH - 2 * LEFT));
    });
    return made;
  }

  live.append(
    drawing,
    book.element(
      "div",
      { class: "control" },
      book.button("Another triplet", () => show(state.seed + 1)),
      book.button("The same triplet again", () => show(state.seed)),
    ),
    sentence,
  );
  show(FIRST_SEED);
});
