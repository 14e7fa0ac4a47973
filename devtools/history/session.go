package history

import (
	"fmt"
	"time"
)

// signedOut: once a client was told that its sign-in has ended, nothing that is sent under it later is
// done or shown (§3, §6).
func (c *check) signedOut(ops []Op) {
	ended := map[string]time.Duration{}
	for i := range ops {
		o := &ops[i]
		if o.Kind != SignOut || !o.Ok() || o.Session == "" {
			continue
		}
		if first, known := ended[o.Session]; !known || o.Done < first {
			ended[o.Session] = o.Done
		}
	}
	for i := range ops {
		o := &ops[i]
		at, known := ended[o.Session]
		if known && o.Kind != SignOut && o.Sent > at && (o.Ok() || o.Result == Rejected) {
			c.fault(Fault{Rule: "§3", Checker: Witness, Attempt: o.Attempt, Position: o.Position, Text: fmt.Sprintf(
				"client %d: %s %s was sent at %v under a sign-in that had ended at %v, and was %s", o.Client, o.Kind, o.Command, o.Sent, at, o.Result)})
		}
	}
}
