// The state of a question on the screen: what is saved, what is on the screen, the command that brings the one to the
// other, and when it is due. It knows no document and no clock: contents are texts that are equal when the answers
// are, times are milliseconds of one clock.

// A draft is due so long after the last change, and at the latest so long after the first that no command has taken.
export const IDLE = 600;
export const LATEST = 1500;
// The first wait after a failure and the longest, each spread by half.
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 8000;

export class Draft {
  constructor(saved) {
    Object.assign(this, { saved, screen: saved, seq: 0, entry: null, form: null, flying: null, held: null, inDoubt: false });
    this.rest();
    this.settle();
  }

  // change: this is on the screen now.
  change(content, now) {
    if (content === this.screen) return;
    this.screen = content;
    this.last = now;
    this.first ??= now;
    if (this.held === "refused") this.held = null; // another content may be taken
  }

  // isOpen: what is on the screen is not known to be saved.
  get isOpen() {
    return this.entry !== null || this.screen !== this.saved;
  }

  // lacksEntry: no command holds what is on the screen.
  get lacksEntry() {
    return this.screen !== (this.form ?? this.entry?.content ?? this.saved);
  }

  // isCovered: the form of the page has sent what is on the screen.
  get isCovered() {
    return this.form === this.screen;
  }

  // submitted: the form sends what is on the screen, which needs no other command until uncover.
  submitted() {
    this.form = this.screen;
    this.inDoubt = true;
  }

  uncover() {
    this.form = null;
  }

  // take gives what is on the screen to a command, which has content beside its keys.
  take(entry) {
    this.entry = entry;
    this.form = null;
  }

  // dueAt is when a command is to be sent, Infinity for never.
  dueAt(isComposing) {
    if (this.held || this.flying || this.isCovered || !this.isOpen) return Infinity;
    if (this.first === null) return this.notBefore;
    return Math.max(this.notBefore, Math.min(isComposing ? Infinity : this.last + IDLE, this.first + LATEST));
  }

  // sent: from now on until it is acknowledged or rejected nobody knows whether the page has saved something: inDoubt.
  sent() {
    this.flying = this.entry;
    this.inDoubt = true;
    this.rest();
  }

  // acknowledged: a command is saved. An earlier one may be told after a later.
  acknowledged(entry) {
    if (entry.seq > this.seq) Object.assign(this, { saved: entry.content, seq: entry.seq });
    this.land(entry);
    this.settle();
  }

  // failed: it is not known what became of it. spread is between 0 and 1.
  failed(now, retryAfter, spread) {
    this.flying = null;
    const wait = Math.min(FIRST_WAIT * 2 ** this.failures, LONGEST_WAIT) * (0.5 + spread);
    this.failures++;
    this.notBefore = now + Math.max(wait, retryAfter);
  }

  // rejected: the server keeps it beside the attempt, and it is not the answer.
  rejected(entry, reason) {
    this.land(entry);
    this.hold(reason);
  }

  // hold sends nothing more, for a reason, until it is let go. The command stays what it is.
  hold(reason) {
    this.flying = null;
    this.held = reason;
  }

  // go sends at once what is not saved.
  go() {
    this.held = null;
    this.settle();
    this.rest();
  }

  land(entry) {
    if (this.entry === entry) this.entry = null;
    this.flying = null;
    this.inDoubt = this.form !== null;
  }

  rest() {
    this.first = this.last = null;
  }

  settle() {
    this.failures = 0;
    this.notBefore = -Infinity;
  }
}
