// Where a candidate may go to any question, the other questions are asked for ahead, so that work goes on without a
// connection. A page that was shown is kept as it was left: it goes on as the same page, which may save again.
import { ask } from "./page.js";
import { after } from "./screen.js";

// How many pages, and how much of them, in characters.
const MOST = 100;
const MOST_TEXT = 4 << 20;
// When the first one is asked for, and how long after it another one, in milliseconds; each is spread.
const FIRST = 2000;
const EVERY = 10000;
const PATIENCE = 15000;

export class Ahead {
  // mayAsk tells whether the page has nothing else to do.
  constructor(root, mayAsk) {
    Object.assign(this, { root, mayAsk, pages: new Map(), size: 0, asked: 0, life: new AbortController() });
  }

  // look begins to ask ahead for a page that is shown; what was planned for another is dropped.
  look(main) {
    this.life.abort();
    this.life = new AbortController();
    this.forget(Number(main.dataset.position));
    if (main.querySelector(".positions")) this.plan(main, FIRST);
  }

  plan(main, time) {
    const { signal } = this.life;
    after(time * (0.5 + Math.random()), signal, async () => {
      const wanted = this.wanted(main);
      if (wanted && document.visibilityState === "visible" && this.mayAsk()) await this.fetch(wanted, main, signal);
      this.plan(main, EVERY);
    });
  }

  // wanted is the next position that is not there, 0 when all are, or no more may be.
  wanted(main) {
    const { position, total } = main.dataset;
    if (this.pages.size >= MOST || this.size >= MOST_TEXT) return 0;
    for (let i = 1; i < Number(total); i++) {
      const wanted = (Number(position) - 1 + i) % Number(total) + 1;
      if (!this.pages.has(wanted)) return wanted;
    }
    return 0;
  }

  async fetch(position, main, signal) {
    this.asked = position;
    const page = await ask(`${this.root}/questions/${position}`, { patience: PATIENCE, signal });
    const { dataset } = page.main ?? {};
    if (signal.aborted || this.asked !== position || dataset?.position !== String(position) || !page.main.querySelector("form[data-question]")) return;
    const size = page.main.outerHTML.length;
    this.pages.set(position, { main: page.main, title: page.title, asked: page.asked, at: page.at, size });
    this.size += size;
  }

  // keep remembers a page that is left.
  keep(main, { title, asked = 0, at }) {
    const form = main.querySelector("form[data-question]");
    if (!form || !main.querySelector(".positions") || main.dataset.outcome) return;
    this.forget(Number(main.dataset.position));
    this.pages.set(Number(main.dataset.position), { main, title, asked, at, size: 0 });
  }

  // forget drops a page whose position was saved by anything but itself, also one that is on its way.
  forget(position) {
    if (this.asked === position) this.asked = 0;
    this.size -= this.pages.get(position)?.size ?? 0;
    this.pages.delete(position);
  }

  has(position) {
    return this.pages.has(position);
  }

  // take gives a page to be shown.
  take(position) {
    return this.pages.get(position) ?? null;
  }
}
