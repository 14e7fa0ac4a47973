// Says that the answer on the screen is not saved yet, and asks before the
// page is left by anything but its own form.

export function warnUnsaved() {
  const form = document.querySelector("form[data-question]");
  if (!form) return;
  const state = form.querySelector("[data-saved-state]");
  const changed = () => [...form.elements].some(isChanged);
  let leaving = false;

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

// Compares with what the server rendered, which no restored text can move.
function isChanged(control) {
  if (!/^answer(\.|$)/.test(control.name) || control.type === "hidden") return false;
  if (control.type === "radio" || control.type === "checkbox") {
    return control.checked !== control.defaultChecked;
  }
  if (control.options) {
    return [...control.options].some((option) => option.selected !== option.defaultSelected);
  }
  return control.value !== control.defaultValue;
}
