// Package history is what clients remember of a run, and the judgement on it.
//
// Every client of the simulation and of the torture writes down each request that it sends, when, and
// what came back (Op). Afterwards Check holds the whole history against what is stored: each response
// by itself for linearizability, the journals as witnesses of what was acknowledged, and the rules
// as far as histories and journals show them: R1–R11 and R13–R16. R12 is no matter of histories, see
// package secrets.
//
// The package reads the types of stored attempts from the product, and how an answer is marked: each
// score is made once more by package exam (R13), which its own tests judge. Nothing else: what a command
// does to a response, what a deadline is and how an entry is hashed is written here a second time,
// from docs/design.md, so that a mistake there is not repeated here.
package history
