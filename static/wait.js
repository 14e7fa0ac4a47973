// Waits that grow, and are spread: everybody waits for the same server.

// The first and the longest one, in milliseconds.
const FIRST = 1000;
const LONGEST = 8000;

// A server that asks for a longer wait, as for maintenance, is asked again after this time, in milliseconds.
const MOST_ASKED = 30_000;

// askedFor is the wait that an answer asks for by Retry-After, in milliseconds, 0 for none.
export function askedFor(answer) {
  const seconds = Number(answer.headers.get("Retry-After")) || 0; // a date is not understood
  return Math.min(Math.max(1000 * seconds, 0), MOST_ASKED);
}

// pauseAfter is the wait after so many failures in a row before this one, in milliseconds.
export function pauseAfter(failures) {
  return Math.min(FIRST * 2 ** failures, LONGEST) * (0.5 + Math.random());
}
