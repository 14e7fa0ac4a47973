// Package torture breaks a cluster on purpose while candidates sit exams in it, and judges afterwards
// whether an acknowledged answer was lost, counted twice, or overwritten by a stale one.
//
// Three instances run as processes behind the balancer, on a real Postgres and a real Redis. A fault
// proxy stands between each instance and each of its servers, and one before the balancer. Independent
// clients, written from the wire contract alone (docs/design.md §7), keep what they sent and what came
// back. A seeded scheduler kills, halts, empties, slows and cuts one part after the other; a fault counts
// only when it is seen to have happened.
//
// A run is invalid when some kind of fault never happened or when the clients had less than their rate
// before the first fault: it proves nothing then. After the run everything recovers, what was not
// answered is sent again as pages do, and package history judges the whole.
package torture
