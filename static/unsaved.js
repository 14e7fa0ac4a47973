// Says that the answer on the screen is not saved yet, and asks before the
// page is left by anything but its own form.

export function warnUnsaved() {
  const form = document.querySelector("form[data-question]");
  if (!form) return;
  const state = form.querySelector("[data-saved-state]");
  const original = answerOf(form);
  let leaving = false;
  const changed = () => answerOf(form) !== original;

  form.addEventListener("input", () => showState(state, changed()));
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && changed()) event.preventDefault();
  });
  // Browsers put typed text back on a reload without an event.
  addEventListener("pageshow", () => showState(state, changed()));
}

function showState(state, changed) {
  state.classList.toggle("state-changed", changed);
  state.querySelector("[data-when-saved]").hidden = changed;
  state.querySelector("[data-when-changed]").hidden = !changed;
}

function answerOf(form) {
  const answers = [...new FormData(form)].filter(([name]) => name === "answer" || name.startsWith("answer."));
  return new URLSearchParams(answers).toString();
}
