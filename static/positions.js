// Keeps the list of all questions up to date with what is saved, in the signs and words of the server.

// showPosition: what is saved at a position is an answer or none, and flagged or not; what is left out stays.
export function showPosition(main, { position, answered, flagged }) {
  const button = main.querySelector(`.positions [value="goto:${position}"]`);
  const variants = main.querySelector("template[data-positions]");
  if (!button || !variants || button.classList.contains("position-information")) return;
  const { classList } = button;
  classList.toggle("position-answered", answered ?? classList.contains("position-answered"));
  classList.toggle("position-unanswered", !classList.contains("position-answered"));
  classList.toggle("position-flagged", flagged ?? classList.contains("position-flagged"));
  const is = (what) => String(what === "current" ? button.ariaCurrent !== null : classList.contains(`position-${what}`));
  const selector = ["answered", "flagged", "current"].map((what) => `[data-${what}="${is(what)}"]`).join("");
  const words = variants.content.querySelector(selector).cloneNode(true);
  words.querySelector(".position-number").textContent = position;
  button.replaceChildren(...words.childNodes);
}
