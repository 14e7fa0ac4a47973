// Saves what is on the screen as a draft of its page, by the API and beside the form.
import { lost, reached } from "./gap.js";
import { takeKeys } from "./once.js";

// How long a save may take, in milliseconds, and how often it is tried.
const PATIENCE = 3000;
const TRIES = 2;

// saveDraft tells whether the answer is saved. A refused one stays on the page as it is.
export async function saveDraft(form) {
  const { rev, page, opening } = form.elements;
  const command = {
    ...takeKeys(form), rev: Number(rev.value), page: page.value, opening: Number(opening.value),
    draft: true, answer: answerIn(form),
  };
  const body = JSON.stringify(command);
  for (let i = 0; i < TRIES; i++) {
    const answer = await put(form.dataset.response, body);
    if (answer) {
      reached();
      return answer.ok;
    }
    lost();
  }
  return false;
}

// put sends the same command each time (R2); null: no answer came, or one that asks to come again.
async function put(path, body) {
  try {
    const answer = await fetch(path, {
      method: "PUT", headers: { "Content-Type": "application/json" }, body, signal: AbortSignal.timeout(PATIENCE),
    });
    return answer.status >= 500 ? null : answer;
  } catch {
    return null;
  }
}

// answerIn reads the answer in the form in which the API takes it.
function answerIn(form) {
  const controls = [...form.elements].filter((c) => /^answer(\.|$)/.test(c.name) && !c.disabled);
  const keyed = controls.filter((c) => c.name.startsWith("answer."));
  if (keyed.length > 0) {
    return Object.fromEntries(keyed.map((c) => [c.name.slice("answer.".length), c.value]));
  }
  const chosen = controls.filter((c) => c.checked).map((c) => c.value);
  switch (controls[0]?.type) {
    case "checkbox": return chosen;
    case "radio": return chosen[0] ?? null;
    default: return controls[0]?.value ?? null;
  }
}
