/* What the interactive figures share: elements, controls, plots and the arithmetic.

   Classic scripts, since a page that is opened as a file may not load modules.
   A figure registers itself with `figure(name, build)`; `build` gets the element
   that holds its fallback and replaces the fallback by the live figure. */
"use strict";

const book = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  function shape(tag, attributes = {}) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  let labels = 0;

  /* A range control with its name, its value and its unit in words. */
  function slider(name, { min, max, step, value, text = String }, onchange) {
    const id = `interactive-${++labels}`;
    const output = element("output", { for: id }, text(value));
    const input = element("input", { type: "range", id, min, max, step, value });
    const set = (number) => {
      input.value = number;
      output.textContent = text(Number(input.value));
      input.setAttribute("aria-valuetext", text(Number(input.value)));
    };
    input.addEventListener("input", () => {
      set(input.value);
      onchange(Number(input.value));
    });
    set(value);
    const row = element("div", { class: "control" }, element("label", { for: id }, name), input, output);
    return { row, set };
  }

  function choice(legend, options, chosen, onchange) {
    const group = `interactive-${++labels}`;
    const buttons = Object.entries(options).map(([value, text]) =>
      element(
        "label",
        {},
        element("input", {
          type: "radio",
          name: group,
          value,
          checked: value === chosen,
          onchange: () => onchange(value),
        }),
        ` ${text}`,
      ),
    );
    return element("fieldset", { class: "control" }, element("legend", {}, legend), ...buttons);
  }

  function button(text, onclick) {
    return element("button", { type: "button", onclick }, text);
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

  function correlate(values, kernel, mode) {
    return convolve(values, [...kernel].reverse(), mode);
  }

  function data(holder) {
    const script = holder.querySelector('script[type="application/json"]');
    return script ? JSON.parse(script.textContent) : null;
  }

  function figure(name, build) {
    const start = () =>
      document.querySelectorAll(`.interactive-${name}`).forEach((holder) => {
        const content = data(holder);
        const live = element("div", { class: "live" });
        build(live, content, holder);
        holder.querySelector(".fallback")?.remove();
        holder.append(live);
        holder.dataset.ready = "true";
      });
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    else start();
  }

  return { button, choice, convolve, correlate, description, element, figure, path, print, shape, slider };
})();
