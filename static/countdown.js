// Shows the time left and, at zero, sends what is on the screen.
//
// The server's clock decides (R8): the page carries the deadline and the
// server's time of rendering, and only the time that passed since then is
// measured here, by a clock that a wrong or changed system time does not move.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
// What a screen reader hears: these marks and no more.
const ANNOUNCED_MINUTES = [30, 10, 5, 1];
// From here on the time left is shown, though it was hidden before.
const LOW = 5 * MINUTE;
// The server is asked for its time no sooner after the time before.
const ASK_AGAIN = 5 * SECOND;
// A page that came so long ago may have slept since.
const OLD = 5 * SECOND;
// Where the browser remembers that the time left is hidden.
const KEY = "timer";

let clock = null;

export function startCountdown(context) {
  clock = null;
  const { main, at = receivedAt() } = context;
  const timer = main.querySelector("[data-timer]");
  if (!timer) return;
  clock = new Clock(context, timer);
  clock.set(timer.dataset.deadline, timer.dataset.now, at);
  if (context.at !== undefined && performance.now() - at > OLD) clock.doubt();
}

// moveDeadline shows another end, as of the server's time of now, which was at a time of performance.now, and how it
// is worded.
export function moveDeadline(deadline, now, at, ends) {
  if (!clock || !deadline) return;
  const words = clock.timer.querySelector("time");
  words.dateTime = deadline;
  words.textContent = ends;
  clock.set(deadline, now, at);
}

// holdCountdown stops the clock, or lets it go on.
export function holdCountdown(held) {
  if (!clock || clock.held === held) return;
  clock.held = held;
  clock.tick();
}

// quietCountdown lets the clock run on, but has nothing done at zero while the attempt is on another device. What is due
// is done when it is back.
export function quietCountdown(quiet) {
  if (!clock || clock.quiet === quiet) return;
  clock.quiet = quiet;
  clock.tick();
}

// The page was rendered just before its first byte arrived.
function receivedAt() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation?.responseStart ?? 0;
}

class Clock {
  constructor({ main, signal, way }, timer) {
    Object.assign(this, { timer, way, signal });
    this.path = main.querySelector("[data-follow]")?.dataset.follow;
    this.output = timer.querySelector("[data-timer-left]");
    this.voice = timer.querySelector("[data-timer-voice]");
    this.last = Infinity;
    this.held = false;
    this.quiet = false;
    this.difference = betweenClocks();
    this.mayAskAt = 0;
    this.offerToHide(timer.querySelector("[data-timer-hide]"));
    signal.addEventListener("abort", () => clearTimeout(this.next));
    addEventListener("pageshow", ({ persisted }) => { if (persisted) this.doubt(); }, { signal });
    document.addEventListener("visibilitychange", () => { if (this.zero) this.tick(); }, { signal });
  }

  set(deadline, now, at) {
    const total = Date.parse(deadline) - Date.parse(now);
    if (Number.isNaN(total)) return;
    this.zero = at + total;
    this.tick();
  }

  tick() {
    clearTimeout(this.next);
    if (this.held) return;
    this.watchForSleep();
    const left = Math.max(this.zero - performance.now(), 0);
    this.output.textContent = written(left);
    this.timer.classList.toggle("timer-low", left <= LOW);
    if (this.last > LOW && left <= LOW) this.hide(false);
    announce(this.voice, this.output, this.last, left);
    this.last = left;
    if (left > 0) {
      const wait = left % SECOND || SECOND;
      this.expected = performance.now() + wait;
      this.next = setTimeout(() => this.tick(), wait);
    } else if (!this.quiet) {
      timeUp(this.timer, this.way);
    }
  }

  // watchForSleep asks for the server's time where this page's clock may have stood still: a tick came late, or the two
  // clocks of the browser have not moved alike. Nobody looks at a hidden page: it asks when it is seen.
  watchForSleep() {
    const difference = betweenClocks();
    const isLate = performance.now() - this.expected > SECOND;
    if (isLate || Math.abs(difference - this.difference) > SECOND) this.isDoubtful = true;
    this.difference = difference;
    if (this.isDoubtful && this.path && document.visibilityState === "visible") this.ask();
  }

  doubt() {
    this.isDoubtful = true;
    if (this.zero) this.tick();
  }

  // ask sets the clock by the server's, which told its time halfway between question and answer.
  async ask() {
    const asked = performance.now();
    if (asked < this.mayAskAt) return;
    this.mayAskAt = asked + ASK_AGAIN;
    try {
      const signal = AbortSignal.timeout(ASK_AGAIN);
      const answer = await fetch(this.path, { headers: { Accept: "application/json" }, cache: "no-store", signal });
      const { deadline, now } = await answer.json();
      if (this.signal.aborted) return;
      this.isDoubtful = false;
      this.set(deadline, now, (asked + performance.now()) / 2);
    } catch {
      // Asked again with a later tick.
    }
  }

  // offerToHide lets the candidate hide the time left. When the exam ends stays in sight.
  offerToHide(button) {
    button.classList.add("ready");
    button.addEventListener("click", () => {
      const hidden = !this.timer.classList.contains("timer-hidden");
      this.hide(hidden);
      remember(hidden);
    });
    this.hide(isHidden());
  }

  hide(hidden) {
    const button = this.timer.querySelector("[data-timer-hide]");
    this.timer.classList.toggle("timer-hidden", hidden);
    button.textContent = hidden ? button.dataset.wordsShow : button.dataset.wordsHide;
  }
}

// betweenClocks is how far the time of day is ahead of the page's clock, in milliseconds. A clock that is set moves it
// too, which costs no more than a question.
function betweenClocks() {
  return Date.now() - performance.now();
}

function isHidden() {
  try {
    return localStorage.getItem(KEY) === "hidden";
  } catch {
    return false;
  }
}

function remember(hidden) {
  try {
    if (hidden) localStorage.setItem(KEY, "hidden");
    else localStorage.removeItem(KEY);
  } catch {
    // Then it holds for this page.
  }
}

function announce(voice, output, last, left) {
  const passed = ANNOUNCED_MINUTES.find((m) => last > m * MINUTE && left <= m * MINUTE);
  if (voice && passed && last !== Infinity) {
    voice.textContent = `${voice.dataset.words} ${output.textContent}`;
  }
}

export function written(ms) {
  const seconds = Math.ceil(ms / SECOND);
  const pad = (n) => String(n).padStart(2, "0");
  const minutes = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${minutes}` : minutes;
}

// time_up closes nothing (R9): it saves what is on the screen, or where the
// page has no answer, leads to the result.
function timeUp(timer, way) {
  const button = timer.closest("main").querySelector('button[name="action"][value="time_up"]');
  if (button) {
    button.form.noValidate = true;
    button.form.requestSubmit(button);
  } else if (timer.dataset.after) {
    way.go(timer.dataset.after);
  }
}
