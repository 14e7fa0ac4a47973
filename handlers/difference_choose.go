package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"shiken/store"
	"shiken/templates"
)

// maxChosen bounds the fields of a form of choices: those of a page, and a few for all.
const maxChosen = 3*perAbsent + 16

// chooseDifference keeps what an author chose for stored questions that the load of an upload meets.
func (s *Server) chooseDifference(w http.ResponseWriter, r *http.Request) error {
	form, err := parseFields(r, maxChosen)
	if err != nil {
		return err
	}
	d, err := s.differingOf(r)
	if err != nil {
		return err
	}
	update, yes, no := store.ChoiceUpdate{Replace: map[string]int{}, Retire: map[string]bool{}}, true, false
	switch form.Get("action") {
	case "replace_all":
		update.ReplaceAll = &yes
	case "keep_all":
		update.ReplaceAll = &no
	case "retire_all":
		update.RetireAll = &yes
	case "leave_all":
		update.RetireAll = &no
	case "save", "":
		if update, err = chosenOnPage(form, d); err != nil {
			return err
		}
	default:
		return errMalformed
	}
	ctx, cancel := commandContext(r)
	defer cancel()
	err = s.Store.PutLoadChoice(ctx, d.up.ID, d.up.Owner, d.set, update)
	note := templates.NoteChosen
	if errors.Is(err, store.ErrTooMany) {
		err, note = nil, templates.NoteChoicesFull
	}
	if err != nil {
		return err
	}
	query := mendQuery(r)
	if offset := queryNumber(r.URL.Query(), "offset", 0, maxOffset); offset > 0 {
		query.Set("offset", strconv.Itoa(offset))
	}
	return seeOther(w, r, differencePath(d.up.ID, showOf(r), query), note)
}

// showOf is the part of the page that the query names, "" for none.
func showOf(r *http.Request) string {
	for _, show := range differenceShows {
		if r.URL.Query().Get("show") == show {
			return show
		}
	}
	return ""
}

// chosenOnPage reads what was chosen for the questions that a page has shown: "edited" names one that was edited
// here as identity@edition, "absent" one that the file lacks.
func chosenOnPage(form map[string][]string, d *differing) (store.ChoiceUpdate, error) {
	out := store.ChoiceUpdate{Replace: map[string]int{}, Retire: map[string]bool{}}
	known := map[string]bool{}
	for i := range d.plan.Questions {
		known[d.plan.Questions[i].Identity] = true
	}
	for _, q := range d.plan.AbsentQuestions {
		known[q.Identity] = true
	}
	for _, id := range form["edited"] {
		if !known[id] { // gone since
			continue
		}
		out.Replace[id] = 0
		if choice := form["choice."+id]; len(choice) > 0 && choice[0] != "keep" {
			edition, err := wholeNumber(choice[0], 1, maxOpening)
			if err != nil {
				return out, errMalformed
			}
			out.Replace[id] = int(edition)
		}
	}
	for _, id := range form["absent"] {
		if known[id] {
			out.Retire[id] = false
		}
	}
	for _, id := range form["retire"] {
		if known[id] {
			out.Retire[id] = true
		}
	}
	return out, nil
}
