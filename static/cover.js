// Covers a page while its exam is paused: nothing behind the cover can be read or used.

export class Cover {
  constructor(main, box, line) {
    Object.assign(this, { main, box, line });
    this.hidden = [...main.children].filter((child) => !("stays" in child.dataset));
  }

  // put covers, and moves the focus there until the cover is taken away.
  put() {
    for (const dialog of this.main.querySelectorAll("dialog[open]")) dialog.close(); // it would stand before the cover
    this.focused = document.activeElement;
    for (const part of this.hidden) part.inert = true;
    this.main.classList.add("covered");
    this.box.hidden = false;
    this.box.focus();
  }

  // tell says what became of the answer: "saving", "saved" at a time, or "unsaved". Without a time
  // nothing was saved, and nothing is said.
  tell(what, time) {
    const words = this.line.dataset[`words${what[0].toUpperCase()}${what.slice(1)}`];
    this.line.textContent = what === "saved" && !time ? "" : words.replace("{time}", time);
  }

  take() {
    for (const part of this.hidden) part.inert = false;
    this.main.classList.remove("covered");
    this.box.hidden = true;
    this.line.textContent = "";
    this.focused?.focus({ preventScroll: true });
  }
}
