// A page that the browser brings back from its back/forward cache shows an old state. Nobody can use it before it is
// known to be what is saved, or is fetched again.

export function revalidateOnReturn(travel) {
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (travel) {
      travel.revalidate();
      return;
    }
    for (const form of document.forms) form.inert = true;
    location.reload();
  });
}
