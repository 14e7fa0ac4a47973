// Package sessionguard orders the requests of one session, so that a
// candidate's clicks neither pile up on the database nor overwrite each
// other's session data, and keeps the session store's failures away from the
// handlers. It knows scs and Redis, but nothing of exams, users or pages.
//
// # The flow
//
// A state-changing request (anything but GET, HEAD, OPTIONS):
//
//	           full, or W passed                 store down
//	arrive ──► queue ──────────────► Busy   ┌──────────────► Down
//	             │ turn                     │
//	             ▼                          │
//	           lock ────────────────────────┤
//	             │ lease                    │
//	             ▼                          │
//	           load ────────────────────────┘
//	             │ session, or an empty one
//	             ▼
//	           run (answer buffered)
//	             │
//	             ▼ changed?  refused or failed: logged, answer stands
//	           save
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
//     store: the lock must still be ours, a known session must still be
//     there, a new token must be unused, and the session that it replaces
//     must still be there and goes in the same step. So nothing brings back
//     what sign-out destroyed, even when a lease ran out.
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
// and a probe in the background, which no request waits for, closes it.
// Requests then go to Config.Fallback, or are answered by Config.Down.
//
// The lock is a courtesy. It ends with its lease, whatever its holder thinks;
// correctness rests on comparing in the store, and for exams on the database.
package sessionguard
