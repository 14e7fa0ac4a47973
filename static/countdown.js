// Shows the time left and, at zero, sends what is on the screen.
//
// The server's clock decides (R8): the page carries the deadline and the
// server's time of rendering, and only the time that passed since then is
// measured here, by a clock that a wrong or changed system time does not move.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
// What a screen reader hears: these marks and no more.
const ANNOUNCED_MINUTES = [10, 5, 1];

let clock = null;

export function startCountdown({ main, signal }) {
  clock = null;
  const timer = main.querySelector("[data-timer]");
  if (!timer) return;
  const mine = clock = new Clock(timer);
  signal.addEventListener("abort", () => mine.stop());
  clock.set(timer.dataset.deadline, timer.dataset.now, receivedAt());
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

// The page was rendered just before its first byte arrived.
function receivedAt() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation?.responseStart ?? 0;
}

class Clock {
  constructor(timer) {
    this.timer = timer;
    this.output = timer.querySelector("[data-timer-left]");
    this.voice = timer.querySelector("[data-timer-voice]");
    this.last = Infinity;
    this.held = false;
  }

  set(deadline, now, at) {
    const total = Date.parse(deadline) - Date.parse(now);
    if (Number.isNaN(total)) return;
    this.zero = at + total;
    this.tick();
  }

  stop() {
    clearTimeout(this.next);
  }

  tick() {
    this.stop();
    if (this.held) return;
    const left = Math.max(this.zero - performance.now(), 0);
    this.output.textContent = written(left);
    this.timer.classList.toggle("timer-low", left <= 5 * MINUTE);
    announce(this.voice, this.output, this.last, left);
    this.last = left;
    if (left > 0) {
      this.next = setTimeout(() => this.tick(), left % SECOND || SECOND);
    } else {
      timeUp(this.timer);
    }
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
function timeUp(timer) {
  const button = timer.closest("main").querySelector('button[name="action"][value="time_up"]');
  if (button) {
    button.form.noValidate = true;
    button.form.requestSubmit(button);
  } else if (timer.dataset.after) {
    location.assign(timer.dataset.after);
  }
}
