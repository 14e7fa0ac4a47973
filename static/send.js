// Sends a command of the outbox, the same bytes each time (R2), and says what became of it:
//
//   acknowledged  the server has it; at: when, by its clock, and rev and version (of the attempt), where it says so
//   rejected      the server keeps it beside the attempt and has not applied it; reason, current: what is saved
//   signed-out    nobody is signed in
//   refused       the server does not take it as it is; status
//   foreign       somebody before the server has answered, as a filter or the sign-in of a network does
//   failed        nobody knows; retryAfter: not before so many milliseconds
//
// Only the first two end an entry.
import { lost, reached } from "./gap.js";
import { askedFor } from "./wait.js";

// How long an answer may take, in milliseconds: longer than a server works on a command.
const PATIENCE = 10000;
// A browser sends so many bytes at most while a page is left.
const KEEPALIVE = 60 * 1024;
// The cookie that names the command answered last.
const ANSWERED = "shiken_answered";

const FOREIGN = { is: "foreign", retryAfter: 0 };

// Statuses that say nothing of the command.
const isPassing = (status) => status === 408 || status === 425 || status === 429 || status >= 500;

// leaving: the page may be gone before the answer comes.
export async function send(entry, leaving = false) {
  try {
    const answer = await fetch(entry.path, requestOf(entry, leaving));
    const outcome = await judge(entry, answer);
    if (answer.status < 500 && outcome.is !== "foreign") reached();
    return outcome;
  } catch {
    lost();
    return { is: "failed", retryAfter: 0 };
  }
}

function requestOf({ kind, body }, leaving) {
  const request = kind === "draft"
    ? { method: "PUT", headers: { "Content-Type": "application/json" } }
    : { method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" }, redirect: "manual" };
  const keepalive = leaving && new Blob([body]).size < KEEPALIVE;
  return { ...request, keepalive, signal: AbortSignal.timeout(PATIENCE), body };
}

async function judge(entry, answer) {
  if (answer.status === 401) return { is: "signed-out" };
  if (isPassing(answer.status)) {
    return { is: "failed", retryAfter: askedFor(answer) };
  }
  return entry.kind === "draft" ? judgeDraft(answer) : judgeForm(entry, answer);
}

async function judgeDraft(answer) {
  const { success, rev, reason, current, receipt } = await answer.json().catch(() => ({}));
  if (answer.ok && success === true) return { is: "acknowledged", at: Date.parse(answer.headers.get("Date")) || Date.now(), rev, version: receipt?.seq };
  if (success !== false) return FOREIGN;
  return reason ? { is: "rejected", reason, current } : { is: "refused", status: answer.status };
}

// A form is acknowledged by a redirect of the server, and by nothing else: a network that asks for a sign-in of its own
// redirects as well.
async function judgeForm(entry, answer) {
  if (answer.type === "opaqueredirect") {
    return await isAnswered(entry) ? { is: "acknowledged", at: NaN } : FOREIGN;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const { reason, error } = page.querySelector("main")?.dataset ?? {};
  if (reason) return { is: "rejected", reason };
  return error ? { is: "refused", status: answer.status } : FOREIGN;
}

// isAnswered tells whether it was the server that answered a command by a redirect, which names it in a cookie. Where
// that names another, since another tab was answered meanwhile, or since somebody in between redirects or keeps cookies
// from scripts, the server is asked.
export async function isAnswered({ attempt, command_id: id }) {
  if (document.cookie.split("; ").includes(`${ANSWERED}=${id}`)) return true;
  try {
    const answer = await fetch(`/api/v1/attempts/${attempt}/commands/${id}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    const { command_id: named, outcome } = await answer.json();
    return named === id && outcome === "applied";
  } catch {
    return false;
  }
}
