// A page that waits for the server, a load under way for example, is looked at again after the time that it names.
// What it says is put in its place, unless somebody's focus is within it; once the waiting is over the page takes its
// place as a whole. Where no script runs a refresh of the document does it.
import { read } from "./page.js";
import { after } from "./screen.js";

// Pages that wait for the same moment look within this time behind it, in milliseconds.
const SPREAD = 3000;

export function refreshWaiting({ main, signal, way }) {
  const seconds = Number(document.body.dataset.refresh);
  if (seconds > 0) after(seconds * 1000 + Math.random() * SPREAD, signal, () => whenSeen(signal, () => look(main, signal, way)));
}

// whenSeen calls a function now, or once the page is visible: nobody reads a hidden one.
function whenSeen(signal, call) {
  if (document.visibilityState === "visible") {
    call();
    return;
  }
  const seen = new AbortController();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    seen.abort();
    call();
  }, { signal: AbortSignal.any([signal, seen.signal]) });
}

async function look(main, signal, way) {
  const again = () => refreshWaiting({ main, signal, way });
  const asked = performance.now();
  const answer = await fetch(location.href, { signal }).catch(() => undefined); // not reached: the next look may
  if (signal.aborted) return;
  if (!answer?.ok) return again();
  const at = performance.now();
  const page = await read(answer);
  if (signal.aborted) return;
  if (page.redirected || !page.main) return way.renew();
  const { refresh } = page.document.body.dataset;
  if (!refresh) {
    if (!way.put({ ...page, asked, at })) again();
    return;
  }
  if (!main.contains(document.activeElement)) main.replaceChildren(...page.main.childNodes);
  document.body.dataset.refresh = refresh;
  again();
}
