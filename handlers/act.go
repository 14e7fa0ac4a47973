package handlers

import (
	"net/http"

	"shiken/store"
)

// act is what who asks does, for the audit log; on routes for authors and admins alone.
func act(r *http.Request, action store.Action, object string, details any) store.Act {
	v := viewerOf(r)
	return store.Act{Actor: v.User.ID, ActorName: v.User.Username, Action: action, Object: object, Details: details}
}
