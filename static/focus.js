// Puts the focus where a page begins.

export function focusStart({ main }) {
  const told = main.querySelector("[data-focus]");
  told?.focus();
  // Where one page of work follows another, the hands stay on the keyboard. A phone would open its own.
  if (!told && !matchMedia("(pointer: coarse)").matches) {
    main.querySelector("[data-start]")?.focus({ preventScroll: true });
  }
}
