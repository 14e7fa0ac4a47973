// While a command is under way, nothing else on the page leads away: the browser would drop what it
// is sending, or show a page that the command has not reached yet.

// Longer than a server takes that answers at all, in milliseconds; then links work again.
const PATIENCE = 15000;

let since = -Infinity;

export function holdWhileSending() {
  // On the window, which hears of a submission after everybody who may have stopped it.
  addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.elements.namedItem("command_id")) {
      beginSending();
    }
  });
  addEventListener("click", hold, { capture: true });
}

// beginSending and endSending stand around a command that is sent beside the form.
export function beginSending() {
  since = performance.now();
  document.documentElement.classList.add("sending");
}

export function endSending() {
  since = -Infinity;
  document.documentElement.classList.remove("sending");
}

// isSending tells whether a command of the page is under way.
export function isSending() {
  return performance.now() - since <= PATIENCE;
}

function hold(event) {
  if (!isSending()) return;
  const leads = event.target.closest("a[href], button[form], button[type=submit]");
  if (leads && !leads.form?.elements.namedItem("command_id")) event.preventDefault();
}
