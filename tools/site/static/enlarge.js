// A drawing fills the window by a tap or by its button, at its full size at least. The browser
// closes a dialog by Escape and gives the focus back to the button.
{
  const CORNERS = '<svg viewBox="0 0 12 12"><path d="M1 4V1h3M8 1h3v3M11 8v3H8M4 11H1V8"/></svg>';
  const dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  dialog.innerHTML = '<form method="dialog"><button autofocus>Close</button></form><div></div>';
  const [form, shown] = dialog.children;

  const open = (image, name) => {
    const copy = image.cloneNode();
    copy.loading = "eager";
    copy.style.setProperty("--wide", `${image.getAttribute("width")}px`);
    copy.style.setProperty("--shape", image.naturalWidth / image.naturalHeight);
    shown.replaceChildren(copy);
    dialog.setAttribute("aria-label", name);
    dialog.showModal();
  };
  // Beside the drawing is as good as the button.
  dialog.addEventListener("click", ({ target }) => target.nodeName === "IMG" || dialog.close());

  for (const drawing of document.querySelectorAll("article .drawing")) {
    const image = drawing.querySelector("img");
    const number = drawing.closest("figure")?.querySelector(".caption-number")?.textContent.trim();
    const button = document.createElement("button");
    button.className = "enlarge";
    button.innerHTML = CORNERS;
    button.title = button.ariaLabel = `Enlarge ${number ?? "the figure"}`;
    button.addEventListener("click", () => open(image, number ?? "Figure"));
    image.addEventListener("click", () => {
      button.focus();
      button.click();
    });
    drawing.after(button);
  }
  document.body.append(dialog);
}
