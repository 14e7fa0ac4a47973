// Judges the page of a tab in one look, beside axe-core: what a person would miss who has a small window, no mouse, or
// text set wider, or who hears links by their names alone (WCAG 2.2: 1.4.4, 1.4.10, 1.4.12, 2.3.3, 2.4.4, 2.4.7, 2.4.11,
// 2.5.8), and the contrast of text to the colour of the box in which it stands (1.4.3), of which axe-core is not sure where something lies above.
const spaced = new CSSStyleSheet();
spaced.replaceSync(`
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }`);

// put brings the page to a look, as the buttons for colours and for the size of text do, and waits until it is so.
async function put({ width, theme, text, forced }) {
  const { dataset } = document.documentElement;
  dataset.theme = theme;
  dataset.text = text;
  document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", theme);
  while (innerWidth !== width || matchMedia("(forced-colors: active)").matches !== forced) await new Promise(requestAnimationFrame);
  scrollTo({ top: 0, behavior: "instant" });
}

function look() {
  const faults = [...pale(), ...sideways(), ...motion(), ...small(), ...alike(), ...stops()];
  document.adoptedStyleSheets = [spaced];
  const before = new Set(faults);
  faults.push(...[...sideways(), ...cut()].filter((f) => !before.has(f)).map((f) => `with text set wider: ${f}`));
  document.adoptedStyleSheets = [];
  return faults;
}

const named = (e) => `${e.tagName.toLowerCase()}${e.className ? `.${e.className}` : ""} ${(e.textContent || e.name || "").trim().slice(0, 20)}`;

// Least contrasts of text, and of large text: from 24 CSS pixels, or 18.66 where it is bold.
const LEAST = 4.5;
const LEAST_LARGE = 3;

// pale lists text that stands out too little. Colours that the device forces upon the page are its owner's.
function pale() {
  if (matchMedia("(forced-colors: active)").matches) return [];
  const holds = (e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim() !== "");
  const faults = [];
  for (const e of document.body.querySelectorAll("*:not(svg *, script, style, template, noscript, :disabled, option)")) {
    const isField = e.matches("input:not([type=radio], [type=checkbox], [type=hidden]), textarea, select");
    if (!(isField || holds(e)) || !e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || e.closest("label")?.control?.disabled) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(e);
    const behind = ground(e);
    const ratio = contrast(over(parsed(color), behind), behind);
    const size = parseFloat(fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
    if (!(ratio >= (isLarge ? LEAST_LARGE : LEAST))) faults.push(`contrast of ${ratio.toFixed(2)}: ${named(e)}`);
  }
  return faults;
}

// ground is the colour behind the text of an element.
function ground(e) {
  if (!e) return parsed(getComputedStyle(document.documentElement).colorScheme === "dark" ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)");
  const { backgroundColor, opacity, backgroundImage } = getComputedStyle(e);
  if (opacity !== "1" || backgroundImage !== "none") return [NaN, NaN, NaN, 1]; // a contrast that nobody can tell
  const [r, g, b, a] = parsed(backgroundColor);
  return a === 1 ? [r, g, b, a] : over([r, g, b, a], ground(e.parentElement));
}

const parsed = (color) => {
  const [r, g, b, a = 1] = color.match(/[0-9.]+/g).map(Number);
  return [r, g, b, a];
};

const over = ([r, g, b, a], behind) => [...[r, g, b].map((c, i) => a * c + (1 - a) * behind[i]), 1];

function contrast(one, other) {
  const [light, dark] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [r, g, b] = colour.slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// sideways lists what is wider than the window and does not scroll in itself.
function sideways() {
  const room = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= room) return [];
  const scrolls = (e) => e && e !== document.body && (/auto|scroll|hidden/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter((e) => {
    const r = e.getBoundingClientRect();
    return r.width > 0 && (r.right > room + 1 || r.left < -1) && !scrolls(e);
  });
  return [`wider than the window: ${wide.slice(0, 5).map(named).join(", ")}`];
}

// cut lists text of which a part cannot be seen. The boxes of a formula reach further than its signs.
function cut() {
  return [...document.body.querySelectorAll("*:not(math, math *)")].filter((e) => {
    const { overflowX, overflowY } = getComputedStyle(e);
    const isCut = (/hidden|clip/.test(overflowX) && e.scrollWidth > e.clientWidth + 1) || (/hidden|clip/.test(overflowY) && e.scrollHeight > e.clientHeight + 1);
    return isCut && e.clientWidth > 1 && e.checkVisibility({ visibilityProperty: true }) && e.textContent.trim() !== "";
  }).map((e) => `cut off: ${named(e)}`);
}

// motion: who asked for none gets none.
function motion() {
  return document.getAnimations().map((a) => `moves: ${named(a.effect.target)}`);
}

// Least width and height of what is pressed, in CSS pixels, and what we aim at for all that stands by itself.
const LEAST_TARGET = 24;
const AIM = 44;

// small lists what is hard to hit. A link within a sentence is as high as its line; what a label belongs to is as large
// as the label.
function small() {
  const faults = [];
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!e.checkVisibility({ visibilityProperty: true }) || e.matches(":disabled, .skip-link") || isInSentence(e)) continue;
    const { width, height } = (e.closest("label") ?? e).getBoundingClientRect();
    const least = e.matches(".gap *") ? LEAST_TARGET : AIM;
    if (Math.min(width, height) < least - 0.5) faults.push(`${Math.round(width)} by ${Math.round(height)} pixels: ${named(e)}`);
  }
  return faults;
}

const isInSentence = (e) => e.matches("a") && [...e.parentElement.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim() !== "");

// alike lists links that have one name and lead to different places.
function alike() {
  const places = new Map();
  for (const e of document.querySelectorAll("a[href]")) {
    if (!e.checkVisibility({ visibilityProperty: true })) continue;
    const name = heard(e);
    places.set(name, (places.get(name) ?? new Set()).add(e.href));
  }
  return [...places].filter(([, hrefs]) => hrefs.size > 1).map(([name, hrefs]) => `${hrefs.size} places have a link "${name}"`);
}

// heard is the name of a link: its label, else its words, without signs.
function heard(e) {
  const words = (n) => n.nodeType === Node.TEXT_NODE ? n.data : n.alt ?? (n.ariaHidden === "true" ? "" : [...n.childNodes].map(words).join(" "));
  return (e.ariaLabel ?? words(e)).replace(/\s+/g, " ").trim();
}

// stops lists what has the focus and is not seen: out of the window, below something else, or without a mark.
function stops() {
  const faults = [];
  const was = document.activeElement;
  const opened = [...document.querySelectorAll("details[open]")];
  was?.blur(); // what has the focus would not be scrolled to
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
    if (!e.checkVisibility({ visibilityProperty: true }) || e.matches(":disabled, [tabindex='-1']")) continue;
    e.focus({ focusVisible: true });
    if (document.activeElement === e) faults.push(...judge(e).map((what) => `${what}: ${named(e)}`));
  }
  for (const box of opened) box.open = true;
  was?.focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: "instant" });
  return faults;
}

function judge(e) {
  const faults = [];
  const r = e.getBoundingClientRect();
  const x = r.x + r.width / 2;
  const y = Math.min(Math.max(r.y, 0) + Math.min(r.height, innerHeight) / 2, innerHeight - 1);
  if (r.bottom < 0 || r.top > innerHeight || r.right < 0 || r.left > innerWidth) faults.push("out of sight");
  const top = document.elementFromPoint(x, y);
  if (top && top !== e && !e.contains(top) && !top.contains(e) && !e.labels?.[0]?.contains(top)) faults.push(`covered by ${named(top)}`);
  const isMarked = [e, e.closest(".choice")].some((m) => {
    if (!m) return false;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(m);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && parsed(outlineColor)[3] > 0;
  });
  if (!isMarked) faults.push("no mark of the focus");
  return faults;
}

window.gallery = { put, look };
null;
