// Where the server could not serve, waits until it can, and then sends what the page keeps, or asks for
// the page again. The button does the same at once.
import { after } from "./screen.js";

// The first wait and the longest one, in milliseconds. Each is spread: everybody waits for the same.
const FIRST = 1000;
const LONGEST = 8000;
// How long an answer may take.
const PATIENCE = 5000;
// Failures in a row wait longer, also over several pages; after so long it is another row.
const ROW = 60000;
const KEY = "again";

export function goOnAgain({ main, signal }) {
  if (!("again" in main.dataset)) return;
  const status = main.querySelector("[data-again-status]");
  status.textContent = status.dataset.words;
  wait(main, signal, failures());
}

function wait(main, signal, failed) {
  const pause = Math.min(FIRST * 2 ** failed, LONGEST);
  after(pause * (0.5 + Math.random()), signal, () => look(main, signal, failed));
}

async function look(main, signal, failed) {
  const back = await isBack();
  if (signal.aborted) return;
  if (!back) {
    wait(main, signal, failed + 1);
    return;
  }
  remember(failed + 1);
  const form = main.querySelector("form[data-resend]");
  if (form) form.requestSubmit();
  else location.reload();
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
