// Covers a page whose attempt went on on another device, and takes it back. What was typed stays on the page,
// and in the browser, until it can be saved here again.
import { goOn, holdAutosave } from "./autosave.js";
import { quietCountdown } from "./countdown.js";
import { Cover } from "./cover.js";
import { newID } from "./once.js";
import { isAnswered } from "./send.js";

// How long taking it back may take, in milliseconds.
const PATIENCE = 5000;

export class Elsewhere {
  constructor(main, root, told) {
    Object.assign(this, { attempt: main.dataset.attempt, root, told, covered: false, left: null });
    this.box = root.querySelector("[data-elsewhere-cover]");
    if (!this.box) return;
    this.line = this.box.querySelector("[data-elsewhere-line]");
    this.cover = new Cover(main, this.box, this.line);
    this.box.querySelector("[data-elsewhere-back]").addEventListener("click", () => this.back());
  }

  // hear tells whether the page is covered. What was told before it was taken back says nothing any more.
  hear(state) {
    const away = Boolean(this.box) && state.elsewhere && state.elsewhere_since !== this.left;
    if (!state.elsewhere) this.left = null;
    if (away && !this.covered) this.leave(state.elsewhere_since);
    else if (!away && this.covered) this.come();
    return away;
  }

  leave(since) {
    this.covered = true;
    this.since = since;
    const text = this.box.querySelector("[data-elsewhere-text]");
    text.textContent = text.dataset.words.replace("{since}", () => since);
    holdAutosave("other_device");
    quietCountdown(true);
    this.cover.put();
  }

  come() {
    this.covered = false;
    this.cover.take();
    goOn();
    quietCountdown(false);
    this.told();
  }

  async back() {
    this.line.textContent = "";
    const fields = new URLSearchParams({ command_id: this.command ??= newID(), opening: this.root.dataset.opening });
    try {
      const answer = await fetch(this.box.dataset.path, {
        method: "POST", body: fields, redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
      });
      const isOurs = answer.type === "opaqueredirect" && await isAnswered({ attempt: this.attempt, command_id: this.command });
      if (!isOurs) throw new Error(String(answer.status));
    } catch {
      this.line.textContent = this.line.dataset.words; // the same command is sent again
      return;
    }
    this.command = undefined;
    this.left = this.since;
    if (this.covered) this.come();
  }
}
