// Bars above the page say what is not saved, and what can be done. The server has worded them, as templates.

// showBar shows a bar, in place of one of its name, until the signal ends it or it is taken away. Values fill its
// text; actions are called when their button is pressed, and the buttons of no action are left out. A page without
// the template shows nothing.
export function showBar(name, { values = {}, actions = {}, signal } = {}) {
  const template = document.querySelector(`template[data-bar="${name}"]`);
  if (!template) return;
  const bar = template.content.firstElementChild.cloneNode(true);
  const text = bar.querySelector("[data-bar-text]");
  text.textContent = fill(text.textContent, values);
  const shown = document.querySelector(`[data-bar-shown="${name}"]`);
  if (shown && !signal && shown.querySelector("[data-bar-text]").textContent === text.textContent) return; // said already
  shown?.remove();
  for (const button of bar.querySelectorAll("[data-bar-action]")) {
    const action = actions[button.dataset.barAction];
    if (action) button.addEventListener("click", action);
    else button.remove();
  }
  document.querySelector("[data-bars]").append(bar);
  signal?.addEventListener("abort", () => bar.remove());
}

export function hideBar(name) {
  document.querySelector(`[data-bar-shown="${name}"]`)?.remove();
}

// fill puts values in place of {name}.
export function fill(text, values) {
  return text.replace(/\{([a-z]+)\}/g, (place, name) => values[name] ?? place);
}

// titleOf words why a command was not taken.
export function titleOf(reason) {
  const titles = document.querySelector("template[data-titles]")?.content;
  return titles?.querySelector(`[data-title="${CSS.escape(reason)}"]`)?.textContent ?? reason;
}
