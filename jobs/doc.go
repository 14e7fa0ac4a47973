// Package jobs does work that takes longer than a request: commands to thousands of attempts,
// imports. A request stores a job; the runner of any instance does it, and when that instance ends in
// the middle, another one's goes on. So a job may be done twice, whole or in part, at the same time
// even, and each kind of work sees to it that this does no harm.
//
// It knows the state machine and the store's contract; nothing of HTTP, sessions or pages.
package jobs
