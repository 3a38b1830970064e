// A formula that is wider than its box is a stop of the keyboard, and no other is. An
// observer hears of a box once it is laid out, and then of each change of its size.
{
  const observer = new ResizeObserver((entries) => {
    const found = entries.map(({ target: { scrollWidth, clientWidth } }) => scrollWidth > clientWidth);
    entries.forEach(({ target }, index) => (target.tabIndex = found[index] ? 0 : -1));
  });
  for (const formula of document.querySelectorAll("article div.math")) observer.observe(formula);
}
