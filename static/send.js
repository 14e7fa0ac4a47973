// Sends a command of the outbox, the same bytes each time (R2), and says what became of it:
//
//   acknowledged  the server has it; at: when, by its clock, and rev, where it says so
//   rejected      the server keeps it beside the attempt and has not applied it; reason, current: what is saved
//   signed-out    nobody is signed in
//   refused       the server does not take it as it is; status
//   failed        nobody knows; retryAfter: not before so many milliseconds
//
// Only the first two end an entry.
import { lost, reached } from "./gap.js";

// How long an answer may take, in milliseconds: longer than a server works on a command.
const PATIENCE = 10000;
// A browser sends so many bytes at most while a page is left.
const KEEPALIVE = 60 * 1024;

// Statuses that say nothing of the command.
const isPassing = (status) => status === 408 || status === 425 || status === 429 || status >= 500;

// leaving: the page may be gone before the answer comes.
export async function send(entry, leaving = false) {
  try {
    const answer = await fetch(entry.path, requestOf(entry, leaving));
    if (answer.status < 500) reached();
    return await judge(entry, answer);
  } catch {
    lost();
    return { is: "failed", retryAfter: 0 };
  }
}

function requestOf({ kind, body }, leaving) {
  const request = kind === "draft"
    ? { method: "PUT", headers: { "Content-Type": "application/json" } }
    : { method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" }, redirect: "manual" };
  const end = leaving
    ? { keepalive: new Blob([body]).size < KEEPALIVE }
    : { signal: AbortSignal.timeout(PATIENCE) };
  return { ...request, ...end, body };
}

async function judge(entry, answer) {
  if (answer.status === 401) return { is: "signed-out" };
  if (isPassing(answer.status)) {
    return { is: "failed", retryAfter: 1000 * (Number(answer.headers.get("Retry-After")) || 0) };
  }
  return entry.kind === "draft" ? judgeDraft(answer) : judgeForm(answer);
}

async function judgeDraft(answer) {
  const { success, rev, reason, current } = await answer.json();
  if (answer.ok && success === true) return { is: "acknowledged", at: Date.parse(answer.headers.get("Date")), rev };
  return reason ? { is: "rejected", reason, current } : { is: "refused", status: answer.status };
}

// A form is acknowledged by a redirect, and by nothing else.
async function judgeForm(answer) {
  if (answer.type === "opaqueredirect") return { is: "acknowledged", at: NaN };
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const { reason } = page.querySelector("main")?.dataset ?? {};
  return reason ? { is: "rejected", reason } : { is: "refused", status: answer.status };
}
