// Asks before an exam is handed in of which something could still be done. The page says it all without it: its button
// submits.

export function confirmSubmission({ main, signal }) {
  const template = main.querySelector("template[data-confirm]");
  if (!template) return;
  const form = main.querySelector(template.dataset.confirm);
  let isConfirmed = false;
  let dialog = null;
  const submit = () => {
    isConfirmed = true;
    dialog.close();
    form.requestSubmit();
  };
  // Before everybody else who hears of it.
  addEventListener("submit", (event) => {
    if (event.target !== form || isConfirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    dialog ??= make(template, main, signal, submit);
    dialog.showModal();
  }, { capture: true, signal });
}

function make(template, main, signal, submit) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  dialog.querySelector("[data-confirm-back]").addEventListener("click", () => dialog.close());
  // The second click of a double click meets the dialog that the first one has opened.
  dialog.querySelector("[data-confirm-submit]").addEventListener("click", (event) => { if (event.detail < 2) submit(); });
  main.append(dialog);
  showTime(dialog, main, signal);
  return dialog;
}

// showTime keeps the time left as the page's clock has it.
function showTime(dialog, main, signal) {
  const line = dialog.querySelector("[data-confirm-time]");
  const clock = main.querySelector("[data-timer-left]");
  if (!line || !clock) return;
  const show = () => { line.textContent = line.dataset.words.replace("{time}", clock.textContent); };
  const watch = new MutationObserver(show);
  watch.observe(clock, { childList: true });
  signal.addEventListener("abort", () => watch.disconnect());
  show();
}
