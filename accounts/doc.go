// Package accounts decides who may sign in, and how long a sign-in lives: passwords and their
// hashing, usernames, throttling, the lifetimes of sign-in rows, presence, and the roster of
// people. It knows the accounts of the store and the addresses of requests; it knows no pages,
// cookies or sessions, and shows no text: its errors are values that the caller puts into words.
//
//	            throttled? ── yes ──► Throttled
//	                │ no
//	     a place in the hasher's queue ── full ──► ErrBusy
//	                │
//	            throttled? ── yes ──► Throttled      (the guesses that waited beside this one count)
//	                │ no
//	user, or a hash that nobody's password has: the same work for both
//	                │
//	   right, and not disabled? ── no ──► Wrong      (counted)
//	                │ yes
//	a demo account from another machine? ── yes ──► DemoRefused
//	                │ no
//	               OK                                (the failures are forgotten)
package accounts
