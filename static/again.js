// Where the server could not serve, waits until it can, and then sends what the page keeps, or asks for
// the page again. The button does the same at once.
import { after } from "./screen.js";
import { pauseAfter } from "./wait.js";

// How long an answer may take.
const PATIENCE = 5000;
// Failures in a row wait longer, also over several pages; after so long it is another row.
const ROW = 60000;
const KEY = "again";

export function goOnAgain({ main, signal, way }) {
  if (!("again" in main.dataset)) return;
  const status = main.querySelector("[data-again-status]");
  status.textContent = status.dataset.words;
  wait(main, signal, way, failures());
}

function wait(main, signal, way, failed) {
  after(pauseAfter(failed), signal, () => look(main, signal, way, failed));
}

async function look(main, signal, way, failed) {
  const back = await isBack();
  if (signal.aborted) return;
  if (!back) {
    wait(main, signal, way, failed + 1);
    return;
  }
  remember(failed + 1);
  const form = main.querySelector("form[data-resend]");
  if (form) form.requestSubmit();
  else way.renew();
}

// isBack asks whether the service and its database answer.
async function isBack() {
  try {
    const answer = await fetch("/readyz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) return false;
    const { database } = await answer.json();
    return database === "ok";
  } catch {
    return false;
  }
}

function failures() {
  try {
    const { count, at } = JSON.parse(sessionStorage.getItem(KEY));
    return Date.now() - at < ROW ? count : 0;
  } catch {
    return 0;
  }
}

function remember(count) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ count, at: Date.now() }));
  } catch {
    // Then each page begins anew.
  }
}
