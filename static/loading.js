// Tells whether this page is the answer to something that a page before it in the tab has sent.

// When the loading of this page began, by the clock as it is now: performance.timeOrigin is not moved when the clock
// is, nor, in some browsers, while the machine sleeps.
const BEGAN = Date.now() - performance.now();
// A page whose loading began so soon after a form was sent is the answer to it, in milliseconds.
const SOON = 2000;

// answers: the loading began soon after a time of the clock.
export function answers(sent) {
  return Math.abs(BEGAN - sent) <= SOON;
}
