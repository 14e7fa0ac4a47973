package handlers

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// What three planted bugs do (package planted). Nothing calls it in a shipped program.

// keyCursor is the key of the session under which one of them keeps an attempt's cursor.
const keyCursor = "cursor:"

// cursorOfSession is where the session says that an attempt stands: where its last command came from,
// or where this one does when that is further on.
func (s *Server) cursorOfSession(r *http.Request, snap *store.Snapshot, position int) int {
	key := keyCursor + snap.Attempt.ID
	cursor := s.Sessions.GetInt(r.Context(), key)
	if cursor == 0 {
		cursor = snap.Attempt.Cursor
	}
	cursor = max(cursor, position)
	s.Sessions.Put(r.Context(), key, cursor)
	return cursor
}

// drawnAgain is an item with its options in another order, by chance.
func drawnAgain(it *exam.Item) *exam.Item {
	again := *it
	again.Choices = slices.Clone(it.Choices)
	rand.Shuffle(len(again.Choices), func(i, j int) {
		again.Choices[i], again.Choices[j] = again.Choices[j], again.Choices[i]
	})
	return &again
}

// countRight is a space for each right option of a multiple choice.
func (s *Server) countRight(r *http.Request, it *exam.Item) string {
	keyed, err := s.Store.Keys(r.Context(), []string{it.Version})
	if err != nil || it.Type != exam.MultipleChoice {
		return ""
	}
	return strings.Repeat(" ", len(keyed[it.Version].Key.Options))
}
