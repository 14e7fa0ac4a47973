// Saves what is on the screen, soon after it was changed and when the page is left, as drafts of its page by the API;
// keeps it in the outbox until that is acknowledged; and says in words what is saved.
import { isAnswered, onScreen } from "./answer.js";
import { hideBar, showBar, titleOf } from "./bars.js";
import { discard, hold, keyOf, put, settled } from "./outbox.js";
import { takeKeys } from "./once.js";
import { showPosition } from "./positions.js";
import { whenBack } from "./gap.js";
import { noteSaved, resend } from "./resend.js";
import { after } from "./screen.js";
import { send } from "./send.js";
import { askToSignIn, isOwner, whenSignedIn } from "./signin.js";
import { Draft } from "./state.js";
import { saw, tellTabs, whenSavedElsewhere } from "./tabs.js";
import { isSending } from "./underway.js";
import { answerAsRendered, judgeBy, showState } from "./unsaved.js";

// What is typed is in the outbox after this time, in milliseconds.
const KEEP = 200;
// While a form is being sent a draft waits, and looks again after so long.
const AGAIN = 500;
// What stays unsaved for so long is said aloud.
const WORTH_SAYING = 5000;
// A text that is to be said aloud comes so long after the place that it stands in, in milliseconds.
const LISTENING = 200;
// A save that somebody waits for is tried so often.
const TRIES = 2;

let saver = null;

// What stands on the screen is fetched again by showAnew.
export function autosave(showAnew) {
  return ({ main, signal }) => {
    const form = main.querySelector("form[data-response]");
    saver = form ? new Saver(main, form, signal, showAnew) : null;
  };
}

// saveNow saves what is on the screen, and tells whether it is saved: null when nobody answered.
export async function saveNow() {
  return saver ? saver.saveNow() : true;
}

// keepNow puts what is on the screen into the outbox at once, though a form has sent it, and tells when it is there.
export async function keepNow() {
  await saver?.keepNow();
}

// saySaved says aloud that what somebody saved by a button is saved.
export function saySaved() {
  saver?.saySaved();
}

// holdAutosave keeps what is typed in the outbox and sends nothing, until goOn.
export function holdAutosave(reason) {
  saver?.draft.hold(reason);
}

export function goOn() {
  saver?.goOn();
}

class Saver {
  constructor(main, form, signal, showAnew) {
    Object.assign(this, { main, form, signal, showAnew, rev: Number(form.elements.rev.value), isComposing: false, isKept: false, inTrouble: false, spoken: null });
    this.draft = new Draft(JSON.stringify(answerAsRendered()));
    this.voice = main.querySelector("[data-save-voice]");
    judgeBy(() => {
      this.look();
      return this.draft.isOpen;
    });
    hold(form.elements.page.value, signal);
    whenSavedElsewhere(() => this.savedElsewhere());
    this.listen();
    this.changed();
  }

  listen() {
    const { form, signal } = this;
    const on = (target, name, call) => target.addEventListener(name, call, { signal });
    on(form, "input", () => this.changed());
    on(form, "change", () => this.changed());
    on(form, "compositionstart", () => { this.isComposing = true; });
    on(form, "compositionend", () => {
      this.isComposing = false;
      this.changed();
    });
    // On the window, which hears of a submission after everybody who may have stopped it.
    on(window, "submit", (event) => {
      if (event.target !== form || (event.defaultPrevented && !isSending())) return;
      this.look();
      this.draft.submitted();
    });
    on(window, "pageshow", () => this.changed()); // text that the browser puts back comes without an event
    on(window, "pagehide", () => this.leave());
    on(document, "visibilitychange", () => {
      if (document.visibilityState === "hidden" && !this.draft.flying) this.leave();
    });
    on(window, "online", () => this.goOnAfter(null));
    whenBack(() => this.goOnAfter(null), signal);
    whenSignedIn(() => this.goOnAfter("signed-out"), signal);
    signal.addEventListener("abort", () => this.end());
  }

  look() {
    this.draft.change(JSON.stringify(onScreen(this.form)), performance.now());
  }

  changed() {
    this.look();
    if (this.draft.lacksEntry) this.keeping ??= setTimeout(() => this.keep(), KEEP);
    this.plan();
    this.show();
  }

  plan() {
    clearTimeout(this.next);
    const at = this.draft.dueAt(this.isComposing);
    if (this.signal.aborted || at === Infinity) return;
    this.next = setTimeout(() => this.due(), Math.max(at - performance.now(), 0));
  }

  due() {
    if (isSending()) this.next = setTimeout(() => this.due(), AGAIN);
    else this.save();
  }

  // keep puts what is on the screen into the outbox, as a command of its own.
  keep() {
    clearTimeout(this.keeping);
    this.keeping = null;
    if (!this.draft.lacksEntry) return;
    const command = this.make();
    this.draft.take({ content: this.draft.screen, seq: command.seq, command });
    this.kept = put(command).then((isKept) => {
      this.isKept = isKept;
      this.show();
    });
  }

  keepNow() {
    this.look();
    this.draft.uncover();
    this.keep();
    return this.kept;
  }

  make() {
    const { form, main } = this;
    const { rev, page, opening } = form.elements;
    const keys = takeKeys(form);
    const named = { ...keys, rev: Number(rev.value), page: page.value, opening: Number(opening.value) };
    return {
      ...named, key: keyOf("draft", page.value), kind: "draft", owner: document.body.dataset.owner,
      attempt: main.dataset.attempt, position: Number(main.dataset.position), path: form.dataset.response,
      body: JSON.stringify({ ...named, draft: true, answer: JSON.parse(this.draft.screen) }),
      at: Date.now(), label: form.dataset.label,
    };
  }

  // save sends the newest command once.
  save(isLeaving = false) {
    this.look();
    this.keep();
    const { entry } = this.draft;
    if (!entry) return null;
    this.draft.sent();
    const saving = send(entry.command, isLeaving).then((outcome) => this.told(entry, outcome));
    this.saving = saving;
    return saving;
  }

  async told(entry, outcome) {
    const { key, command_id: id } = entry.command;
    if (["acknowledged", "rejected"].includes(outcome.is)) await settled(key, id);
    saw(outcome.version);
    if (this.signal.aborted) {
      if (outcome.is === "acknowledged") noteSaved(entry.command);
      return;
    }
    this.inTrouble = ["failed", "foreign"].includes(outcome.is);
    this.judge(entry, outcome);
    this.plan();
    this.show();
  }

  judge(entry, { is, at, rev, reason, retryAfter, status }) {
    const { draft } = this;
    switch (is) {
      case "acknowledged":
        draft.acknowledged(entry);
        for (const bar of ["too-long", "refused", "rejected", "elsewhere"]) hideBar(bar);
        this.savedAt = this.timeOfDay(at);
        this.rev = Math.max(this.rev, rev);
        this.tellSaved();
        break;
      case "rejected":
        draft.rejected(entry, reason);
        if (reason !== "paused") this.tellRejected(reason);
        break;
      case "signed-out":
        this.signedOut();
        break;
      case "refused":
        draft.hold("refused");
        this.tellRefused(status);
        break;
      default:
        draft.failed(performance.now(), retryAfter, Math.random());
    }
  }

  tellSaved() {
    const { form, main } = this;
    const saved = { position: Number(main.dataset.position), answered: isAnswered(form) };
    showPosition(main, saved);
    tellTabs({ what: "saved", page: form.elements.page.value, ...saved });
  }

  // savedElsewhere saves nothing more of this page until its owner has seen what another has saved. Where nobody knows
  // what became of a command of this page it is sent again, and the server judges: what is saved may be its own.
  async savedElsewhere() {
    await this.saving;
    const { attempt, position } = this.main.dataset;
    const answer = await fetch(`/api/v1/attempts/${attempt}`, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok || this.signal.aborted) return;
    const saved = (await answer.json()).responses.find((r) => String(r.position) === position);
    if (!saved || saved.rev <= this.rev || this.draft.inDoubt) return;
    this.draft.hold("elsewhere");
    showBar("elsewhere", {
      values: { time: this.timeOfDay(Date.parse(saved.saved_at)) }, signal: this.signal,
      actions: { show: this.showAnew, compare: () => this.compare() },
    });
  }

  signedOut() {
    this.draft.hold("signed-out");
    askToSignIn();
  }

  // tellRejected leads to the page of the server that shows what is saved and what was sent.
  tellRejected(reason) {
    const show = () => this.compare();
    showBar("rejected", { values: { title: titleOf(reason) }, actions: { show }, signal: this.signal });
  }

  // compare sends what is on the screen by the form, in the place of a draft, and the server shows both answers.
  async compare() {
    const { entry } = this.draft;
    if (entry) await discard([entry.command]);
    this.form.requestSubmit(this.form.querySelector('button[value="save"]'));
  }

  // tellRefused: another's attempt is unknown to whoever is signed in now.
  async tellRefused(status) {
    if (status === 404 && await isOwner() === false) this.signedOut();
    else showBar(status === 413 ? "too-long" : "refused", { signal: this.signal });
  }

  async saveNow() {
    for (let i = 0; i < TRIES; i++) {
      await this.saving;
      this.look();
      if (!this.draft.isOpen || this.draft.held) break;
      this.draft.uncover();
      await this.save();
    }
    return !this.draft.isOpen || (this.inTrouble ? null : false);
  }

  goOn() {
    this.draft.go();
    this.plan();
  }

  goOnAfter(reason) {
    if (this.draft.held === reason) this.goOn();
  }

  // leave sends what is on the screen before nobody looks at the page any more. What is under way may be broken off
  // with the page: it is sent once more.
  leave() {
    this.look();
    if (!this.draft.isOpen || this.draft.isCovered) return;
    this.keep();
    if (!this.draft.held && !isSending()) this.save(true);
  }

  // end: another page takes the place of this one. What is not saved is nobody's now.
  async end() {
    clearTimeout(this.next);
    this.look();
    const isLeft = this.draft.isOpen;
    this.keep();
    await this.saving;
    if (isLeft) resend();
  }

  // timeOfDay is the server's, in its zone of display: 09:14:07.
  timeOfDay(at) {
    const zone = Number(this.main.querySelector("[data-utc-offset]").dataset.utcOffset) * 60_000;
    return new Date(at + zone).toISOString().slice(11, 19);
  }

  show() {
    const { isOpen } = this.draft;
    showState({ isOpen, isKept: isOpen && this.isKept && (this.inTrouble || !navigator.onLine), time: this.savedAt });
    this.speak(isOpen);
  }

  // speak says aloud that something stays unsaved, and then that it is saved.
  speak(isOpen) {
    if (!isOpen) {
      clearTimeout(this.worth);
      this.worth = null;
      if (this.spoken) this.say("saved", this.savedAt);
      this.spoken = null;
      return;
    }
    const what = this.isKept && this.inTrouble ? "kept" : "unsaved";
    if (this.spoken && this.spoken !== what && what === "kept") this.say(what);
    this.worth ??= setTimeout(() => this.say(this.isKept && this.inTrouble ? "kept" : "unsaved"), WORTH_SAYING);
  }

  // A page that was just put into its place is not listened to at once.
  saySaved() {
    const { time } = this.form.querySelector("[data-when-saved]").dataset;
    after(LISTENING, this.signal, () => {
      if (!this.draft.isOpen) this.put("saved", time);
    });
  }

  say(what, time = "") {
    if (this.signal.aborted) return;
    this.spoken = what;
    this.put(what, time);
  }

  put(what, time) {
    this.voice.textContent = this.voice.dataset[`words${what[0].toUpperCase()}${what.slice(1)}`].replace("{time}", time);
  }
}
