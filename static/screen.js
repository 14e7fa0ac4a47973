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
    this.way = { ...documents, put: (page) => this.put(page) };
    this.life = new AbortController();
  }

  // mount begins the life of a main element that is in the document, and ends that of the one before it. asked is when
  // the page was asked for and at is when it began to come, by performance.now; without them it came with the document.
  mount(main, { asked, at } = {}) {
    this.life.abort();
    this.life = new AbortController();
    for (const start of this.starts) start({ main, signal: this.life.signal, way: this.way, asked, at });
  }

  // put shows a page that came by fetch in the place of the one that is shown, whose document stays. It tells that it did.
  put({ main, title, document: page, asked, at }) {
    const here = document.querySelector("main");
    const isLost = document.activeElement === document.body || here.contains(document.activeElement);
    here.replaceWith(main);
    document.title = title;
    adopt(page);
    this.mount(main, { asked, at });
    if (isLost && document.activeElement === document.body) focusHeading(main);
    return true;
  }
}

// adopt takes over what of a page stands beside its main element.
export function adopt(page) {
  for (const name of Object.keys(document.body.dataset)) {
    if (name !== "owner") delete document.body.dataset[name]; // a page of nobody is shown to the same one
  }
  Object.assign(document.body.dataset, page.body.dataset);
  const [here, there] = [document, page].map((d) => d.querySelector("#locale [name=next]"));
  if (here && there) here.value = there.value;
}

// focusHeading lets a page that took another's place begin at its heading.
export function focusHeading(main) {
  const heading = main.querySelector("h1") ?? main;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
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
