// Sends what earlier pages of this browser left in the outbox: what belongs to no page that lives. Until that is done
// nobody acts on a page of the same attempt, which may show a state before it.
import { askToSignIn, isOwner, whenSignedIn } from "./signin.js";
import { hideBar, showBar, titleOf } from "./bars.js";
import { discard, held, of, put, settled } from "./outbox.js";
import { fieldsOf } from "./answer.js";
import { newID } from "./once.js";
import { send } from "./send.js";
import { showPosition } from "./positions.js";
import { whenBack } from "./gap.js";

// Statuses of what the server never takes as it is; others may come of who is signed in.
const NEVER = [400, 413];
// The first wait after a failure and the longest, in milliseconds, each spread by half.
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 8000;
// After so many failures a page that waits offers a choice.
const TRIES = 2;

let owner = null;
let refresh = null; // shows the page anew
let failures = 0;
let timer = null;
let running = null;
let notice = null; // stands above a page on which nobody acts

// startResending begins with what there is; showAnew is called when the page shows a state from before it.
export async function startResending(showAnew) {
  owner = document.body.dataset.owner;
  if (!owner) return;
  refresh = showAnew;
  addEventListener("online", () => resend());
  whenBack(() => resend());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") resend(); });
  whenSignedIn(() => resend());
  const attempt = attemptShown();
  if ((await orphans()).some((entry) => entry.attempt === attempt)) cover();
  await resend();
}

// resend sends what belongs to no living page, the oldest first, and tells whether the server could be asked to judge
// all of it.
export function resend() {
  if (!owner) return true;
  running ??= inTurn(sendAll).finally(() => { running = null; });
  return running;
}

// holdsBack tells whether something is left that nobody may go past: of the position that is asked for, which would
// be shown as it was before, or, where all of the attempt is handed in, of any.
export async function holdsBack(attempt, position) {
  return (await orphans()).some((entry) => entry.attempt === attempt && (position === "all" || entry.position === position));
}

// forgetRejected drops what the server has not taken, and keeps.
export async function forgetRejected() {
  await discard((await of(owner)).filter((entry) => entry.rejected));
}

// unsaved lists what of the owner no server has.
export async function unsaved() {
  return (await of(owner)).filter((entry) => !entry.rejected);
}

// inTurn keeps the tabs of a browser from sending the same at once.
function inTurn(work) {
  return navigator.locks ? navigator.locks.request("shiken:resend", work) : work();
}

async function orphans() {
  const [entries, pages] = await Promise.all([unsaved(), held()]);
  return entries.filter((entry) => !pages.has(entry.page) && !entry.refused);
}

async function sendAll() {
  clearTimeout(timer);
  let changed = false;
  let left = 0;
  let isDone = true; // nothing can be told any more
  for (const entry of await orphans()) {
    const outcome = await judged(entry);
    if (outcome.is === "acknowledged") {
      await settled(entry.key, entry.command_id);
      noteSaved(entry);
    }
    if (outcome.is === "rejected") await put({ ...entry, rejected: outcome.reason });
    if (outcome.is === "refused") await put({ ...entry, refused: outcome.status });
    if (["acknowledged", "rejected"].includes(outcome.is)) {
      changed ||= entry.attempt === attemptShown();
    } else if (outcome.is !== "refused") {
      left++;
    }
    if (outcome.is === "foreign") later(0); // others may come through
    if (["signed-out", "failed"].includes(outcome.is)) {
      isDone = false;
      if (outcome.is === "failed") later(outcome.retryAfter);
      else askToSignIn();
      break;
    }
  }
  await tell(left, changed);
  return isDone;
}

// judged sends an entry. That the server does not know its attempt says nothing while another is signed in.
async function judged(entry) {
  const outcome = await send(entry);
  if (outcome.is !== "refused" || NEVER.includes(outcome.status)) return outcome;
  const isIn = await isOwner();
  if (isIn === null) return { is: "failed", retryAfter: 0 };
  return isIn ? outcome : { is: "signed-out" };
}

function later(retryAfter) {
  clearTimeout(timer);
  const wait = Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT) * (0.5 + Math.random());
  failures++;
  timer = setTimeout(resend, Math.max(wait, retryAfter));
}

// noteSaved marks the question of an entry in the list of all, where it is shown.
export function noteSaved(entry) {
  if (entry.attempt !== attemptShown()) return;
  const answered = answerFields(entry).some(([, value]) => value !== "");
  showPosition(document.querySelector("main"), { position: entry.position, answered });
}

// tell says what is left, and shows the page anew where something that it shows is another.
async function tell(left, changed) {
  if (left === 0) failures = 0;
  if (notice && left > 0) {
    if (failures > TRIES) offer();
    return;
  }
  const wasCovered = notice !== null;
  uncover();
  if (changed && wasCovered) {
    refresh();
    return;
  }
  const waiting = await orphans();
  if (waiting.length === 0) hideBar("unsent");
  else showBar("unsent", { values: { n: waiting.length, labels: waiting.map((e) => e.label).join(", ") }, actions: { send: resend } });
  await tellRefused();
  await tellRejected();
}

// tellRefused shows what can never be saved, one after the other, until its owner discards it.
async function tellRefused() {
  const entry = (await unsaved()).find((e) => e.refused);
  if (!entry) {
    hideBar("unsendable");
    return;
  }
  const text = answerFields(entry).map(([, value]) => value).join("\n");
  showBar("unsendable", {
    values: { label: entry.label, text },
    actions: {
      dismiss: async () => {
        await discard([entry]);
        await tellRefused();
      },
    },
  });
}

// tellRejected says that something was not taken, one after the other, until its owner has looked at it.
async function tellRejected() {
  const entry = (await of(owner)).find((e) => e.rejected);
  hideBar("late");
  if (!entry) return;
  const done = async () => {
    await discard([entry]);
    await tellRejected();
  };
  showBar("late", {
    values: { label: entry.label, title: titleOf(entry.rejected) },
    actions: {
      dismiss: done,
      show: async () => {
        await done();
        compare(entry);
      },
    },
  });
}

// compare sends it once more as a form, which the server answers by the page that offers the choice.
function compare(entry) {
  const form = document.createElement("form");
  form.method = "post";
  form.setAttribute("action", `/attempts/${entry.attempt}/questions/${entry.position}`);
  form.hidden = true;
  for (const [name, value] of fieldsAgain(entry)) {
    // A text area, since an input would take line breaks away.
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.requestSubmit();
}

function fieldsAgain(entry) {
  const { rev, page, seq, opening } = entry;
  return [["rev", rev], ["page", page], ["seq", seq + 1], ["opening", opening], ["command_id", newID()], ...answerFields(entry)];
}

// answerFields is the answer of an entry as the fields of a form.
function answerFields({ kind, body }) {
  if (kind === "draft") return fieldsOf(JSON.parse(body).answer);
  const fields = new URLSearchParams(body);
  return fields.get("action") === "clear" ? [] : [...fields].filter(([name]) => /^answer(\.|$)/.test(name));
}

function attemptShown() {
  return document.querySelector("main").dataset.attempt;
}

function cover() {
  const template = document.querySelector("template[data-unsent]");
  if (!template) return;
  notice = template.content.firstElementChild.cloneNode(true);
  const main = document.querySelector("main");
  main.before(notice);
  main.inert = true;
}

function uncover() {
  if (!notice) return;
  notice.remove();
  notice = null;
  document.querySelector("main").inert = false;
}

// offer lets the owner of what cannot be sent choose.
function offer() {
  const parts = notice.querySelectorAll("[hidden]");
  if (parts.length === 0) return;
  for (const part of parts) part.hidden = false;
  notice.querySelector("[data-unsent-send]").addEventListener("click", () => resend());
  notice.querySelector("[data-unsent-drop]").addEventListener("click", async () => {
    await discard(await orphans());
    refresh();
  });
  notice.focus();
}
