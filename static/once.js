// Double clicks and second thoughts.
//
// A form that is sent again unchanged sends the same command, to the byte: the
// server replays it (R2), and a quick second click is not sent at all. Once
// something was sent and the answer or the button is another, it is another
// command: it gets a fresh command_id and the next seq of its page (R3).

// A second click within this time is a double click, in milliseconds.
const DOUBLE_CLICK = 1500;

const sent = new WeakMap();

export function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.elements.namedItem("command_id")) {
      checkSending(event, form);
    }
  });
}

function checkSending(event, form) {
  const before = sent.get(form);
  const content = contentOf(form, event.submitter);
  if (before && before.content === content) {
    const again = performance.now() - before.at < DOUBLE_CLICK;
    if (again) event.preventDefault();
    return;
  }
  if (before) renew(form);
  sent.set(form, { content, at: performance.now() });
}

// Everything that makes the command what it is, except what names it.
function contentOf(form, submitter) {
  const fields = new FormData(form, submitter);
  fields.delete("command_id");
  fields.delete("seq");
  return new URLSearchParams(fields).toString();
}

// takeKeys gives the keys of a further command of the form's page, which is sent beside the form. What
// the form sends after it is another command.
export function takeKeys(form) {
  if (sent.has(form)) renew(form);
  const { command_id: id, seq } = form.elements;
  const keys = { command_id: id.value, seq: Number(seq.value) };
  renew(form);
  sent.delete(form);
  return keys;
}

function renew(form) {
  const { command_id: id, seq } = form.elements;
  id.value = newID();
  if (seq) seq.value = String(Number(seq.value) + 1);
}

// newID gives a fresh UUID: randomUUID exists only where the page came over TLS or from the own machine.
export function newID() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
