// What scrolls by itself, since there is no room for all of it, is reached by keys: not every browser sees to that.

export function reachScrolled({ main, signal }) {
  const boxes = [...main.querySelectorAll(".rich pre, .rich table, math[display=block]"), ...document.querySelectorAll("[data-bottom]")];
  const watch = new ResizeObserver(() => {
    for (const box of boxes) {
      if (box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  for (const box of boxes.flatMap((b) => [b, ...b.children])) watch.observe(box);
  signal.addEventListener("abort", () => watch.disconnect());
}
