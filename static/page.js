// Asks the server for a page, without leaving the one that is shown.

import { askedFor } from "./wait.js";

// Answers that decide nothing: whoever got one comes again with the same request.
const COME_AGAIN = [403, 408, 429];

// ask gives { main, title, document, url, status, redirected, asked, at }: a page of the service, when it was asked
// for, and when it began to come, both by performance.now. main is null when no answer came within a time in milliseconds, or none
// that decides anything; retryAfter is then the wait that the server asks for, in milliseconds, or 0.
export async function ask(path, { body, patience, signal }) {
  const asked = performance.now();
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, patience);
  signal.addEventListener("abort", stop);
  try {
    const answer = await fetch(path, { method: body === undefined ? "GET" : "POST", body, cache: "no-store", signal: limit.signal, headers: headersFor(body) });
    const at = performance.now();
    const page = await read(answer);
    if (!decides(answer) || !page.main) return { main: null, status: answer.status, retryAfter: askedFor(answer) };
    return { ...page, asked, at };
  } catch {
    return { main: null, status: 0, retryAfter: 0 };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

// decides: the answer is one after which its request is not sent again.
export function decides(answer) {
  return answer.status < 500 && !COME_AGAIN.includes(answer.status);
}

function headersFor(body) {
  return body === undefined ? { Accept: "text/html" } : { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" };
}

// read gives the page that an answer holds. A network that asks for a sign-in of its own answers with pages too: those
// of the service have a main element with this id.
export async function read(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const { status, url, redirected } = answer;
  return { main: page.querySelector("main#main"), title: page.title, document: page, url: withoutOrigin(url), status, redirected };
}

export function withoutOrigin(url) {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

// encoded is what a browser sends of a form, to the byte.
export function encoded(fields) {
  const out = new URLSearchParams();
  for (const [name, value] of fields) {
    if (typeof value === "string") out.append(name, value.replace(/\r\n?|\n/g, "\r\n"));
  }
  return out.toString();
}
