/* What the interactive figures share: the frame, its controls, pointers and drawings.

   Classic scripts, since a page that is opened as a file may not load modules.
   A figure registers itself with `figure(name, texts, build)`; `build` gets the frame and
   the data that stand in the page, and returns the state and how it is drawn. All that
   a reader can change is in the state, plain numbers, texts and lists, so that it can be
   taken back, begun anew and put into an address. */
"use strict";

const book = (() => {
  let labels = 0;

  /* Set attributes, or listeners under names such as `oninput`. */
  function set(node, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value);
    }
    return node;
  }

  function element(tag, attributes = {}, ...children) {
    const made = set(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  }

  function shape(tag, attributes = {}, text = "") {
    const made = set(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);
    if (text) made.textContent = text;
    return made;
  }

  function text(attributes, words) {
    return shape("text", attributes, words);
  }

  /* Lines across a drawing, from one place to another, each at its height and with its words. */
  function rows([from, to], heights) {
    return heights.flatMap(([height, words]) => [
      shape("line", { class: "grid", x1: from, x2: to, y1: height, y2: height }),
      text({ x: from - 6, y: height + 4, class: "end" }, words),
    ]);
  }

  /* Make a part of a figure a slider, on which each key has its action. */
  function control(node, name, max, keys) {
    const onkeydown = (event) => {
      if (!(event.key in keys)) return;
      keys[event.key]();
      event.preventDefault();
    };
    const range = { "aria-valuemin": 0, "aria-valuemax": max };
    return set(node, { role: "slider", tabindex: 0, "aria-label": name, ...range, onkeydown });
  }

  /* Keys that step through whole numbers: by one, by ten, to the ends. */
  function steps(get, go, max) {
    const by = (count) => () => go(clamp(get() + count, max));
    return {
      ArrowLeft: by(-1),
      ArrowRight: by(1),
      PageDown: by(-10),
      PageUp: by(10),
      Home: by(-Infinity),
      End: by(Infinity),
    };
  }

  /* Return where in an element a pointer is, in its pixels across and down. */
  function place(event, element) {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /* Tell where in an area the pointer is, while it holds a part of the area.

     A finger that begins on a plot may want to scroll the page. The style `pan-y` leaves
     vertical swipes to the browser, which then cancels the pointer; so a finger is obeyed
     once it has moved sideways, or is lifted again where it was. What is small and can be
     dragged only, such as a knob, is `held` at once. */
  function drag(part, area, moved, { held = false } = {}) {
    let first = null;
    let active = false;
    const onpointerdown = (event) => {
      if (event.button) return;
      first = event;
      if (held || event.pointerType !== "touch") begin();
      event.stopPropagation();
    };
    const begin = () => {
      active = true;
      part.setPointerCapture(first.pointerId);
      moved(...place(first, area), true);
    };
    const onpointermove = (event) => {
      if (first?.pointerId !== event.pointerId) return;
      const [right, down] = [event.clientX - first.clientX, event.clientY - first.clientY].map(Math.abs);
      if (!active && right > 4 && right > down) begin();
      if (active) moved(...place(event, area), false);
    };
    const onpointerup = (event) => {
      const isTap = Math.abs(event.clientY - first?.clientY) < 8;
      if (first?.pointerId === event.pointerId && !active && isTap) begin();
      onpointercancel();
    };
    const onpointercancel = () => {
      first = null;
      active = false;
    };
    // Chromium overlooks `touch-action` on shapes, and would scroll away from under the finger.
    if (held) part.addEventListener("touchmove", (event) => event.cancelable && event.preventDefault());
    part.classList.add(held ? "held" : "plane");
    return set(part, { onpointerdown, onpointermove, onpointerup, onpointercancel });
  }

  /* A number as it is printed, with a minus sign and not a hyphen. */
  function print(value, digits = 0) {
    const text = value.toFixed(digits);
    return (Number(text) ? text : text.replace("-", "")).replace("-", "−");
  }

  function path(values, x, y) {
    return values.map((value, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  }

  function clamp(value, max, min = 0) {
    return Math.min(max, Math.max(min, value));
  }

  /* A colour that the style sheet gives to a role, as three numbers. */
  function colour(node, name) {
    const hex = getComputedStyle(node).getPropertyValue(`--play-${name}`).trim();
    const full = hex.length < 7 ? hex.replace(/[^#]/g, "$&$&") : hex;
    return [1, 3, 5].map((at) => parseInt(full.slice(at, at + 2), 16));
  }

  function mix(from, to, share) {
    return `rgb(${from.map((part, i) => Math.round(part + (to[i] - part) * share)).join(" ")})`;
  }

  /* A straight map from one interval to another. */
  function scale([from, to], [first, last]) {
    return (value) => first + ((value - from) / (to - from)) * (last - first);
  }

  /* Tell whether what an address says is of the kind that a figure's state holds. */
  function fits(value, model) {
    if (Array.isArray(model)) {
      return Array.isArray(value) && value.length <= 400 && value.every((one) => fits(one, model[0] ?? 0));
    }
    return typeof value === typeof model && (typeof value !== "number" || Math.abs(value) < 1e6);
  }

  /* The frame of a figure: its title, its state, what is said of it, its controls. */
  class Frame {
    constructor(name, { title, challenge = "" }) {
      this.name = name;
      this.said = element("p", { class: "description", role: "status", "aria-live": "polite" });
      this.won = element("strong");
      this.undo = this.button("Undo", () => this.back());
      this.reset = this.button("Reset", () => this.restore(this.start));
      const tools = element("div", { class: "tools" }, this.undo, this.reset, this.button("Link", () => this.link()));
      const id = `interactive-${++labels}`;
      const head = element("div", { class: "head" }, element("span", { class: "title", id }, title), tools);
      this.live = element("div", { class: "live", role: "group", "aria-labelledby": id }, head);
      if (challenge) {
        const text = element("span", {}, " ", challenge, " ");
        this.live.append(element("p", { class: "challenge" }, element("strong", {}, "Challenge:"), text, this.won));
      }
      this.refreshers = [];
      this.limits = [];
      this.past = [];
    }

    get width() {
      return Math.max(260, Math.round(this.live.clientWidth) || 640);
    }

    get isNarrow() {
      return this.width < 480;
    }

    /* A drawing as wide as the figure, in the pixels of the page, so that letters keep their size. */
    plot(name, label, role = "group") {
      const svg = shape("svg", { class: `plot ${name}`, role, "aria-label": label });
      svg.size = (height) => {
        const size = `${this.width} ${height}`;
        if (svg.dataset.size === size) return;
        svg.dataset.size = size;
        set(svg, { viewBox: `0 0 ${size}`, width: this.width, height });
      };
      return svg;
    }

    /* How wide each of two drawings is, side by side where there is room. */
    get half() {
      return this.isNarrow ? this.width : Math.floor((this.width - 20) / 2);
    }

    /* The same or, by another size, one of any width, with a group for its grid and what adds a part. */
    panel(name, label, role) {
      const svg = this.plot(name, label, role);
      const part = (tag, attributes, words) => svg.appendChild(shape(tag, attributes, words));
      const size = (width, height) => set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
      return { svg, part, size, grid: part("g", {}) };
    }

    button(text, onclick) {
      return element("button", { type: "button", onclick }, text);
    }

    /* A row of buttons, each with the change that it makes under its name. */
    buttons(label, actions) {
      const made = Object.entries(actions).map(([text, action]) => this.button(text, action));
      return element("div", { class: "control", role: "group", "aria-label": label }, ...made);
    }

    /* A range control with its name and its value. */
    slider(name, key, { min, max, step, text = (value) => print(value, 1), onchange }) {
      const id = `interactive-${++labels}`;
      const output = element("output", { for: id });
      const input = element("input", { type: "range", id, min, max, step });
      input.addEventListener("input", () => {
        this.change({ [key]: Number(input.value) });
        onchange?.();
      });
      const kind = step % 1 ? Number : Math.round;
      this.limits.push((wanted) => (wanted[key] = clamp(kind(wanted[key]), max, min)));
      this.refreshers.push(() => {
        input.value = this.state[key];
        output.textContent = text(this.state[key]);
        input.setAttribute("aria-valuetext", output.textContent);
      });
      return element("div", { class: "control slider" }, element("label", { for: id }, name), input, output);
    }

    /* Radio buttons, of which one sets a value of the state. */
    choice(legend, options, key, change = {}) {
      const name = `interactive-${++labels}`;
      this.limits.push((wanted) => (wanted[key] = wanted[key] in options ? wanted[key] : this.state[key]));
      const all = Object.entries(options).map(([value, text]) => {
        const onchange = () => this.change({ [key]: value, ...change });
        const input = element("input", { type: "radio", name, value, onchange });
        this.refreshers.push(() => (input.checked = value === this.state[key]));
        return element("label", {}, input, ` ${text}`);
      });
      return element("fieldset", { class: "control" }, element("legend", {}, legend), ...all);
    }

    switch(text, key) {
      const input = element("input", { type: "checkbox", onchange: () => this.change({ [key]: input.checked }) });
      this.refreshers.push(() => (input.checked = this.state[key]));
      return element("label", { class: "control" }, input, ` ${text}`);
    }

    /* What takes a step again and again, until it is stopped. */
    clock(step, interval) {
      let timer;
      const stop = () => {
        clearInterval(timer);
        this.commit();
      };
      const play = () => {
        clearInterval(timer);
        timer = setInterval(step, interval);
      };
      return { play, stop };
    }

    /* Say in a sentence what is seen, for those who do not see it, and whether the challenge is met. */
    say(text, won = "") {
      this.said.textContent = text;
      this.won.textContent = won;
    }

    change(values) {
      Object.assign(this.state, values);
      this.draw();
    }

    draw() {
      for (const refresh of this.refreshers) refresh();
      this.render();
    }

    /* Keep what there is now as a step to come back to, when a hand or a key is lifted. */
    commit() {
      const now = JSON.stringify(this.state);
      if (now !== this.past.at(-1)) this.past.push(now);
      this.undo.disabled = this.past.length < 2;
      this.reset.disabled = now === this.start;
    }

    back() {
      this.past.pop();
      this.restore(this.past.at(-1));
    }

    restore(kept) {
      this.change(JSON.parse(kept));
      this.commit();
    }

    /* Put the state into the address: what differs from the state at the beginning. */
    link() {
      const start = JSON.parse(this.start);
      const changed = Object.entries(this.state)
        .map(([key, value]) => [key, JSON.stringify(value)])
        .filter(([key, text]) => text !== JSON.stringify(start[key]));
      history.replaceState(null, "", `#${this.name}?${new URLSearchParams(changed)}`);
      const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject();
      const address = "The address of this page now leads to this state of the figure";
      copied.then(
        () => this.say(`${address}, and has been copied.`),
        () => this.say(`${address}; copy it from the browser's address bar.`),
      );
    }

    /* Take a state from the address, as far as it makes sense. */
    open() {
      const [name, query] = location.hash.slice(1).split("?");
      if (name !== this.name) return;
      const wanted = { ...JSON.parse(this.start) };
      for (const [key, text] of new URLSearchParams(query ?? "")) {
        try {
          const value = JSON.parse(text);
          if (key in wanted && fits(value, wanted[key])) wanted[key] = value;
        } catch {
          continue;
        }
      }
      for (const limit of [...this.limits, this.sound]) limit(wanted);
      this.change(wanted);
      this.commit();
      this.live.scrollIntoView({ block: "start" });
    }
  }

  /* Classes in full, since the site's sheet keeps the rules of those that a script names. */
  const traces = ["trace-0", "trace-1", "trace-2"];
  const filters = ["filter-0", "filter-1"];
  const cyclic = (names) => (i) => names[i % names.length];

  /* Scripts are deferred, so the page is there. An address may hold anything: what is no value of a
     control is brought into its limits, what is a figure's own by its function `sound`. */
  function figure(name, texts, build) {
    for (const holder of document.querySelectorAll(`.interactive-${name}`)) {
      const frame = new Frame(name, texts);
      holder.querySelector(".fallback").replaceWith(frame.live);
      const data = JSON.parse(holder.querySelector('script[type="application/json"]').textContent);
      const { state, parts, render, sound = () => {} } = build(frame, data);
      Object.assign(frame, { state, render, sound });
      frame.live.append(...parts, frame.said);
      frame.start = JSON.stringify(state);
      frame.draw();
      frame.commit();
      frame.open();
      watch(frame);
      holder.dataset.ready = "true";
    }
  }

  function watch(frame) {
    for (const event of ["pointerup", "pointercancel", "change", "click", "keyup"]) {
      frame.live.addEventListener(event, () => frame.commit());
    }
    addEventListener("hashchange", () => frame.open());
    // What is painted, and not styled, is painted anew in the colours of the other theme.
    const options = { attributeFilter: ["data-theme"] };
    new MutationObserver(() => frame.render()).observe(document.documentElement, options);
    let { width } = frame;
    new ResizeObserver(() => {
      if (width === frame.width) return;
      width = frame.width;
      frame.render();
    }).observe(frame.live);
  }

  const parts = { control, drag, element, figure, place, rows, set, shape, steps, text };
  const colours = { ofTrace: cyclic(traces), ofFilter: cyclic(filters) };
  return { ...parts, ...colours, clamp, colour, mix, path, print, scale };
})();
