// Shows the time left and, at zero, sends what is on the screen.
//
// The server's clock decides (R8): the page carries the deadline and the
// server's time of rendering, and only the time that passed since then is
// measured here, by a clock that a wrong or changed system time does not move.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
// What a screen reader hears: these marks and no more.
const ANNOUNCED_MINUTES = [10, 5, 1];

export function startCountdown() {
  const timer = document.querySelector("[data-timer]");
  if (!timer) return;
  const total = Date.parse(timer.dataset.deadline) - Date.parse(timer.dataset.now);
  if (Number.isNaN(total)) return;
  const started = receivedAt();
  const remaining = () => total - (performance.now() - started);
  run(timer, remaining);
}

// The page was rendered just before its first byte arrived.
function receivedAt() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation?.responseStart ?? 0;
}

function run(timer, remaining) {
  const output = timer.querySelector("[data-timer-left]");
  const voice = timer.querySelector("[data-timer-voice]");
  let last = Infinity;
  const tick = () => {
    const left = Math.max(remaining(), 0);
    output.textContent = clock(left);
    timer.classList.toggle("timer-low", left <= 5 * MINUTE);
    announce(voice, output, last, left);
    last = left;
    if (left > 0) {
      setTimeout(tick, left % SECOND || SECOND);
    } else {
      timeUp(timer);
    }
  };
  tick();
}

function announce(voice, output, last, left) {
  const passed = ANNOUNCED_MINUTES.find((m) => last > m * MINUTE && left <= m * MINUTE);
  if (voice && passed && last !== Infinity) {
    voice.textContent = `${voice.dataset.words} ${output.textContent}`;
  }
}

function clock(ms) {
  const seconds = Math.ceil(ms / SECOND);
  const pad = (n) => String(n).padStart(2, "0");
  const minutes = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${minutes}` : minutes;
}

// time_up closes nothing (R9): it saves what is on the screen, or where the
// page has no answer, leads to the result.
function timeUp(timer) {
  const button = document.querySelector('button[name="action"][value="time_up"]');
  if (button) {
    button.form.noValidate = true;
    button.form.requestSubmit(button);
  } else if (timer.dataset.after) {
    location.assign(timer.dataset.after);
  }
}
