// A page that the browser brings back from its back/forward cache shows an old
// state. It is fetched again, and until then nobody can send its forms.

export function revalidateOnReturn() {
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) form.inert = true;
    location.reload();
  });
}
