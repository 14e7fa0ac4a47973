// Measures how long the page of an attempt could not reach the service, and tells it when it can again:
// a hint for the invigilators, who see it beside what the server has seen. What is open is kept in this
// tab, since a page that reaches nobody may be replaced by one of the browser's own.
import { answers } from "./loading.js";
import { newID } from "./once.js";

// Shorter gaps are none: a page that listens anew may take that long. In milliseconds.
const LEAST = 5000;
// How long the service may take to be told.
const PATIENCE = 5000;
const KEY = "gap";

let path = null; // where the page of an attempt tells
let telling = false;
const waiting = new Set(); // for the service to be reached again

// measureGaps: a page that is shown has reached the service.
export function measureGaps({ main }) {
  path = main.querySelector("[data-gaps]")?.dataset.gaps ?? null;
  const gap = read();
  if (gap?.sent) {
    const { sent, ...rest } = gap;
    write(answers(sent) ? rest : { since: sent, ...rest });
  }
  reached();
}

export function listenForGaps() {
  addEventListener("offline", lost);
  addEventListener("online", look);
  addEventListener("submit", (event) => {
    if (path && !event.defaultPrevented && event.target.elements.namedItem("command_id")) {
      write({ ...read(), path, sent: Date.now() });
    }
  });
}

// lost notes that the service was not reached just now.
export function lost() {
  const gap = read();
  if (path && !gap?.since) write({ ...gap, path, since: Date.now() });
}

// reached notes that it was, and tells for how long it had not been.
export function reached() {
  const gap = read();
  if (!gap) return;
  if (gap.since) {
    const { since, ...rest } = gap;
    const lasted = Date.now() - since;
    write(lasted >= LEAST ? { ...rest, id: newID(), lasted: lasted + (rest.lasted ?? 0) } : rest);
    for (const call of [...waiting]) call();
  }
  tell();
}

// whenBack calls back each time when the service is reached again, until the signal ends it.
export function whenBack(call, signal) {
  waiting.add(call);
  signal?.addEventListener("abort", () => waiting.delete(call));
}

// look asks whether the service can be reached again, since a page that nobody looks at hears nothing.
async function look() {
  if (!path) return;
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) reached();
  } catch {
    // The next answer ends the gap.
  }
}

async function tell() {
  const { id, lasted, path: where } = read() ?? {};
  if (!id || telling) return;
  telling = true;
  try {
    const answer = await fetch(where, {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id, lasted_ms: lasted }), signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status < 500) forget(id);
  } catch {
    // Told with the next contact.
  }
  telling = false;
}

// forget drops what was told; another gap may have begun meanwhile.
function forget(told) {
  const { id, lasted, ...rest } = read() ?? {};
  if (id === told) write(rest);
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function write(gap) {
  try {
    if (gap.since || gap.sent || gap.id) sessionStorage.setItem(KEY, JSON.stringify(gap));
    else sessionStorage.removeItem(KEY);
  } catch {
    // The browser keeps nothing: nothing is told.
  }
}
