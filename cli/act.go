package cli

import (
	"os/user"

	"shiken/store"
)

// act is what somebody at the terminal does, under the name of the machine's account.
func (t *Terminal) act(action store.Action, object string) store.Act {
	name := "?"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return store.Act{ActorName: name, Action: action, Object: object}
}
