// Hears what the server tells, as events; where those do not come through, by asking every few seconds.
// Only a visible page listens: a browser has six connections to a host, for all of its tabs.

import { lost, reached } from "./gap.js";

// How long a page is looked at before it listens, in milliseconds: who leafs through an exam opens none.
const SETTLED = 1000;
// Failures in a row before the page asks instead.
const MOST_FAILURES = 3;
const ASK_EVERY = 3000;
// After so many questions the page tries to listen again.
const ASK_TIMES = 20;

let ear = null;

// listen calls page.hear with each state and the time of performance.now at which it arrived, and page.signedOut when
// the sign-in has ended. Where the tab listens to the path already, it goes on for this page, which hears at once
// what arrived after the time since.
export function listen(path, page, since = Infinity) {
  if (ear?.path !== path) {
    listenNoMore();
    ear = new Ear(path);
  }
  ear.hearFor(page, since);
}

// listenNoMore ends what the tab listens to.
export function listenNoMore() {
  ear?.end();
  ear = null;
}

// listenAgain begins anew, after a sign-in.
export function listenAgain() {
  if (document.visibilityState === "visible") ear?.open();
}

class Ear {
  constructor(path) {
    Object.assign(this, { path, failures: 0, life: new AbortController() });
    const { signal } = this.life;
    const follow = () => (document.visibilityState === "visible" ? this.open() : this.close());
    document.addEventListener("visibilitychange", follow, { signal });
    addEventListener("pagehide", () => this.close(), { signal });
    addEventListener("pageshow", (event) => { if (event.persisted) follow(); }, { signal });
    follow();
  }

  hearFor(page, since) {
    this.page = page;
    if (this.latest && this.latestAt >= since) page.hear(this.latest, this.latestAt);
  }

  hear(state) {
    this.latest = state;
    this.latestAt = performance.now();
    this.page.hear(state, this.latestAt);
  }

  end() {
    this.life.abort();
    this.close();
  }

  open() {
    this.close();
    this.next = setTimeout(() => this.listen(), SETTLED);
  }

  close() {
    clearTimeout(this.next);
    this.source?.close();
    this.source = null;
    this.asking?.abort();
  }

  listen() {
    this.source = new EventSource(this.path);
    this.source.addEventListener("state", (event) => {
      this.failures = 0;
      reached();
      this.hear(JSON.parse(event.data));
    });
    this.source.addEventListener("signed-out", () => {
      this.close();
      this.page.signedOut();
    });
    this.source.addEventListener("error", () => this.fail());
  }

  // A source that was refused stays closed; others come again by themselves.
  fail() {
    lost();
    this.failures++;
    if (this.source?.readyState !== EventSource.CLOSED && this.failures < MOST_FAILURES) return;
    this.close();
    this.failures = 0;
    this.ask(ASK_TIMES);
  }

  async ask(times) {
    if (times === 0) {
      this.listen();
      return;
    }
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const answer = await fetch(this.path, { headers: { Accept: "application/json" }, signal });
      if (answer.status < 500) reached();
      if (answer.ok && !answer.redirected) this.hear(await answer.json());
      if (answer.redirected) this.page.signedOut();
    } catch {
      // Asked again.
    }
    if (!signal.aborted) this.next = setTimeout(() => this.ask(times - 1), ASK_EVERY);
  }
}
