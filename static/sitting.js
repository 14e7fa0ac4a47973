// Follows a sitting: puts the rows and totals that the server sends in the
// place of those on the page, and lets times run on between.
//
// What a row says is rendered by the server alone; a row that is replaced
// keeps its check mark and the focus. While nobody looks nothing is asked for.
import { written } from "./countdown.js";

const SECOND = 1000;
const COME_AGAIN = 5 * SECOND;

const main = document.querySelector("main[data-events]");
// When an element's times were right, on the clock of this page.
const arrived = new WeakMap();
let stream;
let again;

if (main) {
  follow();
  addEventListener("pageshow", follow);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : follow()));
  setInterval(tick, SECOND);
  offerCheckAll();
}

function follow() {
  if (stream || document.hidden) return;
  clearTimeout(again);
  stream = new EventSource(main.dataset.events);
  stream.addEventListener("open", () => showLive(true));
  stream.addEventListener("error", lost);
  stream.addEventListener("rows", (e) => parse(e.data).forEach(replaceRow));
  stream.addEventListener("totals", (e) => replace(document.getElementById("chips"), parse(e.data)[0]));
  stream.addEventListener("stage", (e) => replace(document.getElementById("stage"), parse(e.data)[0]));
  stream.addEventListener("changed", () => (main.querySelector("[data-changed]").hidden = false));
}

// A browser comes back to a stream that was cut, but not to one refused.
function lost() {
  showLive(false);
  if (stream?.readyState !== EventSource.CLOSED) return;
  leave();
  again = setTimeout(follow, COME_AGAIN);
}

function leave() {
  clearTimeout(again);
  stream?.close();
  stream = undefined;
  showLive(false);
}

function showLive(on) {
  main.querySelector("[data-live]").hidden = !on;
  main.querySelector("[data-still]").hidden = on;
}

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return [...holder.content.children];
}

function replaceRow(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old) return;
  const was = old.querySelector("input[type=checkbox]");
  const is = fresh.querySelector("input[type=checkbox]");
  if (was && is) is.checked = was.checked;
  fresh.querySelectorAll("[data-left], [data-age]").forEach((e) => arrived.set(e, performance.now()));
  replace(old, fresh);
}

// The focus goes to what stands in the same place.
function replace(old, fresh) {
  if (!old || !fresh) return;
  const places = (e) => [...e.querySelectorAll("a, input")];
  const place = places(old).indexOf(document.activeElement);
  old.replaceWith(fresh);
  if (place >= 0) places(fresh)[place]?.focus();
}

// The page was rendered just before its first byte arrived.
function tick() {
  const [navigation] = performance.getEntriesByType("navigation");
  const passed = (e) => performance.now() - (arrived.get(e) ?? navigation?.responseStart ?? 0);
  for (const e of main.querySelectorAll("[data-left]")) {
    e.textContent = written(Math.max(e.dataset.left - passed(e), 0));
  }
  for (const e of main.querySelectorAll("[data-age]")) {
    e.textContent = written(Number(e.dataset.age) + passed(e));
  }
}

function offerCheckAll() {
  const all = main.querySelector("[data-check-all]");
  if (!all) return;
  const boxes = () => [...main.querySelectorAll("tbody input[type=checkbox]")];
  const count = () => {
    const checked = boxes().filter((b) => b.checked).length;
    main.querySelector("[data-checked]").textContent = checked > 0 ? `(${checked})` : "";
    all.checked = checked > 0 && checked === boxes().length;
    all.indeterminate = checked > 0 && !all.checked;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    boxes().forEach((b) => (b.checked = all.checked));
    count();
  });
  main.addEventListener("change", (e) => e.target !== all && count());
  count();
}
