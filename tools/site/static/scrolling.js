// What is larger than its box is a stop of the keyboard, and nothing else is. An observer
// hears of a box once it is laid out: no part of a page is laid out for this alone.
{
  const scrolls = (box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  const observer = new ResizeObserver((entries) => {
    const found = entries.map(({ target }) => [target, scrolls(target) ? 0 : -1]);
    for (const [box, tabIndex] of found) box.tabIndex = tabIndex;
  });
  for (const box of document.querySelectorAll("article .scrolls")) observer.observe(box);
}
