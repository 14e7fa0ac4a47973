// Changes colours and the size of text where the page stands, and tells the server, which renders the next
// page so. Without it the same buttons send their form, and the page is loaded anew.

export function chooseDisplay() {
  const box = document.querySelector("[data-display]");
  if (!box) return;
  box.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    if (!button) return;
    event.preventDefault();
    choose(button);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.open) close(box);
  });
  // What lies under it is seen again where the focus goes.
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !box.contains(relatedTarget)) box.open = false;
  });
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) box.open = false;
  });
}

function close(box) {
  box.open = false;
  box.querySelector("summary").focus();
}

// What the server is being told.
let telling = null;

function choose(button) {
  const { name, value, form } = button;
  const chosen = document.documentElement.dataset;
  chosen[name] = value;
  if (name === "theme") {
    document.querySelector('meta[name="color-scheme"]').content = value === "system" ? "light dark" : value;
  }
  for (const other of button.parentElement.querySelectorAll("button")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  // Both are sent, and what was sent before is given up: of two choices made quickly, the answer to the first may come
  // last, and undoes nothing.
  telling?.abort();
  telling = new AbortController();
  const body = new URLSearchParams({ theme: chosen.theme, text: chosen.text, next: "/" });
  // Without a connection the choice holds for this page.
  fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual", signal: telling.signal }).catch(() => {});
}
