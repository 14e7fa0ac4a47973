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
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) box.open = false;
  });
}

function close(box) {
  box.open = false;
  box.querySelector("summary").focus();
}

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
  // Both are sent: of two choices made quickly, neither answer undoes the other.
  const body = new URLSearchParams({ theme: chosen.theme, text: chosen.text, next: "/" });
  // Without a connection the choice holds for this page.
  fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {});
}
