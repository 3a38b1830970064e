/* The arithmetic that several figures need, equal to NumPy's and Keras'. */
"use strict";

/* Weights that sum to one; the largest score is taken off, so that nothing overflows. */
book.softmax = (scores) => {
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

/* The error function, to 2e-7: M. Abramowitz and I. Stegun, 7.1.26. */
book.erf = (x) => {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return Math.sign(x) * (1 - factors.reduce((sum, factor) => (sum + factor) * t, 0) * Math.exp(-x * x));
};

/* A small generator of random numbers, so that a seed gives the same ones again. */
book.random = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

book.normal = (uniform) => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

book.poisson = (uniform, mean) => {
  if (mean > 50) return book.poisson(uniform, mean / 2) + book.poisson(uniform, mean / 2);
  let count = 0;
  for (let product = uniform(); product > Math.exp(-mean); product *= uniform()) count++;
  return count;
};

/* The convolution of NumPy: the kernel is turned round, then slides. */
book.convolve = (values, kernel, mode) => {
  const full = new Array(values.length + kernel.length - 1).fill(0);
  values.forEach((value, i) => kernel.forEach((weight, j) => (full[i + j] += value * weight)));
  const [shorter, longer] = [kernel.length, values.length].sort((a, b) => a - b);
  if (mode === "full") return full;
  if (mode === "valid") return full.slice(shorter - 1, longer);
  const start = Math.floor((shorter - 1) / 2);
  return full.slice(start, start + longer);
};
