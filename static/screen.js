// A screen is what a tab shows in its main element. Everything that one rendering starts gets the same context, and
// ends with it: when another main element takes its place, the signal is aborted.

// documents is how a page leads elsewhere, and is shown anew, where each is a document of its own; there are none
// ahead to be forgotten.
const documents = {
  replace: (path) => location.replace(path),
  go: (path) => location.assign(path),
  renew: () => location.reload(),
  forget: () => {},
};

export class Screen {
  // starts are called in order for every main element, each with { main, signal, way, asked, at }.
  constructor(starts) {
    this.starts = starts;
    this.way = documents;
    this.life = new AbortController();
  }

  // mount begins the life of a main element that is in the document, and ends that of the one before it. asked is when
  // the page was asked for and at is when it began to come, by performance.now; without them it came with the document.
  mount(main, { asked, at } = {}) {
    this.life.abort();
    this.life = new AbortController();
    for (const start of this.starts) start({ main, signal: this.life.signal, way: this.way, asked, at });
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
