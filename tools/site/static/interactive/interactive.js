/* What the interactive figures share: elements, controls, plots and the arithmetic.

   Classic scripts, since a page that is opened as a file may not load modules.
   A figure registers itself with `figure(name, build)`; `build` gets the element
   that takes the place of the fallback, and the data that stand in the page. */
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

  function shape(tag, attributes = {}) {
    return set(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);
  }

  /* A range control with its name and its value. */
  function slider(name, { min, max, step, value, text }, onchange) {
    const id = `interactive-${++labels}`;
    const output = element("output", { for: id });
    const input = element("input", { type: "range", id, min, max, step, value });
    const show = () => {
      output.textContent = text(Number(input.value));
      input.setAttribute("aria-valuetext", output.textContent);
    };
    input.addEventListener("input", () => {
      show();
      onchange(Number(input.value));
    });
    show();
    return element("div", { class: "control" }, element("label", { for: id }, name), input, output);
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

  /* Return where in an element a pointer is, from 0 to 1 across and down. */
  function place(event, element) {
    const box = element.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  /* Tell where in an element the pointer is, while it holds a part of the element. */
  function drag(part, element, moved) {
    const tell = (event) => part.hasPointerCapture(event.pointerId) && moved(...place(event, element));
    const onpointerdown = (event) => {
      part.setPointerCapture(event.pointerId);
      tell(event);
    };
    return set(part, { onpointerdown, onpointermove: tell });
  }

  /* Radio buttons, of which one sets a value of the state. */
  function choice(legend, options, state, key, update) {
    const name = `interactive-${++labels}`;
    const buttons = Object.entries(options).map(([value, text]) => {
      const onchange = () => {
        state[key] = value;
        update();
      };
      const input = element("input", { type: "radio", name, value, onchange });
      input.checked = value === state[key];
      return element("label", {}, input, ` ${text}`);
    });
    return element("fieldset", { class: "control" }, element("legend", {}, legend), ...buttons);
  }

  /* A row of buttons, each with what it does under its name. */
  function buttons(label, actions) {
    const made = Object.entries(actions).map(([text, onclick]) =>
      element("button", { type: "button", onclick }, text),
    );
    return element("div", { class: "control", role: "group", "aria-label": label }, ...made);
  }

  /* One sentence that a screen reader says when the figure changes, and all can read. */
  function description() {
    return element("p", { class: "description", role: "status", "aria-live": "polite" });
  }

  /* A number as it is printed, with a minus sign and not a hyphen. */
  function print(value, digits = 0) {
    return value.toFixed(digits).replace("-", "−");
  }

  function path(values, x, y) {
    return values.map((value, i) => `${i ? "L" : "M"}${x(i).toFixed(2)} ${y(value).toFixed(2)}`).join("");
  }

  function clamp(value, max) {
    return Math.min(max, Math.max(0, value));
  }

  /* The convolution of NumPy: the kernel is turned round, then slides. */
  function convolve(values, kernel, mode) {
    const full = new Array(values.length + kernel.length - 1).fill(0);
    values.forEach((value, i) => kernel.forEach((weight, j) => (full[i + j] += value * weight)));
    const [shorter, longer] = [kernel.length, values.length].sort((a, b) => a - b);
    if (mode === "full") return full;
    if (mode === "valid") return full.slice(shorter - 1, longer);
    const start = Math.floor((shorter - 1) / 2);
    return full.slice(start, start + longer);
  }

  /* Scripts are deferred, so the page is there. */
  function figure(name, build) {
    for (const holder of document.querySelectorAll(`.interactive-${name}`)) {
      const live = element("div", { class: "live" });
      build(live, JSON.parse(holder.querySelector('script[type="application/json"]').textContent));
      holder.querySelector(".fallback").replaceWith(live);
      holder.dataset.ready = "true";
    }
  }

  const parts = { buttons, choice, control, description, drag, element, figure, place, set, shape, slider };
  return { ...parts, clamp, convolve, path, print };
})();
