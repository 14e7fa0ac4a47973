// Follows what the invigilators do to the attempt: a pause saves what is on the screen and covers it, a
// resume takes the cover away, the clock goes by the end that holds, messages are shown, and once the
// attempt is over the page leads to its result. Without any of it the page works, and meets all that
// with its next request.
import { goOn, holdAutosave, saveNow } from "./autosave.js";
import { holdCountdown, moveDeadline } from "./countdown.js";
import { Cover } from "./cover.js";
import { Elsewhere } from "./elsewhere.js";
import { Messages } from "./messages.js";
import { askToSignIn } from "./signin.js";
import { listen, listenNoMore } from "./stream.js";
import { catchUp } from "./tabs.js";
import { isSending } from "./underway.js";
import { isUnsaved, leaveUnasked } from "./unsaved.js";

// Pages that are told to save at the same moment do it within this time, in milliseconds.
const SPREAD = 500;
// How long a page waits for its own command to be answered before it looks again.
const AGAIN = 500;

export function follow({ main, signal, way, asked }) {
  const root = main.querySelector("[data-follow]");
  if (!root) {
    listenNoMore();
    return;
  }
  const page = root.dataset.next ? new WaitingPage(root, main, way) : new OpenPage(root, main, way);
  signal.addEventListener("abort", () => page.end());
  listen(root.dataset.follow, page, asked);
}

const isOver = (state) => state.status !== "in_progress" && state.status !== "paused";

// Page is what all pages of an attempt share.
class Page {
  constructor(root, main, way) {
    this.root = root;
    this.main = main;
    this.way = way;
    this.deadline = Date.parse(main.dataset.deadline);
    this.voice = root.querySelector("[data-voice]");
    this.messages = new Messages(root, (what, values) => this.say(what, values));
  }

  // hear: a state that arrived at a time of performance.now.
  hear(state, at) {
    this.latest = state;
    this.latestAt = at;
    clearTimeout(this.again);
    if (isSending()) { // the answer to it tells more
      this.wait();
    } else if (isOver(state)) {
      leaveUnasked(this.root.dataset.result, this.way);
    } else {
      this.messages.show(state.messages);
      this.follow(state);
    }
  }

  end() {
    clearTimeout(this.again);
  }

  wait() {
    this.again = setTimeout(() => this.hear(this.latest, this.latestAt), AGAIN);
  }

  // moved tells whether the end is another than was shown, and shows it.
  moved(state) {
    const deadline = Date.parse(state.deadline);
    if (Number.isNaN(deadline) || deadline === this.deadline) return false;
    this.deadline = deadline;
    moveDeadline(state.deadline, state.now, this.latestAt, state.ends);
    return true;
  }

  say(what, values) {
    const words = this.voice.dataset[`words${what[0].toUpperCase()}${what.slice(1)}`];
    this.voice.textContent = Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), words);
  }

  // The page stays, and its owner may sign in again above it.
  signedOut() {
    if (!askToSignIn()) this.way.renew();
  }
}

// WaitingPage is one that shows no question: when the attempt is paused or goes on, it is another.
class WaitingPage extends Page {
  follow(state) {
    if (state.status !== this.main.dataset.status) {
      if (state.status === "in_progress") this.way.replace(this.root.dataset.next);
      else this.way.renew();
    } else if ("elsewhere" in this.main.dataset && !state.elsewhere) {
      this.way.replace(this.root.dataset.next);
    } else if (this.moved(state)) {
      this.say("moved", { ends: state.ends });
    }
  }
}

// OpenPage is a question or the review.
class OpenPage extends Page {
  constructor(root, main, way) {
    super(root, main, way);
    this.cover = new Cover(main, root.querySelector("[data-cover]"), root.querySelector("[data-cover-saved]"));
    this.elsewhere = new Elsewhere(main, root, () => this.back());
    this.form = main.querySelector("form[data-question]");
    this.covered = false;
  }

  follow(state) {
    if (String(state.opening) !== this.root.dataset.opening) { // its form is of an earlier opening
      if (!isUnsaved()) this.way.renew();
      return;
    }
    if (state.elsewhere && this.covered) { // no cover over another
      this.covered = false;
      goOn();
      this.cover.take();
    }
    const moved = this.moved(state);
    holdCountdown(state.status === "paused");
    if (this.elsewhere.hear(state)) return;
    const stop = state.pausing || state.status === "paused";
    if (stop !== this.covered) {
      this.covered = stop;
      if (stop) this.pause(state.pausing);
      else this.resume(state);
    } else if (moved && !stop) {
      this.say("moved", { ends: state.ends });
    }
    if (!stop) catchUp(state.version);
  }

  // back: the attempt belongs to this device again. What another has saved meanwhile is not on this page; what is
  // not saved here is judged by the server.
  back() {
    if (isUnsaved()) this.say("here", {});
    else this.way.renew();
  }

  end() {
    super.end();
    this.covered = false;
  }

  async pause(announced) {
    if (announced && isUnsaved()) await new Promise((done) => setTimeout(done, Math.random() * SPREAD));
    if (!this.covered) return;
    if (isSending()) {
      this.covered = false;
      this.wait();
      return;
    }
    const saving = isUnsaved() && saveNow();
    this.cover.put();
    if (saving) await this.report(saving);
    else this.cover.tell("saved", this.savedAt());
    if (this.covered) holdAutosave("paused");
  }

  // report says what became of the answer. Who goes on meanwhile may have changed it.
  async report(saving) {
    this.cover.tell("saving");
    const saved = await saving;
    if (!this.covered) return;
    if (saved) this.cover.tell("saved", this.savedAt());
    else this.cover.tell("unsaved");
  }

  savedAt() {
    return this.form?.querySelector("[data-when-saved]").dataset.time;
  }

  resume(state) {
    goOn();
    this.cover.take();
    this.say("resumed", { ends: state.ends });
  }
}
