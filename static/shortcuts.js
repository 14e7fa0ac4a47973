// Keys that press the buttons of a question, and a dialog that lists them and switches them off (WCAG 2.1.4).
//
// They are keys without modifiers, which belong to browsers and screen readers, and work only where nothing is
// typed. What input methods use for composing is left alone.

const KEPT = "shiken.shortcuts";
const OFF = "off";
const COMPOSING = 229; // the keyCode of a key that an input method took

let inUse = true;

export function pressByKeys() {
  const template = document.querySelector("[data-shortcuts-template]");
  if (!template) return;
  inUse = kept() !== OFF;
  let dialog = null;
  const show = () => {
    dialog ??= make(template);
    present(dialog);
  };
  document.querySelector("[data-shortcuts-open]")?.addEventListener("click", show);
  document.addEventListener("keydown", (event) => {
    if (inUse && isForPage(event) && press(event.key, show)) event.preventDefault();
  });
}

function make(template) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  const use = dialog.querySelector("[data-shortcuts-use]");
  use.checked = inUse;
  use.addEventListener("change", () => {
    inUse = use.checked;
    keep(inUse ? "on" : OFF);
  });
  dialog.querySelector("[data-shortcuts-close]").addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  return dialog;
}

// Without storage the choice holds for this page.
function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(choice) {
  try {
    localStorage.setItem(KEPT, choice);
  } catch {
    // It holds for this page.
  }
}

function isForPage(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing || event.keyCode === COMPOSING) return false;
  if (event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && event.key !== "?")) return false;
  return !document.querySelector("dialog[open]") && !isTypedInto(event.target);
}

function isTypedInto(target) {
  return target.matches("textarea, select, audio, video, input:not([type=radio], [type=checkbox])") || target.isContentEditable;
}

// press does what a key stands for, and tells whether it stands for anything here.
function press(key, show) {
  const form = document.querySelector("form[data-question]");
  if (key === "?") {
    show();
    return true;
  }
  if (!form) return false;
  if (/^[1-9]$/.test(key)) return choose(form, Number(key));
  const actions = { n: ["next"], p: ["previous"], f: ["flag", "unflag"], r: ["review"] }[key.toLowerCase()];
  const button = actions && usable(actions.map((action) => form.querySelector(`button[name="action"][value="${action}"]`)).find((b) => b));
  if (!button) return false;
  // A key alone never closes a question.
  if (key.toLowerCase() === "n" && isLinear(form)) button.focus();
  else button.click();
  return true;
}

function choose(form, place) {
  const option = usable(form.querySelectorAll('.choice input[name="answer"]')[place - 1]);
  if (!option) return false;
  option.focus();
  option.click();
  return true;
}

// usable is the control, unless a person could not use it now.
const usable = (control) => (control && !control.matches(":disabled, [inert] *") && control.checkVisibility({ visibilityProperty: true }) ? control : null);

const isLinear = (form) => form.dataset.navigation === "linear";

function present(dialog) {
  const form = document.querySelector("form[data-question]");
  for (const row of dialog.querySelectorAll("[data-where]")) row.hidden = form !== null && (row.dataset.where === "linear") !== isLinear(form);
  dialog.showModal();
}
