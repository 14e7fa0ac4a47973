// Package exam is the state machine of an exam: papers, attempts, commands, journal and scores.
//
// It is pure. It knows no database, session, page, clock, network or randomness: the caller brings
// the time of arrival, the salts and the seeds, and the same state with the same input gives the
// same output. Apply judges a command and returns the attempt after it together with what is to be
// stored; folding the stored journal (Replay) gives exactly the same attempt again, because Apply
// itself changes an attempt only by folding the entry that it wrote.
//
//	                    pause
//	  start ──▶ in_progress ◀──────▶ paused
//	              │    ▲     resume    │
//	submit, expire│    │reopen         │force_submit
//	 force_submit ▼    │               │
//	       submitted | expired ◀───────┘
//
//	any of them ── void ──▶ voided ── unvoid ──▶ what it was
//
// Invariants, after every command: 1 ≤ cursor ≤ n + 1; a linear cursor never goes back; rev, seq,
// opening and the number of changes never fall; a closed attempt changes only by accept_late, mark,
// regrade, grade, reopen and void; version equals the number of journal entries.
//
// The transition table: what a well-formed command of somebody who may give it leads to in each
// status, before time, position, rev and answer are looked at. A word with an arrow is the status
// after it, "same" keeps the status, anything else is the reason of rejection.
//
//	command      in_progress  paused       submitted    expired      voided
//	save         same         paused       finished     finished     voided
//	move         same         paused       finished     finished     voided
//	flag         same         paused       finished     finished     voided
//	check        same         paused       finished     finished     voided
//	time_up      same         paused       finished     finished     voided
//	submit       →submitted   paused       finished     finished     voided
//	take_over    same         same         finished     finished     voided
//	extend       same         same         finished     finished     voided
//	pause        →paused      paused       finished     finished     voided
//	resume       stale        →in_progress finished     finished     voided
//	force_submit →submitted   →submitted   finished     finished     voided
//	reopen       stale        paused       →in_progress →in_progress voided
//	void         →voided      →voided      →voided      →voided      voided
//	unvoid       stale        paused       finished     finished     →before
//	accept_late  same         same         same         same         voided
//	mark         stale        paused       same         same         voided
//	regrade      stale        paused       same         same         voided
//	expire       →expired     paused       finished     finished     voided
//	grade        stale        paused       same         same         voided
//
// The rules R1–R16 are listed in the README and in docs/design.md; tests name the rule they prove.
package exam
