// Package simulate runs whole sittings in a bubble of fake time (testing/synctest): the real handlers,
// guard, state machine and proctor as three instances, over a database and a Redis in memory, with
// candidates whose several tabs share sessions and attempts, and an admin. A seed decides what everybody
// does and what goes wrong: which faults there are at all, when, and at which call.
//
// # One seed, one run
//
// Whatever waits, waits for a length of fake time that is different from every other one to the
// nanosecond, so that one goroutine runs at a time and a seed gives the same run each time: see dice.
// TestSameSeedSameRun proves it. What the program itself leaves to chance and what would change the
// course of a run comes from the seed as well (proctor.Proctor.Random, sessionguard.RedisOptions.Jitter).
//
// # What is looked at
//
// During a run: the answers' own laws (see browser and tab), locks and sessions (fakeredis.Watch). After
// it: devtools/history.Check over everything that was sent and got, and what is stored (see judge).
// A kind of fault that never happened in thousands of seeds is a fault of the simulation, see Kinds.
package simulate
