package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// givenByFile is a file of accommodations as it was judged. Where there are faults there is no plan.
type givenByFile struct {
	upload     store.Upload
	unreadable bool // it cannot be opened any more
	lines      int
	faults     []accounts.RosterFault
	unlisted   int
	plan       *accounts.AccommodationPlan
}

// givenByFile reads the file of the path, and compares it with what is stored.
func (s *Server) givenByFile(r *http.Request) (*givenByFile, error) {
	u, err := s.accommodationUpload(r)
	if err != nil {
		return nil, err
	}
	g := &givenByFile{upload: u}
	file, err := s.readAccommodations(&u)
	if errors.Is(err, accounts.ErrUnsealable) {
		g.unreadable = true
		return g, nil
	}
	if err != nil {
		return nil, err
	}
	g.lines, g.faults, g.unlisted = file.Read, file.Faults, file.Unlisted
	if len(g.faults) > 0 {
		return g, nil
	}
	plan, err := accounts.PlanAccommodations(r.Context(), s.Store, file.Lines)
	if err != nil {
		return nil, err
	}
	if g.faults = plan.Faults; len(g.faults) == 0 {
		g.plan = plan
	}
	return g, nil
}

// name tells one plan from another: what it changes, from what to what.
func (g *givenByFile) name() string {
	var list []any
	for i := range g.plan.Changes {
		c := &g.plan.Changes[i]
		list = append(list, []any{c.User, c.Exam, seenAccommodation(c.Was), seenAccommodation(c.Is)})
	}
	sum := sha256.Sum256(exam.Canonical(list))
	return hex.EncodeToString(sum[:])
}

// showAccommodationPlan says what storing a file would change, or line by line what is wrong with it.
func (s *Server) showAccommodationPlan(w http.ResponseWriter, r *http.Request) error {
	g, err := s.givenByFile(r)
	if err != nil {
		return err
	}
	return s.renderAccommodationPlan(w, r, http.StatusOK, g, false)
}

// renderAccommodationPlan shows one page of the faults, or of the changes in the order of the file.
func (s *Server) renderAccommodationPlan(w http.ResponseWriter, r *http.Request, status int, g *givenByFile, moved bool) error {
	view := templates.AccommodationPlanView{
		Upload: g.upload.ID, File: g.upload.Name, Unreadable: g.unreadable, Lines: g.lines, Unlisted: g.unlisted, Moved: moved,
	}
	if len(g.faults) > 0 {
		view.Faults, view.Pager = faultsOfPage(r, g.faults)
	}
	if p := g.plan; p != nil {
		view.New, view.Changed, view.Removed, view.Unchanged, view.Running = p.New, p.Changed, p.Removed, p.Unchanged, p.Running
		view.Plan = g.name()
		changes := slices.Clone(p.Changes)
		slices.SortStableFunc(changes, func(a, b accounts.PlannedAccommodation) int { return a.Line - b.Line })
		view.Pager = pagerOf(r, offsetOf(r), perPage, len(changes))
		for i := range changes[min(view.Pager.Offset, len(changes)):min(view.Pager.Offset+perPage, len(changes))] {
			view.Rows = append(view.Rows, s.plannedAccommodation(r, &changes[view.Pager.Offset+i]))
		}
	}
	s.render(w, r, status, templates.AccommodationPlan(s.staffPage(r), view))
	return nil
}

// plannedAccommodation shows a change of a file.
func (s *Server) plannedAccommodation(r *http.Request, c *accounts.PlannedAccommodation) templates.PlannedAccommodation {
	is := templates.AccommodationRow{
		User: c.User, Username: c.Username, Name: c.Username, Exam: c.Exam, ExamTitle: s.listedTitle(r, c.In), Barred: c.Row == nil,
	}
	if row := c.Row; row != nil {
		is.Name, is.Running, is.Admitted, is.OwnExtra = row.Name, row.Open != "", c.In.OpenToAny(row.Groups), row.Extra
	}
	was := is
	if was.Has = c.Was != nil; was.Has {
		addAccommodation(&was, c.Was, &c.In.Definition)
	}
	if is.Has = c.Is != nil; is.Has {
		addAccommodation(&is, c.Is, &c.In.Definition)
	}
	return templates.PlannedAccommodation{Line: c.Line, Was: was, Is: is}
}

// storeAccommodations stores what a file gives, all of it in one act, if that is what its page has shown. Attempts
// that are under way keep their rules (R14). Sent again it changes nothing, and is answered as before.
func (s *Server) storeAccommodations(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	g, err := s.givenByFile(r)
	if err != nil {
		return err
	}
	note := templates.NoteAccommodationsSaved
	switch {
	case g.plan == nil:
		return s.renderAccommodationPlan(w, r, http.StatusUnprocessableEntity, g, false)
	case len(g.plan.Changes) == 0:
		return seeOther(w, r, templates.AccommodationUploadPath(g.upload.ID), note)
	case form.Get("plan") != g.name():
		return s.renderAccommodationPlan(w, r, http.StatusConflict, g, true)
	case g.plan.Running > 0:
		note = templates.NoteAccommodationsRunning
	}
	err = s.putGivenByFile(r, g)
	if errors.Is(err, store.ErrMoved) { // by another, or by the same form
		if g, err = s.givenByFile(r); err == nil && (g.plan == nil || len(g.plan.Changes) > 0) {
			return s.renderAccommodationPlan(w, r, http.StatusConflict, g, true)
		}
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.AccommodationUploadPath(g.upload.ID), note)
}

func (s *Server) putGivenByFile(r *http.Request, g *givenByFile) error {
	ctx, cancel := commandContext(r)
	defer cancel()
	details := accounts.DescribeAccommodations(g.upload.Name, g.plan.Changes, true)
	return s.Store.By(act(r, store.ActAccommodate, g.upload.Name, details)).PutAccommodations(ctx, g.plan.Store())
}
