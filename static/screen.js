// A screen is what a tab shows in its main element. Everything that one rendering starts gets the same context, and
// ends with it: when another main element takes its place, the signal is aborted.

export class Screen {
  // starts are called in order for every main element, each with { main, signal }.
  constructor(starts) {
    this.starts = starts;
    this.life = new AbortController();
  }

  // mount begins the life of a main element that is in the document, and ends that of the one before it.
  mount(main) {
    this.life.abort();
    this.life = new AbortController();
    for (const start of this.starts) start({ main, signal: this.life.signal });
  }
}

// after calls a function once, after a time in milliseconds, unless the signal is aborted before.
export function after(time, signal, call) {
  if (signal.aborted) return;
  const timer = setTimeout(() => {
    signal.removeEventListener("abort", cancel);
    call();
  }, time);
  const cancel = () => clearTimeout(timer);
  signal.addEventListener("abort", cancel, { once: true });
}
