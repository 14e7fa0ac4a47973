// A page that waits for the server, a load under way for example, is looked at again after the time that it names.
// What it says is put in its place, unless somebody's focus is within it; once the waiting is over the page is
// loaded again. Where no script runs a refresh of the document does it.

export function refreshWaiting() {
  const seconds = Number(document.body.dataset.refresh);
  if (seconds > 0) setTimeout(look, seconds * 1000);
}

async function look() {
  const answer = await fetch(location.href).catch(() => undefined); // not reached: the next look may
  if (!answer?.ok) return refreshWaiting();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.redirected || !page.body.dataset.refresh) return location.reload();
  const here = document.querySelector("main");
  if (!here.contains(document.activeElement)) here.replaceChildren(...page.querySelector("main").childNodes);
  refreshWaiting();
}
