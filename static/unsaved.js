// Says that the answer on the screen is not saved yet, and asks before the
// page is left by anything but its own form.

let form = null;
let leaving = false;

export function warnUnsaved({ main, signal }) {
  form = main.querySelector("form[data-question]");
  leaving = false;
  if (!form) return;
  form.addEventListener("input", showState, { signal });
  form.addEventListener("submit", () => { leaving = true; }, { signal });
  addEventListener("beforeunload", (event) => {
    if (!leaving && isUnsaved()) event.preventDefault();
  }, { signal });
  // Browsers put typed text back on a reload without an event.
  addEventListener("pageshow", showState, { signal });
}

// isUnsaved tells whether the answer on the screen differs from what is saved.
export function isUnsaved() {
  return form !== null && [...form.elements].some(isChanged);
}

// markSaved takes what is on the screen for saved at that time of day.
export function markSaved(time) {
  for (const control of form.elements) {
    if (isAnswer(control)) settle(control);
  }
  const words = form.querySelector("[data-when-saved]");
  words.textContent = words.dataset.words.replace("{time}", time);
  words.dataset.time = time;
  showState();
}

// leaveUnasked goes to another page and asks nothing: nothing on this one can be saved any more.
export function leaveUnasked(path) {
  leaving = true;
  location.replace(path);
}

function showState() {
  const state = form.querySelector("[data-saved-state]");
  const changed = isUnsaved();
  state.classList.toggle("state-changed", changed);
  state.querySelector("[data-when-saved]").hidden = changed;
  state.querySelector("[data-when-changed]").hidden = !changed;
}

function isAnswer(control) {
  return /^answer(\.|$)/.test(control.name) && control.type !== "hidden";
}

// Compares with what the server rendered, or saved since, which no restored text can move.
function isChanged(control) {
  if (!isAnswer(control)) return false;
  if (control.type === "radio" || control.type === "checkbox") {
    return control.checked !== control.defaultChecked;
  }
  if (control.options) {
    return [...control.options].some((option) => option.selected !== option.defaultSelected);
  }
  return control.value !== control.defaultValue;
}

function settle(control) {
  if (control.type === "radio" || control.type === "checkbox") {
    control.defaultChecked = control.checked;
  } else if (control.options) {
    for (const option of control.options) option.defaultSelected = option.selected;
  } else {
    control.defaultValue = control.value;
  }
}
