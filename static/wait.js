// Waits that grow, and are spread: everybody waits for the same server.

// The first and the longest one, in milliseconds.
const FIRST = 1000;
const LONGEST = 8000;

// pauseAfter is the wait after so many failures in a row before this one, in milliseconds.
export function pauseAfter(failures) {
  return Math.min(FIRST * 2 ** failures, LONGEST) * (0.5 + Math.random());
}
