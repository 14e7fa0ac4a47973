// Reads the answer of a question's form as the API takes it (docs/design.md §7).

// inputs are what the candidate answers with.
export function inputs(form) {
  return [...form.elements].filter((c) => /^answer(\.|$)/.test(c.name) && c.type !== "hidden" && !c.disabled);
}

// onScreen is the answer as it is now.
export function onScreen(form) {
  return read(form, {
    value: (c) => c.value, isChecked: (c) => c.checked,
  });
}

// isAnswered: there is an answer on the screen, in one part at least.
export function isAnswered(form) {
  const answer = onScreen(form);
  return answer !== null && Object.values(answer).some((part) => part !== "");
}

// asRendered is the answer as the server has rendered it, which no text moves that a browser puts back.
export function asRendered(form) {
  return read(form, {
    value: (c) => (c.options ? [...c.options].find((o) => o.defaultSelected)?.value ?? "" : c.defaultValue),
    isChecked: (c) => c.defaultChecked,
  });
}

function read(form, { value, isChecked }) {
  const controls = inputs(form);
  const keyed = controls.filter((c) => c.name.startsWith("answer."));
  if (keyed.length > 0) {
    return Object.fromEntries(keyed.map((c) => [c.name.slice("answer.".length), value(c)]));
  }
  const chosen = controls.filter(isChecked).map((c) => c.value);
  switch (controls[0]?.type) {
    case "checkbox": return chosen;
    case "radio": return chosen[0] ?? null;
    default: return controls.length > 0 ? value(controls[0]) : null;
  }
}

// fieldsOf gives an answer back as the fields of a form.
export function fieldsOf(answer) {
  if (answer === null) return [];
  if (typeof answer === "string") return [["answer", answer]];
  if (Array.isArray(answer)) return answer.map((value) => ["answer", value]);
  return Object.entries(answer).map(([key, value]) => [`answer.${key}`, value]);
}
