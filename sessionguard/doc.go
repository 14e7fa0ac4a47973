// Package sessionguard orders the requests of one session, so that a
// candidate's clicks neither pile up on the database nor overwrite each
// other's session data, and keeps the session store's failures away from the
// handlers. It knows scs and Redis, but nothing of exams, users or pages.
//
// # The flow
//
// A state-changing request (anything but GET, HEAD, OPTIONS):
//
//	           full, or W passed           nor does the Fallback know
//	arrive ──► queue ──────────────► Busy   ┌──────────────► Down
//	             │ turn                     │
//	             ▼     store down           │
//	           lock ──► the turn alone      │
//	             │ lease                    │
//	             ▼     store down, or lost  │
//	           load ─────────────────► Fallback
//	             │ session, or an empty one │
//	             ▼                          │
//	           run (answer buffered) ◄──────┘
//	             │
//	             ▼ changed, or lost?  refused or failed: logged, answer stands
//	           save ──► lost: ask the Fallback again, delete if it knows no more
//	             │
//	             ▼
//	           unlock ──► answer sent
//
// A safe request: load ──► run ──► answer. Why each step is where it is:
//
//   - The queue stands before the lock, in this process: twenty clicks wait
//     in their order at no cost, where twenty pollers of a lock would come
//     through in any order. It is bounded in length and time, because a
//     thousand waiting copies of a form help nobody. A client that goes
//     leaves it.
//   - The lock encloses load and save: scs loads a session whole and writes
//     it whole, so of two requests at once the second would undo the first.
//   - A made-up token (wrong length or alphabet) and a missing one cost
//     neither lock nor store.
//   - The answer is buffered until the session is saved: a cookie cannot
//     follow a sent header, and an error page cannot follow half an answer.
//   - The save is conditional, compared and written in one step in the
//     store: the lock must still be ours, a session that the store gave must
//     still be there, a new token and that of a lost session must be unused,
//     and the session that a new one replaces must still be there, unless it
//     was lost, and goes in the same step. So nothing brings back what
//     sign-out destroyed, even when a lease ran out.
//   - A failed save is logged and counted, and the answer goes out all the
//     same: what it tells is committed in the database, and an error page
//     would only make the client repeat it.
//   - Unlocking precedes sending: a slow reader holds up nobody.
//   - A safe request saves nothing: a read in flight during sign-out would
//     bring the session back, and reads are most of the traffic.
//
// A session begins only when a handler calls RenewToken and puts something
// into it, in a state-changing request: sign-in. Without RenewToken, or in a
// safe request, a change is a fault of the handler; it is not saved, but
// logged and counted. A handler that signs in calls RenewToken first; then
// Token names the new token, whose HashToken belongs into the sign-in row.
//
// # When the store fails
//
//	            a call fails          its retry fails
//	1 normal ─────────────► 2 stumbling ─────────────► 3 circuit open
//	   ▲  ▲      a call succeeds │                        │
//	   │  └──────────────────────┘   a probe writes again │
//	   └──────────────────────────────────────────────────┘
//
// Every call is bounded, and so is the sum of a request's calls (below 2 s).
// Waiting for a connection while this instance uses all that it may have is no
// failure of the store: whoever waits too long is busy, like in the queue.
// The retry uses a fresh connection, since after a restart of the server all
// pooled ones are dead. While the circuit is open every call fails at once,
// and a probe in the background, which no request waits for, closes it. For a
// store within this process the probe begins when a request comes.
//
// Requests then go to Config.Fallback, without which Config.Down answers them.
// They run in the order of this process's queue alone. What they change in the
// session is lost, but for a new token, whose cookie is sent: the Fallback
// knows it. An unknown token costs one question and leaves nothing.
//
// # Sessions that the store has lost
//
// A store that answers may have lost what it held: it was emptied, or began
// anew. Where it has no session for a token, or one that nobody can read, the
// Fallback is asked too, and a request that may change state saves what it was
// given under the same token: lost sessions come back by themselves, and only
// what the Fallback does not know is forgotten. A safe request saves nothing,
// here as elsewhere.
//
// Who ends a session makes the Fallback forget it first, and deletes it from
// the store then. A rebuild must not undo that:
//
//	rebuild:  ask ──────────► write ──► ask again ──► no more? delete
//	ending:        forget ──────────────────► delete
//
// Under the lock the two exclude each other. Without it (a lease ran out, the
// store lost the lock with the sessions) either the ending forgot before the
// second question, and the rebuild deletes what it wrote; or it forgets after
// it, so after the write, and its own deletion, which follows, meets what was
// written. The write is conditional: it finds nothing under the token (SET NX),
// and the lock, if there still is one, is its own. So a rebuild never takes the
// place of a session that another request saved meanwhile, nor of its own one
// of a moment ago. When the second question has no answer, the session is
// deleted as well, and rebuilt by a later request.
//
// What remains is a store that does not answer the deletion. Then a session
// that ended, or one under a token that was replaced, may stay in it; therefore
// whoever serves a request must ask the table that the Fallback reads, each
// time, and take a session that the store gives for no more than the name of an
// entry there, which must be one of the request's own token. With that nothing
// in this package can let anybody in: it only says which entry is meant.
//
// A new token that could not be saved is sent if the write may have been done,
// or if the Fallback knows the token: the entry was made before, and a client
// that does not hear of its token would be signed out by signing in. The
// session of the token before it is deleted then, since nothing took its place.
//
// The lock is a courtesy. It ends with its lease, whatever its holder thinks;
// correctness rests on comparing in the store, and for exams on the database.
package sessionguard
