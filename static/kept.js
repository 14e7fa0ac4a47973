// Keeps what a form of a question sends, in this tab, until the server has answered it: the page that
// sent it may be replaced by one of the browser's own when no server can be reached. It is gone with the
// tab, with the sign-out, and when somebody else signs in.

import { answers } from "./loading.js";

const PREFIX = "unsent:";
// Nothing is kept for longer, in milliseconds.
const LIFETIME = 24 * 60 * 60 * 1000;
// The cookie that names the command answered last.
const ANSWERED = "shiken_answered";
// Answers that leave a command undecided.
const UNDECIDED = ["down", "busy", "internal"];

export function keepWhatIsSent() {
  // On the window, which hears of a submission after everybody who may have stopped it.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.id === "logout") forgetAll();
    if (isQuestion(form)) keep(form, event.submitter);
  });
}

// kept lists what is kept of whoever is signed in and not answered yet, the oldest first, and forgets
// everything else.
export function kept(owner) {
  const all = keys().map((key) => ({ key, ...read(key) }));
  const open = all.filter((e) => e.owner === owner && Date.now() - e.at < LIFETIME && !isAnswered(e));
  for (const e of all) {
    if (!open.includes(e)) sessionStorage.removeItem(e.key);
  }
  return open.sort((a, b) => a.at - b.at);
}

// note remembers that a kept command is sent once more.
export function note(entry) {
  write(entry.key, { ...entry, tries: entry.tries + 1 });
}

export function forget(entry) {
  sessionStorage.removeItem(entry.key);
}

function forgetAll() {
  for (const key of keys()) sessionStorage.removeItem(key);
}

function isQuestion(form) {
  const has = (name) => form.elements.namedItem(name);
  return has("command_id") && has("page") && has("seq") && pathOf(form).startsWith("/attempts/");
}

// A field may be called "action", so the property of that name tells nothing.
function pathOf(form) {
  return form.getAttribute("action") ?? location.pathname;
}

function keep(form, submitter) {
  const key = PREFIX + form.elements.namedItem("page").value;
  const before = read(key);
  const owner = document.body.dataset.owner ?? before.owner;
  if (!owner) return;
  const fields = [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string");
  write(key, { owner, path: pathOf(form), fields, at: Date.now(), tries: before.tries ?? 0 });
}

// isAnswered tells whether what was sent was answered by a redirect, which only what was applied is answered
// by, or by this page, which says why it was not.
function isAnswered(entry) {
  if (wasTold(entry)) return true;
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation?.type !== "navigate" || !answers(entry.at)) return false;
  if (navigation.redirectCount > 0) return true;
  const { outcome, error } = document.querySelector("main").dataset;
  return location.pathname === entry.path && (Boolean(outcome) || (Boolean(error) && !UNDECIDED.includes(error)));
}

// The page that a redirect leads to may be left before its script has run; the cookie stays. Another tab's answer
// replaces it.
function wasTold(entry) {
  const [, id] = entry.fields.find(([name]) => name === "command_id");
  return document.cookie.split("; ").includes(`${ANSWERED}=${id}`);
}

function keys() {
  try {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  } catch { // the browser keeps nothing
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function write(key, entry) {
  try {
    sessionStorage.setItem(key, JSON.stringify(entry));
  } catch {
    // Too long for the browser; the page of the server keeps it as well.
  }
}
