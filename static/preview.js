// The preview beside a question's editor follows what is typed: the form is sent to the server, which answers with
// the part of the page that shows it. Without it the form's own button shows the same.

// A pause in typing after which the preview is asked for, in milliseconds.
const PAUSE = 400;

export function previewWhileTyping({ main, signal }) {
  const form = main.querySelector("form[data-preview-from]");
  if (!form) return;
  const preview = new Preview(form);
  signal.addEventListener("abort", () => preview.stop());
}

class Preview {
  constructor(form) {
    this.form = form;
    this.shown = form.querySelector("[data-preview]");
    this.failed = form.querySelector("[data-preview-failed]");
    form.addEventListener("input", () => this.soon());
    this.look();
  }

  stop() {
    clearTimeout(this.timer);
    this.asked?.abort();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    this.asked?.abort();
    const asked = this.asked = new AbortController();
    try {
      const answer = await fetch(this.form.dataset.previewFrom, {
        method: "POST", body: new URLSearchParams(new FormData(this.form)), signal: asked.signal,
      });
      if (!answer.ok) throw new Error(answer.statusText);
      const part = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.shown.replaceChildren(...part.body.childNodes);
      this.failed.hidden = true;
    } catch {
      if (!asked.signal.aborted) this.failed.hidden = false;
    }
  }
}
