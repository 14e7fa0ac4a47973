// Goes from page to page of an attempt without leaving the document: what the browser would send is sent by fetch, and
// the main element of the answer takes the place of the one that is shown. Where no answer comes the page stays, and
// what it sent is sent again, unchanged, until one comes, or until the candidate changes their mind.
import { Ahead } from "./ahead.js";
import { keepNow, saveNow, saySaved } from "./autosave.js";
import { lost, reached } from "./gap.js";
import { discard, keyOf, put, settled } from "./outbox.js";
import { ask, decides, encoded, withoutOrigin } from "./page.js";
import { showPosition } from "./positions.js";
import { holdsBack, resend } from "./resend.js";
import { adopt, focusHeading } from "./screen.js";
import { isAnswered } from "./send.js";
import { askToSignIn, isOwner, whenSignedIn } from "./signin.js";
import { beginSending, endSending } from "./underway.js";
import { isUnsaved, leaveUnasked } from "./unsaved.js";
import { pauseAfter } from "./wait.js";

// How long an answer may take, and how long where another page can be shown meanwhile, in milliseconds.
const PATIENCE = 15000;
const PATIENCE_AHEAD = 4000;
// A further click so soon after a page has arrived, in milliseconds, and so near to the one that led there, in CSS
// pixels, is part of a double click.
const DOUBLE_CLICK = 400;
const NEAR = 10;

export class Travel {
  constructor(screen, main) {
    Object.assign(this, { screen, attempt: main.dataset.attempt, owner: document.body.dataset.owner, trip: null });
    this.root = `/attempts/${this.attempt}`;
    this.bar = document.querySelector("[data-travel]");
    this.ahead = new Ahead(this.root, () => this.trip === null && !this.cut);
    this.came = {};
    this.step = history.state?.step ?? 0;
    history.replaceState({ ...history.state, step: this.step }, "");
    this.at = withoutOrigin(location.href);
    // On the window, which hears of a submission after everybody who may have stopped it.
    addEventListener("click", (event) => this.guard(event), { capture: true });
    addEventListener("submit", (event) => this.submitted(event));
    addEventListener("click", (event) => this.clicked(event));
    addEventListener("input", (event) => this.edited(event));
    addEventListener("popstate", (event) => this.popped(event));
    addEventListener("online", () => this.trip?.now?.());
    whenSignedIn(() => this.trip?.now?.());
    this.ahead.look(main);
  }

  // restore shows a choice again that was on the screen before a reload, after what earlier pages have sent.
  restore() {
    if (history.state.refused) this.renew();
  }

  // guard stops the further clicks of a double click, which meet the page to which the first one has led.
  guard(event) {
    const isNear = this.led && Math.hypot(event.clientX - this.led.x, event.clientY - this.led.y) < NEAR;
    if (document.documentElement.classList.contains("arriving") && isNear && event.isTrusted) {
      event.preventDefault();
      event.stopPropagation();
    } else {
      this.led = { x: event.clientX, y: event.clientY };
    }
  }

  submitted(event) {
    const form = event.target;
    if (event.defaultPrevented || !this.takes(form)) return;
    event.preventDefault();
    const path = form.getAttribute("action");
    const body = encoded(new FormData(form, event.submitter));
    if (this.trip?.path === path && this.trip.body === body) {
      this.trip.now?.();
      return;
    }
    const entry = this.entryOf(form, path, body);
    const isSave = form.matches("[data-question]") && (event.submitter?.value ?? "save") === "save";
    this.begin({ path, body, form, entry, isSave, target: targetOf(form, event.submitter), history: "push" });
  }

  // takes: a command of the attempt.
  takes(form) {
    const path = form.getAttribute("action") ?? "";
    return form.method === "post" && path.startsWith(`${this.root}/`) && form.elements.namedItem("command_id") !== null &&
      form.closest("main") !== null;
  }

  // entryOf is what the outbox keeps of a form that belongs to a question.
  entryOf(form, path, body) {
    const { page, seq, rev, opening, command_id: id } = form.elements;
    if (!page || !seq) return null;
    return {
      key: keyOf("form", page.value), owner: this.owner, attempt: this.attempt, position: positionIn(path), page: page.value, kind: "form", path,
      body, command_id: id.value, seq: Number(seq.value), rev: Number(rev.value), opening: Number(opening.value), at: Date.now(), label: form.dataset.label ?? document.title,
    };
  }

  clicked(event) {
    const link = event.target.closest?.("main a[href]");
    const changed = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
    if (!link || changed || event.defaultPrevented || link.target || link.hasAttribute("download") || !this.isOurs(link.href)) return;
    event.preventDefault();
    this.go(withoutOrigin(link.href));
  }

  // isOurs: a page of the attempt.
  isOurs(url) {
    const { origin, pathname } = new URL(url);
    const rest = pathname.startsWith(this.root) ? pathname.slice(this.root.length) : null;
    return origin === location.origin && rest !== null && /^(|\/review|\/result|\/questions\/\d+)$/.test(rest);
  }

  // go leads to another page of the attempt, after saving what is on the screen.
  go(path) {
    this.begin({ path, leaves: true, target: positionIn(path), history: "push" });
  }

  // replace leads to another page of the attempt in the place of this one, of which nothing can be saved any more.
  replace(path) {
    this.begin({ path, history: "replace" });
  }

  // renew shows the page as it is now. What is typed on it is not asked for. A choice between two answers is made by the
  // page that answers the command which was refused: it is sent once more, to the byte, and refused again (R2).
  renew() {
    this.begin({ path: this.at, ...history.state.refused, history: "replace" });
  }

  // forget drops the page of a position that another has saved: it would show what was.
  forget(position) {
    this.ahead.forget(position);
  }

  popped(event) {
    const path = withoutOrigin(location.href);
    if (path === this.at) { // a place within the page, which has no step of its own yet when it is new
      this.step = event.state?.step ?? this.step + 1;
      history.replaceState({ step: this.step }, "");
      return;
    }
    this.begin({ path, leaves: true, target: positionIn(path), history: "none", step: event.state?.step ?? this.step });
  }

  async begin(trip) {
    const before = this.drop();
    if (before?.form && !trip.form) this.saveInstead(before);
    this.trip = trip;
    trip.life = new AbortController();
    trip.patience = trip.target && this.ahead.has(trip.target) ? PATIENCE_AHEAD : PATIENCE;
    if (trip.entry) trip.kept = put(trip.entry);
    this.hold(trip);
    for (let failures = 0; this.trip === trip; failures++) {
      const page = await this.attemptTo(trip);
      if (this.trip !== trip) return;
      if (page.main && await isSignedOut(page) && await this.signsIn(trip)) continue;
      if (this.trip !== trip) return;
      if (page.main) {
        this.arrive(trip, page);
        return;
      }
      lost();
      this.release(trip);
      if (await this.goesOnAlone(trip)) return;
      await this.wait(trip, Math.max(page.retryAfter, pauseAfter(failures)));
      if (this.trip === trip) this.hold(trip);
    }
  }

  // signsIn waits on the page until its owner is signed in, or asks for the same again. It tells whether the page can
  // ask for a sign-in.
  async signsIn(trip) {
    reached();
    this.release(trip);
    if (!askToSignIn(true)) return false;
    this.say("");
    await new Promise((resolve) => { trip.now = resolve; });
    if (this.trip === trip) this.hold(trip);
    return true;
  }

  // attemptTo goes there once, after what earlier pages have sent, and after the draft of this one.
  async attemptTo(trip) {
    const none = { main: null, retryAfter: 0 };
    if (this.cut && trip.target && this.ahead.has(trip.target)) return none;
    if (trip.leaves && isUnsaved() && !await this.saves(trip)) return none;
    if (this.trip !== trip || !await resend()) return none;
    if (await holdsBack(this.attempt, trip.path === `${this.root}/submit` ? "all" : trip.target)) return none;
    if (this.trip !== trip) return none;
    const page = await ask(trip.path, { body: trip.body, patience: trip.patience, signal: trip.life.signal });
    return trip.body && page.redirected && !await isAnswered(this.commandOf(trip)) ? none : page;
  }

  // commandOf names the command that a trip sends.
  commandOf(trip) {
    return { attempt: this.attempt, command_id: new URLSearchParams(trip.body).get("command_id") };
  }

  // saves tells whether what is on the screen is saved. After a refusal the page stays, which says why.
  async saves(trip) {
    const saved = await saveNow();
    if (saved === false && this.trip === trip) this.back(trip);
    return saved;
  }

  // back puts the address of the page back that is still shown.
  back(trip) {
    this.drop();
    if (trip.history === "none") history.go(this.step - trip.step);
  }

  // hold lets nobody change what is being sent, nor act on a page that is being left.
  hold(trip) {
    const main = document.querySelector("main");
    if (trip.form) beginSending();
    trip.held = trip.form ?? (trip.history === "push" ? null : main);
    if (!trip.held || trip.held.inert) {
      trip.held = null;
      return;
    }
    trip.focused = document.activeElement;
    trip.held.inert = true;
  }

  release(trip) {
    endSending();
    if (!trip.held) return;
    trip.held.inert = false;
    trip.held = null;
    if (trip.focused?.isConnected && document.activeElement === document.body) trip.focused.focus({ preventScroll: true });
  }

  // drop ends what is under way, and gives it.
  drop() {
    const { trip } = this;
    if (!trip) return null;
    this.trip = null;
    trip.life.abort();
    trip.now?.();
    this.release(trip);
    this.say("");
    return trip;
  }

  // goesOnAlone does what can be done while nobody answers, and tells whether that was all.
  async goesOnAlone(trip) {
    const page = trip.target ? this.ahead.take(trip.target) : null;
    if (page) {
      this.cut = true;
      const kept = await trip.kept;
      if (this.trip !== trip) return true;
      this.trip = null;
      this.show({ ...page, url: `${this.root}/questions/${trip.target}` }, trip);
      resend();
      this.say(kept === false ? "memory" : "kept");
      return true;
    }
    if (trip.history === "none") {
      this.back(trip);
      this.say("unreachable");
      return true;
    }
    let kept = trip.entry ? await trip.kept : null;
    if (kept === false) kept = await (trip.kept = put(trip.entry)); // the browser may have been busy
    if (this.trip === trip) this.say(kept === null ? "waiting" : kept ? "kept" : "memory");
    return false;
  }

  wait(trip, time) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      trip.now = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  // edited: a command that waits to be sent again is not what the candidate wants any more.
  edited(event) {
    const { trip } = this;
    if (!trip?.form || event.target.form !== trip.form || trip.form.inert) return;
    this.drop();
    this.saveInstead(trip);
  }

  // saveInstead saves what is on the screen in place of a command of the same page that is sent no more.
  saveInstead(trip) {
    const kept = keepNow();
    saveNow();
    if (trip.entry) Promise.all([kept, trip.kept]).then(() => discard([trip.entry]));
  }

  arrive(trip, page) {
    this.trip = null;
    this.cut = false;
    reached();
    this.release(trip);
    this.say("");
    const { outcome } = page.main.dataset;
    if (trip.entry && (page.redirected || outcome)) {
      this.ahead.forget(trip.entry.position);
      trip.kept.then(() => settled(trip.entry.key, trip.entry.command_id));
    } else if (trip.entry && page.status >= 400) {
      trip.kept.then(() => put({ ...trip.entry, refused: page.status }));
    }
    const isAnswer = !page.redirected && trip.body;
    if ((!isAnswer && !this.isOurs(new URL(page.url, location.href))) || needsItsFrame(page.document)) {
      leaveUnasked(isAnswer ? this.at : page.url);
      return;
    }
    // What answers a command at its own address stands at the address of the page that sent it.
    this.show({ ...page, url: page.redirected || !trip.body ? page.url : this.at }, trip);
    if (trip.isSave && page.redirected) saySaved();
  }

  // revalidate lets nobody use a page that comes back as it was left, before it is known to be what is saved. A command
  // that waits on it goes on: it may be done, and what would be saved in its place come too late.
  async revalidate() {
    if (this.trip?.form) {
      this.trip.now?.();
      return;
    }
    this.drop();
    const main = document.querySelector("main");
    const focused = document.activeElement;
    main.inert = true;
    const standing = await this.standing();
    main.inert = false;
    if (focused.isConnected && document.activeElement === document.body) focused.focus({ preventScroll: true });
    if (!main.isConnected || this.trip) return;
    if (!standing) this.say("unchecked");
    else if (!isAsShown(main, standing)) this.renew();
  }

  // standing asks how the attempt stands: null when nobody answers, {} when it cannot be told.
  async standing() {
    try {
      const answer = await fetch(`/api/v1${this.root}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (!decides(answer)) return null;
      return answer.ok ? await answer.json() : {};
    } catch {
      return null;
    }
  }

  // put shows a page that something else has asked for, unless another is on its way, and tells whether it did.
  put(page) {
    if (this.trip) return false;
    this.show(page, { history: "replace" });
    return true;
  }

  // show puts a page in the place of the one that is shown.
  show(page, trip) {
    const here = document.querySelector("main");
    const { classList } = document.documentElement;
    classList.add("arriving");
    clearTimeout(this.arriving);
    this.arriving = setTimeout(() => classList.remove("arriving"), DOUBLE_CLICK);
    const same = here.dataset.position !== undefined && here.dataset.position === page.main.dataset.position;
    const focused = document.activeElement;
    const place = same ? placeOf(focused) : null;
    const positions = here.querySelector(".positions");
    this.ahead.keep(here, { title: document.title, ...this.came });
    page.main.inert = false;
    here.replaceWith(page.main);
    document.title = page.title;
    if (page.document) adopt(page.document);
    else bringUpToDate(page.main, positions);
    this.remember(page.url, trip);
    this.came = { asked: page.asked, at: page.at };
    this.screen.mount(page.main, this.came);
    this.ahead.look(page.main);
    if (!same) scrollTo({ top: 0, behavior: "instant" });
    if (!page.main.contains(document.activeElement)) focusOn(page.main, place, focused);
  }

  remember(url, trip) {
    if (trip.history === "none") this.step = trip.step;
    if (trip.history === "push" && url !== this.at) {
      this.step++;
      history.pushState({ step: this.step }, "", url);
    } else {
      history.replaceState({ step: this.step, refused: refusedBy(trip) }, "", url);
    }
    this.at = url;
  }

  form() {
    return document.querySelector("main form[data-question]");
  }

  // say shows words about the connection; "" takes them away.
  say(what) {
    const words = what && this.bar.dataset[`words${what[0].toUpperCase()}${what.slice(1)}`];
    if (this.bar.textContent !== words) this.bar.textContent = words;
  }
}

// isAsShown: the question is in the state that the page shows. Other pages show too much to tell.
function isAsShown(main, { status, opening, cursor, responses }) {
  const form = main.querySelector("form[data-question]");
  const saved = responses?.find(({ position }) => String(position) === main.dataset.position);
  if (!form || !saved) return false;
  const free = main.querySelector(".positions") !== null;
  return status === main.dataset.status && String(opening) === form.elements.opening.value &&
    String(saved.rev) === form.elements.rev.value && !saved.closed && (free || String(cursor) === main.dataset.position);
}

// needsItsFrame: the page is another person's, or more stands around it than around the one that is shown, as where that
// one came alone, since it holds what nobody has saved.
function needsItsFrame(page) {
  const { owner } = page.body.dataset;
  const lacks = (d) => d.querySelector("#logout") === null;
  return Boolean(owner) && (owner !== document.body.dataset.owner || (lacks(document) && !lacks(page)));
}

// isSignedOut: the page says so, or knows nothing of the attempt of somebody else than who is signed in.
async function isSignedOut({ status }) {
  return status === 401 || (status === 404 && await isOwner() === false);
}

function positionIn(path) {
  return Number(/\/questions\/(\d+)$/.exec(path)?.[1] ?? 0);
}

// targetOf is the question to which a button leads, 0 for none.
function targetOf(form, submitter) {
  const here = positionIn(form.getAttribute("action"));
  const [name, to] = (submitter?.value ?? "").split(":");
  const last = Number(form.closest("main").dataset.total);
  const target = { next: here + 1, previous: here - 1, goto: Number(to) }[name] ?? 0;
  return target <= last ? target : 0;
}

// refusedBy gives the command that led to the choice between two answers which is shown, if one did.
function refusedBy({ path, body }) {
  return body && document.querySelector("main [data-answer=sent] form") ? { path, body } : undefined;
}

// placeOf names a control, so that its like can be found on the page that comes: a flag that is set and one that is
// taken away are one place.
function placeOf(element) {
  if (element?.name === "action") return element.value.endsWith("flag") ? '[name="action"][value$="flag"]' : `[name="action"][value="${CSS.escape(element.value)}"]`;
  return element?.id ? `#${CSS.escape(element.id)}` : null;
}

// focusOn puts the focus on a control like the one that had it, with the caret where it was.
function focusOn(main, place, before) {
  const found = place && main.querySelector(place);
  if (!found) return focusHeading(main);
  found.focus({ preventScroll: true });
  if (found.matches("textarea, [type=text]") && found.value === before.value) found.setSelectionRange(before.selectionStart, before.selectionEnd);
}

// bringUpToDate gives a page that was asked for earlier the navigator of the page before it.
function bringUpToDate(main, positions) {
  const old = main.querySelector(".positions");
  if (!old || !positions) return;
  const fresh = positions.cloneNode(true);
  const before = fresh.querySelector("[aria-current]");
  const now = fresh.querySelector(`[value="goto:${main.dataset.position}"]`);
  before?.removeAttribute("aria-current");
  now?.setAttribute("aria-current", "step");
  old.replaceWith(fresh);
  for (const button of [before, now]) {
    if (button) showPosition(main, { position: Number(button.value.slice("goto:".length)) });
  }
}
