// Keeps the tabs of one attempt in step: each tells the others what it shows and what was saved, and says so when
// another has gone on. It is a courtesy of the browser: the server judges.
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

// joinTabs tells the other tabs what this page shows, and hears what they do.
export function joinTabs({ main, signal, way }) {
  page = new Page(main, way);
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
