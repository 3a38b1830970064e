/* Steer a trigger: move the threshold while the background drifts, and compare with rule and agent. */
"use strict";

/* The mean reward of a second, as in the book's helpers: signal kept minus the price of all records. */
book.rewardOf = ({ height, width, signal, cost }, threshold, logRate) => {
  const kept = (1 + book.erf((height - threshold) / width / Math.SQRT2)) / 2;
  return (1 - cost) * kept - (cost * Math.exp(logRate - threshold)) / signal;
};

const TRIGGER_TEXTS = {
  title: "Steer the threshold",
  challenge: "earn more than the agent, and then more than the rule. The background that you fight is shown at the end.",
};

book.figure("trigger", TRIGGER_TEXTS, (frame, data) => {
  const [LEFT, RIGHT, UPPER, LOWER, GAP, STEP] = [46, 10, 110, 150, 34, 0.4];
  const [LOWEST, HIGHEST] = [3, 10];
  const { world, log_rates: logRates, others } = data;
  const last = logRates.length;
  const state = { target: 6, past: [], seed: 1 };

  const { svg: drawing, part, grid } = frame.panel("steering", "What was recorded in each second, and the threshold");
  const area = part("rect", { class: "ground" });
  const counts = part("path", { class: "dots trace-0" });
  const rate = part("path", { class: "line truth" });
  const lines = Object.keys(others).map((name, i) => part("path", { class: `line ${["rival", "network"][i]}` }));
  const own = part("path", { class: "line trace-0" });
  const knob = part("circle", { r: 9, class: "knob shared trace-0" });
  const scores = book.element("p", { class: "products" });

  const x = (second) => LEFT + (second / last) * (frame.width - LEFT - RIGHT);
  const upper = book.scale([1, 3], [UPPER, 18]);
  const lower = book.scale([LOWEST, HIGHEST], [UPPER + GAP + LOWER, UPPER + GAP]);
  const thresholdAt = (down) => HIGHEST - ((down - UPPER - GAP) / LOWER) * (HIGHEST - LOWEST);

  const reward = (thresholds) =>
    thresholds.reduce((sum, threshold, t) => sum + book.rewardOf(world, threshold, logRates[t]), 0) / thresholds.length;

  /* The dice of a second are always the same, whatever the threshold does to the means. */
  function recorded(threshold, t) {
    const uniform = book.random(1000 * state.seed + t);
    const kept = (1 + book.erf((world.height - threshold) / world.width / Math.SQRT2)) / 2;
    return book.poisson(uniform, world.signal * kept) + book.poisson(uniform, Math.exp(logRates[t] - threshold));
  }

  function drawGrid(isOver) {
    const { text } = book;
    const rows = [...[1, 2, 3].map((at) => [upper(at), `${10 ** at}`]), ...[4, 6, 8, 10].map((at) => [lower(at), `${at}`])];
    const floor = UPPER + GAP + LOWER;
    grid.replaceChildren(
      ...book.rows([LEFT, frame.width - RIGHT], rows),
      ...[0, 20, 40, 60, 80, 100].map((at) => text({ x: x(at), y: floor + 18, class: "middle" }, `${at}`)),
      text({ x: x(last / 2), y: floor + 34, class: "middle" }, "seconds"),
      text({ x: LEFT, y: 12, class: "name trace-0" }, isOver ? "recorded a second; line: background / 100" : "recorded a second"),
      text({ x: LEFT, y: UPPER + GAP - 8, class: "name trace-0" }, "your threshold (mV)"),
      ...Object.keys(others).flatMap((name, i) =>
        isOver ? [text({ x: frame.width - RIGHT - 60 * i, y: UPPER + GAP - 8, class: `name end ${["rival", "network"][i]}` }, name)] : [],
      ),
    );
    drawing.size(floor + 40);
  }

  function render() {
    const { past } = state;
    const isOver = past.length === last;
    drawGrid(isOver);
    const inside = (value) => book.clamp(value, 3, 1);
    const seen = past.map((threshold, t) => inside(Math.log10(recorded(threshold, t) + 1)));
    counts.setAttribute("d", seen.map((value, t) => `M${x(t + 1).toFixed(1)} ${upper(value).toFixed(1)}h.01`).join(""));
    own.setAttribute("d", book.path(past, (t) => x(t + 1), lower));
    rate.setAttribute("d", isOver ? book.path(logRates, (t) => x(t + 1), (value) => upper(inside(value / Math.LN10 - 2))) : "");
    Object.values(others).forEach((each, i) => lines[i].setAttribute("d", isOver ? book.path(each, (t) => x(t + 1), lower) : ""));
    book.set(knob, { cx: x(past.length), cy: lower(state.target), "aria-valuenow": Math.round(state.target * 10) });
    knob.setAttribute("aria-valuetext", `${state.target.toFixed(1)} mV`);
    book.set(area, { x: LEFT, y: UPPER + GAP, width: frame.width - LEFT - RIGHT, height: LOWER });
    tell(isOver);
  }

  function tell(isOver) {
    const count = state.past.length;
    const rivals = { "fixed threshold": state.past.map(() => data.fixed), ...others };
    const mine = reward(state.past);
    const theirs = Object.entries(rivals).map(([name, each]) => [name, reward(each.slice(0, count))]);
    const list = [["you", mine], ...theirs].map(([name, value]) => `${name} ${book.print(value, 3)}`);
    scores.textContent = count ? `Reward a second: ${list.join(" · ")}` : "Reward a second: press Play, or go second by second.";
    const beaten = theirs.filter(([, value]) => mine > value).map(([name]) => name);
    const now = count ? ` The last second recorded ${recorded(state.past.at(-1), count - 1)} pulses.` : "";
    const won = beaten.length ? `You beat: ${beaten.join(", ")}.` : "All of them beat you. Reset, and try again.";
    frame.say(`Second ${count} of ${last}, threshold ${(state.past.at(-1) ?? 6).toFixed(1)} mV.${now}`, isOver ? won : "");
  }

  /* Like the others, the threshold follows by 0.4 mV a second at most. */
  function second() {
    const before = state.past.at(-1) ?? 6;
    const move = book.clamp(state.target - before, STEP, -STEP);
    if (state.past.length < last) frame.change({ past: [...state.past, Math.round((before + move) * 100) / 100] });
    if (state.past.length === last) stop();
  }

  const { play, stop } = frame.clock(second, 250);
  const aim = (value) => frame.change({ target: Math.round(book.clamp(value, HIGHEST, LOWEST) * 10) / 10 });
  const by = (step) => () => aim(state.target + step);
  const keys = { ArrowUp: by(0.1), ArrowRight: by(0.1), ArrowDown: by(-0.1), ArrowLeft: by(-0.1), PageUp: by(0.4), PageDown: by(-0.4) };
  book.control(knob, "Wanted threshold: arrow keys move it", 100, keys);
  book.drag(knob, drawing, (_, down) => aim(thresholdAt(down)), { held: true });
  book.drag(area, drawing, (_, down) => aim(thresholdAt(down)));

  function sound(wanted) {
    stop();
    wanted.past = wanted.past.slice(0, last).map((threshold) => book.clamp(threshold, 12));
    wanted.seed = Math.round(book.clamp(wanted.seed, 2 ** 31));
  }

  const parts = [
    frame.buttons("Time", { Play: play, Stop: stop, "Next second": second }),
    drawing,
    frame.slider("Wanted (mV)", "target", { min: LOWEST, max: HIGHEST, step: 0.1 }),
    scores,
  ];
  return { state, parts, render, sound };
});
