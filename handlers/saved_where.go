package handlers

import (
	"net/http"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// maxOwnSignIns bounds the sign-ins that are looked at to say from where an answer came.
const maxOwnSignIns = 50

// savedWhere says from where the saved answer of a conflict can have come, by the sign-ins that there were then: which
// one it was is not kept with it. Where the attempt belongs to one device, that is known.
func (s *Server) savedWhere(r *http.Request, snap *store.Snapshot, saved exam.Instant) (templates.SavedWhere, error) {
	own := snap.Viewer.SignIn
	if snap.Viewer.User.Demo { // its visitors know nothing of each other
		return templates.SavedWhere{}, nil
	}
	list, _, err := s.Store.SignInsOf(r.Context(), snap.Viewer.User.ID, maxOwnSignIns)
	if err != nil {
		return templates.SavedWhere{}, err
	}
	holder := ""
	if a := &snap.Attempt; snap.Paper.Rules.Devices == exam.OneDevice && a.DeviceSince <= saved {
		holder = a.Device
	}
	var others []store.SignIn
	for i := range list {
		wasLive := list[i].Created <= saved && (list[i].Revoked == 0 || list[i].Revoked >= saved)
		if list[i].ID != own.ID && wasLive && (holder == "" || holder == list[i].ID) {
			others = append(others, list[i])
		}
	}
	isHere := own.Created <= saved && (holder == "" || holder == own.ID)
	where := templates.SavedWhere{Place: templates.SavedElsewhere}
	switch {
	case isHere && len(others) == 0:
		where.Place = templates.SavedHere
	case isHere:
		where.Place = templates.SavedSomewhere
	}
	if len(others) == 1 {
		agent := accounts.ReadAgent(others[0].Agent)
		where.Browser, where.System = agent.Browser, agent.System
	}
	return where, nil
}
