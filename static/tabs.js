// Keeps the tabs of one attempt in step: each tells the others what it shows and what was saved, and says so when
// another, or another device, has gone on. It is a courtesy of the browser: the server judges.
import { isAnswered } from "./answer.js";
import { showBar } from "./bars.js";
import { showPosition } from "./positions.js";
import { askToSignIn } from "./signin.js";
import { isSending } from "./underway.js";
import { leaveUnasked } from "./unsaved.js";

const KEY = "told"; // what a form has sent, until its answer is shown

let attempt = null;
let channel = null;
let page = null;
let known = 0; // the version of the attempt that this tab has seen

// joinTabs tells the other tabs what this page shows, and hears what they do.
export function joinTabs({ main, signal, way }) {
  page = new Page(main, way);
  saw(Number(main.querySelector("[data-follow]")?.dataset.version ?? 0));
  join(main.dataset.attempt);
  addEventListener("pagehide", () => join(null), { signal });
  addEventListener("pageshow", (event) => { if (event.persisted) join(main.dataset.attempt); }, { signal });
  addEventListener("submit", (event) => page.sends(event), { signal });
  page.tell();
}

// whenSavedElsewhere calls back when another page has saved something at the position of this one.
export function whenSavedElsewhere(call) {
  page.savedElsewhere = call;
}

// tellTabs tells the other tabs of the attempt.
export function tellTabs(message) {
  channel?.postMessage(message);
}

// saw notes a version of the attempt that this tab shows, or has made.
export function saw(version) {
  known = Math.max(known, version ?? 0);
}

// catchUp shows what was done on another device, of which no tab tells, where the attempt has a version that this one has
// not seen.
export async function catchUp(version) {
  if (version > known && await page.catchUp()) saw(version);
}

function join(wanted) {
  if (!globalThis.BroadcastChannel || (wanted ?? null) === attempt) return;
  channel?.close();
  attempt = wanted ?? null;
  channel = attempt && new BroadcastChannel(`shiken:${attempt}`);
  channel?.addEventListener("message", ({ data }) => page.hear(data));
}

class Page {
  constructor(main, way) {
    Object.assign(this, { main, way });
    this.form = main.querySelector("form[data-response]");
    this.id = this.form?.elements.page.value;
    this.position = Number(main.dataset.position) || Infinity; // the review comes after all questions
    this.savedElsewhere = () => {};
  }

  tell() {
    const { status, reason } = this.main.dataset;
    const sent = take();
    if (sent?.attempt === attempt && !reason) tellTabs(sent);
    if (!attempt || !status) return;
    if (["in_progress", "paused"].includes(status)) tellTabs({ what: "opened", position: this.position });
    else tellTabs({ what: "over" });
  }

  // sends notes what the form saves, for the page that is its answer: only then it is saved.
  sends(event) {
    const form = event.target;
    const page = form.elements.namedItem("page")?.value;
    if (!page || (event.defaultPrevented && !isSending())) return;
    const action = event.submitter?.value;
    const answered = form === this.form ? action !== "clear" && isAnswered(form) : undefined;
    note({ what: "saved", attempt, page, position: this.position, answered, flagged: { flag: true, unflag: false }[action] });
  }

  hear(message) {
    switch (message.what) {
      case "saved": return this.saved(message);
      case "opened": return this.opened(message);
      case "signed-out": return askToSignIn();
      case "over": if (this.form) leaveUnasked(`/attempts/${attempt}/result`);
    }
  }

  // catchUp asks how the attempt stands, and tells whether it was told.
  async catchUp() {
    if (!this.form) return true;
    const answer = await fetch(`/api/v1/attempts/${attempt}`, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok || page !== this) return false;
    const { cursor, responses } = await answer.json();
    for (const { position, answered, flagged } of responses) showPosition(this.main, { position, answered, flagged });
    this.opened({ position: cursor });
    this.savedElsewhere();
    return true;
  }

  saved(message) {
    this.way.forget(message.position);
    showPosition(this.main, message);
    if (message.position === this.position && message.page !== this.id) this.savedElsewhere();
  }

  // Linear: what was left is closed.
  opened({ position }) {
    if (!this.form || this.form.dataset.navigation !== "linear" || position <= this.position) return;
    this.form.inert = true;
    const path = `/attempts/${attempt}`;
    const n = Math.min(position, Number(this.main.dataset.total));
    showBar("moved", { values: { n }, actions: { go: () => leaveUnasked(path) } });
  }
}

function note(message) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(message));
  } catch {
    // The other tabs hear nothing.
  }
}

function take() {
  try {
    const told = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    return told;
  } catch {
    return null;
  }
}
