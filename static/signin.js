// Knows when nobody is signed in any more, and lets the page's owner sign in again without losing the page.
import { hideBar, showBar } from "./bars.js";
import { listenAgain } from "./stream.js";
import { leaveUnasked } from "./unsaved.js";

// How long the server may take to judge a password, in milliseconds.
const PATIENCE = 70000;

let dialog = null;
let isOut = false;
const waiting = new Set();

// whenSignedIn calls back after each sign-in of the page's owner, until the signal ends it.
export function whenSignedIn(call, signal) {
  waiting.add(call);
  signal?.addEventListener("abort", () => waiting.delete(call));
}

// askToSignIn says that nobody is signed in, and asks; who says "later" is asked again only by what they press, which
// isPressed says. It tells whether this page can ask.
export function askToSignIn(isPressed = false) {
  const template = document.querySelector("template[data-signin]");
  if (!template) return false;
  if (isOut) {
    if (isPressed) open();
    return true;
  }
  isOut = true;
  showBar("signed-out", { actions: { signin: open } });
  dialog ??= make(template);
  open();
  return true;
}

// isOwner asks whether the page's owner is signed in, null where nobody can say.
export async function isOwner() {
  try {
    const answer = await fetch("/api/v1/session", { cache: "no-store" });
    if (answer.status === 401) return false;
    if (!answer.ok) return null;
    const { owner } = await answer.json();
    return owner === document.body.dataset.owner;
  } catch {
    return null;
  }
}

function open() {
  if (!dialog.open) dialog.showModal();
}

function make(template) {
  const made = template.content.firstElementChild.cloneNode(true);
  for (const field of made.querySelectorAll("[data-name]")) {
    field.name = field.dataset.name;
    field.type = field.dataset.type ?? field.type;
  }
  made.querySelector("[data-later]").addEventListener("click", () => made.close());
  made.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    submit(event.target);
  });
  document.body.append(made);
  return made;
}

async function submit(form) {
  const button = form.querySelector("[type=submit]");
  if (button.disabled) return;
  button.disabled = true;
  const problem = await signIn(new URLSearchParams(new FormData(form)));
  button.disabled = false;
  say(form.querySelector("[data-signin-problem]"), problem);
  const password = form.elements.password;
  if (problem) {
    password.select();
    return;
  }
  password.value = "";
  if (await isOwner() === false) {
    leaveUnasked("/"); // what is kept stays its owner's
    return;
  }
  isOut = false;
  dialog.close();
  hideBar("signed-out");
  listenAgain();
  for (const call of [...waiting]) call();
}

// signIn gives null, or what went wrong. Only a redirect is a success.
async function signIn(body) {
  try {
    const answer = await fetch("/login", { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.type === "opaqueredirect") return null;
    if (answer.status === 401) return { what: "wrong" };
    if (answer.status !== 429) return { what: "busy" };
    return { what: "throttled", n: Math.ceil((Number(answer.headers.get("Retry-After")) || 60) / 60) };
  } catch {
    return { what: "unreached" };
  }
}

function say(line, problem) {
  line.hidden = !problem;
  if (!problem) return;
  const words = line.dataset[`words${problem.what[0].toUpperCase()}${problem.what.slice(1)}`];
  line.textContent = words.replace("{n}", problem.n);
}
