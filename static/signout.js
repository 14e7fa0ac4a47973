// Before somebody signs out, what only this browser holds is sent; if something stays, they choose what becomes of it.
import { keepNow, saveNow } from "./autosave.js";
import { discard } from "./outbox.js";
import { forgetRejected, resend, unsaved } from "./resend.js";
import { tellTabs } from "./tabs.js";
import { mayLeave } from "./unsaved.js";

// How long sending may hold up a sign-out, in milliseconds, and how often it is looked whether that is done: other
// tabs send what is theirs.
const PATIENCE = 3000;
const EVERY = 200;

let isChosen = false;

export function watchSignOut() {
  // Before everybody else who hears of it.
  addEventListener("submit", (event) => {
    if (event.target.id !== "logout" || isChosen) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leave(event.target);
  }, { capture: true });
}

async function leave(form) {
  const end = performance.now() + PATIENCE;
  await keepNow(); // what was typed just now is not in the outbox yet
  saveNow();
  resend();
  let left = await unsaved();
  while (left.length > 0 && performance.now() < end) {
    await new Promise((done) => setTimeout(done, EVERY));
    left = await unsaved();
  }
  const choice = left.length === 0 ? "keep" : await ask(left);
  if (choice === "stay") return;
  if (choice === "discard") await discard(left);
  await forgetRejected();
  isChosen = true;
  mayLeave();
  tellTabs({ what: "signed-out" });
  form.requestSubmit();
}

// ask gives "stay", "keep" or "discard".
function ask(left) {
  const template = document.querySelector("template[data-signout]");
  const dialog = template.content.firstElementChild.cloneNode(true);
  const list = dialog.querySelector("[data-unsent-list]");
  for (const { label } of left) list.append(Object.assign(document.createElement("li"), { textContent: label }));
  document.body.append(dialog);
  return new Promise((choose) => {
    for (const button of dialog.querySelectorAll("button")) {
      button.addEventListener("click", () => dialog.close(button.value));
    }
    dialog.addEventListener("close", () => {
      dialog.remove();
      choose(dialog.returnValue || "stay");
    });
    dialog.showModal();
  });
}
