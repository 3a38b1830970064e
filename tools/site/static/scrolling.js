// What is wider than its box is a stop of the keyboard, and nothing else is. The theme sees
// to code and tables only, and only some time after a phone was turned. An observer hears of
// each change of a box's size at once.
{
  const inCells = ".cell_output > .output, .pst-scrollable-table-container";
  const boxes = `article :is(pre, div.math, .drawing, ${inCells})`;
  const scrolls = (box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  const observer = new ResizeObserver((entries) => {
    const found = entries.map(({ target }) => [target, scrolls(target) ? 0 : -1]);
    for (const [box, tabIndex] of found) box.tabIndex = tabIndex;
  });
  for (const box of document.querySelectorAll(boxes)) observer.observe(box);
}
