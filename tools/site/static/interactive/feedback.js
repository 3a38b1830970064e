/* Feed a state back: how long an impulse is remembered, and what is left of a gradient. */
"use strict";

/* Return the states after an impulse, and how much of the gradient reaches back n steps. */
book.feedback = (kind, weight, size, count) => {
  const isTanh = kind === "tanh";
  const kept = kind === "gate" ? 1 / (1 + Math.exp(-weight)) : weight;
  const states = [];
  let state = 0;
  for (let t = 0; t < count; t++) {
    const sum = kept * state + (t ? 0 : size);
    states.push((state = isTanh ? Math.tanh(sum) : sum));
  }
  const gradient = [1];
  for (let n = 1; n < count; n++) {
    const slope = isTanh ? 1 - states[count - n] ** 2 : 1;
    gradient.push(gradient[n - 1] * kept * slope);
  }
  return { kept, states, gradient };
};

const FEEDBACK_TEXTS = {
  title: "Drag the feedback",
  challenge: "let the gradient over 80 steps neither vanish nor explode: keep it between 1/100 and 100.",
};

book.figure("feedback", FEEDBACK_TEXTS, (frame) => {
  const [STEPS, SHOWN, TOP, FLOOR] = [81, 30, 26, 210];
  const KINDS = { linear: "linear", tanh: "tanh", gate: "a forget gate, w = σ(b)" };
  const state = { kind: "linear", weight: 0.9, size: 1 };
  const { text } = book;

  const memory = frame.panel("memory", "The state after an impulse");
  const area = memory.part("rect", { class: "ground" });
  const stems = memory.part("path", { class: "line thin" });
  const line = memory.part("path", { class: "line network" });
  const knob = memory.part("circle", { r: 9, class: "knob" });
  const back = frame.panel("back", "The gradient, by how far it has come back", "img");
  const curve = back.part("path", { class: "line network" });
  const end = back.part("circle", { r: 6, class: "sum network" });

  let heightAt;

  function drawMemory({ states, kept }) {
    const wide = frame.half;
    const [x, y] = [book.scale([0, SHOWN], [34, wide - 12]), book.scale([-1.5, 1.5], [FLOOR, TOP])];
    memory.size(wide, FLOOR + 40);
    const inside = (value) => y(book.clamp(value, 1.6, -1.6));
    const shown = states.slice(0, SHOWN + 1);
    line.setAttribute("d", book.path(shown, x, inside));
    stems.setAttribute("d", shown.map((value, t) => `M${x(t).toFixed(1)} ${y(0)}V${inside(value).toFixed(1)}`).join(""));
    book.set(area, { x: x(0), y: 0, width: x(SHOWN) - x(0), height: FLOOR });
    book.set(knob, { cx: x(1), cy: inside(states[1]) });
    book.set(knob, { "aria-valuenow": Math.round(state.weight * 100), "aria-valuetext": book.print(state.weight, 2) });
    memory.grid.replaceChildren(
      ...book.rows([x(0), x(SHOWN)], [-1, 0, 1].map((at) => [y(at), book.print(at)])),
      ...[0, 10, 20, 30].map((at) => text({ x: x(at), y: FLOOR + 18, class: "middle" }, `${at}`)),
      text({ x: x(SHOWN / 2), y: FLOOR + 36, class: "middle" }, "step t"),
      text({ x: x(0), y: 12, class: "name network" }, `state after an impulse, w = ${book.print(kept, 2)}`),
    );
    heightAt = (pixels) => -1.5 + ((FLOOR - pixels) / (FLOOR - TOP)) * 3;
  }

  function drawBack({ gradient }) {
    const wide = frame.half;
    const [x, y] = [book.scale([0, STEPS - 1], [44, wide - 12]), book.scale([-8, 8], [FLOOR, TOP])];
    back.size(wide, FLOOR + 40);
    const powers = gradient.map((value) => book.clamp(Math.log10(Math.abs(value) || 1e-99), 8.3, -8.3));
    curve.setAttribute("d", book.path(powers, x, y));
    book.set(end, { cx: x(STEPS - 1), cy: y(powers.at(-1)) });
    const superscript = (at) => `10${[...String(at)].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? "⁻").join("")}`;
    const allowed = book.shape("rect", { class: "window", x: x(0), y: y(2), width: x(STEPS - 1) - x(0), height: y(-2) - y(2) });
    back.grid.replaceChildren(
      allowed,
      ...book.rows([x(0), x(STEPS - 1)], [-8, -4, 0, 4, 8].map((at) => [y(at), superscript(at)])),
      ...[0, 20, 40, 60, 80].map((at) => text({ x: x(at), y: FLOOR + 18, class: "middle" }, `${at}`)),
      text({ x: x(40), y: FLOOR + 36, class: "middle" }, "steps back"),
      text({ x: x(0), y: 12, class: "name network" }, "size of the gradient"),
    );
  }

  function fate({ kept, gradient }) {
    const left = Math.abs(gradient.at(-1));
    if (state.kind !== "tanh" && kept > 0 && kept < 1) {
      return `It forgets with a time constant of ${book.print(-1 / Math.log(kept), 1)} steps; after 80 steps ${left.toExponential(1)} of the gradient is left.`;
    }
    return `After 80 steps the gradient is ${left.toExponential(1).replace("-", "−")} of what it was.`;
  }

  function render() {
    const now = book.feedback(state.kind, state.weight, state.size, STEPS);
    drawMemory(now);
    drawBack(now);
    const left = Math.abs(now.gradient.at(-1));
    const isKept = left >= 0.01 && left <= 100;
    const room = {
      linear: "Found. Only weights from 0.945 to 1.059 do it: try the gate.",
      tanh: "Found.",
      gate: "Found. Every b above 2.83 does it, and none explodes.",
    };
    const name = state.kind === "gate" ? `A bias of ${book.print(state.weight, 2)} opens the gate to` : "The weight is";
    frame.say(`${name} ${book.print(now.kept, 3)}. ${fate(now).replace("e-", "e−")}`, isKept ? room[state.kind] : "");
  }

  /* The second point of the curve stands at the weight times the first, so it is the handle. */
  function take(height) {
    const { states, kept } = book.feedback(state.kind, state.weight, state.size, 2);
    const share = states[0] ? book.clamp(height / states[0], 1.3, -1.3) : kept;
    const inside = book.clamp(share, 0.998, 0.05);
    const weight = state.kind === "gate" ? Math.log(inside / (1 - inside)) : share;
    frame.change({ weight: Math.round(weight * 200) / 200 });
  }

  const by = (step) => () => frame.change({ weight: Math.round(book.clamp(state.weight + step, 6, -3) * 200) / 200 });
  const keys = { ArrowUp: by(0.01), ArrowRight: by(0.01), ArrowDown: by(-0.01), ArrowLeft: by(-0.01), PageUp: by(0.1), PageDown: by(-0.1) };
  book.control(knob, "Feedback weight: arrow keys change it", 600, keys);
  knob.setAttribute("aria-valuemin", -300);
  book.drag(knob, memory.svg, (_, down) => take(heightAt(down)), { held: true });
  book.drag(area, memory.svg, (_, down) => take(heightAt(down)));

  const slider = frame.slider("Weight w or b", "weight", { min: -3, max: 6, step: 0.005, text: (value) => book.print(value, 2) });
  const kind = frame.choice("Unit", KINDS, "kind");
  kind.addEventListener("change", () => frame.change({ weight: state.kind === "gate" ? 1 : 0.9 }));
  frame.refreshers.unshift(() => {
    const [min, max] = state.kind === "gate" ? [-3, 6] : [-1.3, 1.3];
    book.set(slider.querySelector("input"), { min, max });
  });

  function sound(wanted) {
    if (wanted.kind !== "gate") wanted.weight = book.clamp(wanted.weight, 1.3, -1.3);
  }

  const parts = [
    kind,
    book.element("div", { class: "beside" }, memory.svg, back.svg),
    slider,
    frame.slider("Impulse", "size", { min: 0.1, max: 3, step: 0.1 }),
  ];
  return { state, parts, render, sound };
});
