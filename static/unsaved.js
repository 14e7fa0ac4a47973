// Says whether the answer on the screen is saved, and asks before the page is left by anything but its own form while
// it is not.
import { asRendered, onScreen } from "./answer.js";

let form = null;
let leaving = false;
let rendered = null;
let isOpen = null; // tells what is not known to be saved

export function warnUnsaved({ main, signal }) {
  form = main.querySelector("form[data-question]");
  leaving = false;
  if (!form) return;
  rendered = asRendered(form);
  isOpen = () => JSON.stringify(onScreen(form)) !== JSON.stringify(rendered);
  // On the window, which hears of a submission after everybody who may have stopped it.
  addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target === form) leaving = true;
  }, { signal });
  addEventListener("beforeunload", (event) => {
    if (!leaving && isUnsaved()) event.preventDefault();
  }, { signal });
  if (form.dataset.response) return; // who saves says more
  const show = () => showState({ isOpen: isOpen() });
  form.addEventListener("input", show, { signal });
  // Browsers put typed text back on a reload without an event.
  addEventListener("pageshow", show, { signal });
}

// answerAsRendered is what the server had saved when it rendered the page.
export function answerAsRendered() {
  return rendered;
}

// judgeBy lets another judge what is saved, one that saves.
export function judgeBy(judge) {
  isOpen = judge;
}

// isUnsaved tells whether the answer on the screen differs from what is saved.
export function isUnsaved() {
  return form !== null && isOpen();
}

// mayLeave lets the page be left unasked.
export function mayLeave() {
  leaving = true;
}

// leaveUnasked goes to another page and asks nothing: nothing on this one can be saved any more.
export function leaveUnasked(path, way = location) {
  mayLeave();
  way.replace(path);
}

// showState words it: isKept says that this browser holds what is not saved, time when it was saved since.
export function showState({ isOpen: isChanged, isKept = false, time }) {
  const state = form.querySelector("[data-saved-state]");
  const saved = state.querySelector("[data-when-saved]");
  if (time && saved.dataset.time !== time) {
    saved.textContent = saved.dataset.words.replace("{time}", time);
    saved.dataset.time = time;
  }
  state.classList.toggle("state-changed", isChanged);
  saved.hidden = isChanged;
  state.querySelector("[data-when-changed]").hidden = !isChanged || isKept;
  state.querySelector("[data-when-kept]").hidden = !isChanged || !isKept;
}
