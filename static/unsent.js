// Sends a command again that was sent by an earlier page of this tab and never answered, as the same
// command (R2). Until then nobody acts on this page, which may show a state before it.
import { forget, kept, note } from "./kept.js";

// How often that is done by itself.
const TRIES = 2;

export function settleUnsent() {
  const { owner } = document.body.dataset;
  if (!owner) return;
  // Asked on every page: one that itself holds what was sent may be the answer to it.
  const [entry] = kept(owner);
  const template = document.querySelector("template[data-unsent]");
  if (!entry || !template) return;
  const notice = template.content.firstElementChild.cloneNode(true);
  const main = document.querySelector("main");
  main.before(notice);
  main.inert = true;
  if (entry.tries < TRIES) {
    send(entry);
  } else {
    ask(notice, entry);
  }
}

function send(entry) {
  note(entry);
  const form = document.createElement("form");
  form.method = "post";
  form.setAttribute("action", entry.path);
  form.hidden = true;
  for (const [name, value] of entry.fields) {
    // A text area, since an input would take line breaks away.
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.requestSubmit();
}

function ask(notice, entry) {
  for (const part of notice.querySelectorAll("[hidden]")) part.hidden = false;
  notice.querySelector("[data-unsent-send]").addEventListener("click", () => send(entry));
  notice.querySelector("[data-unsent-drop]").addEventListener("click", () => {
    forget(entry);
    location.reload();
  });
  notice.focus();
}
