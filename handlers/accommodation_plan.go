package handlers

import (
	"bytes"
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
	upload     store.Upload // without ID: it is not kept
	stored     bool         // it was stored, and is kept no longer
	unreadable bool         // it cannot be opened any more
	lines      int
	faults     []accounts.RosterFault
	unlisted   int
	plan       *accounts.AccommodationPlan
}

// maxFaultsAtOnce bounds the faults that are shown of a file that is not kept; those beyond are counted.
const maxFaultsAtOnce = perPage

// givenByFile reads the file of the path, and compares it with what is stored.
func (s *Server) givenByFile(r *http.Request) (*givenByFile, error) {
	u, err := s.accommodationUpload(r)
	if err != nil {
		return nil, err
	}
	g := &givenByFile{upload: u, stored: len(u.Data) == 0}
	if g.stored {
		return g, nil
	}
	data, reason, err := s.openAccommodations(&u)
	if errors.Is(err, accounts.ErrUnsealable) {
		g.unreadable = true
		return g, nil
	}
	if err == nil {
		err = s.judgeAccommodations(r, g, data, reason)
	}
	return g, err
}

// judgeAccommodations reads a file into g, and compares it with what is stored.
func (s *Server) judgeAccommodations(r *http.Request, g *givenByFile, data []byte, reason string) error {
	file, err := accounts.ParseAccommodations(bytes.NewReader(data), accounts.AccommodationPageLimits, s.Zone, reason)
	if err != nil {
		return err
	}
	g.lines, g.faults, g.unlisted = file.Read, file.Faults, file.Unlisted
	if len(g.faults) > 0 {
		return nil
	}
	plan, err := accounts.PlanAccommodations(r.Context(), s.Store, file.Lines)
	if err != nil {
		return err
	}
	if g.faults = plan.Faults; len(g.faults) == 0 {
		g.plan = plan
	}
	return nil
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
		Upload: g.upload.ID, File: g.upload.Name, Stored: g.stored, Unreadable: g.unreadable, Lines: g.lines,
		Unlisted: g.unlisted, Moved: moved,
	}
	path := templates.AccommodationUploadPath(g.upload.ID)
	if g.upload.ID == "" && len(g.faults) > maxFaultsAtOnce { // there is no second page of what is not kept
		view.Unlisted += len(g.faults) - maxFaultsAtOnce
		g.faults = g.faults[:maxFaultsAtOnce]
	}
	if len(g.faults) > 0 {
		view.Faults, view.Pager = faultsOfPage(r, path, g.faults)
	}
	if p := g.plan; p != nil {
		view.New, view.Changed, view.Removed, view.Unchanged, view.Running = p.New, p.Changed, p.Removed, p.Unchanged, p.Running
		view.Plan = g.name()
		changes := slices.Clone(p.Changes)
		slices.SortStableFunc(changes, func(a, b accounts.PlannedAccommodation) int { return a.Line - b.Line })
		view.Pager = pagerOn(r, path, offsetOf(r), perPage, len(changes))
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
		User: c.User, Username: c.Username, Exam: c.Exam, ExamTitle: s.listedTitle(r, c.In),
		Name: c.Row.Name, Running: c.Row.Open != "", Admitted: c.In.OpenToAny(c.Row.Groups), OwnExtra: c.Row.Extra,
		Barred: !c.Row.Candidate,
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

// storeAccommodations stores what a file gives, all of it in one act, if that is what its page has shown; the file is
// kept no longer then. Attempts that are under way keep their rules (R14). Sent again it changes nothing, whatever
// became of what it stored; nor does a file that all is stored of by now, which is dropped.
func (s *Server) storeAccommodations(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	g, err := s.givenByFile(r)
	if err != nil {
		return err
	}
	switch {
	case g.stored:
		return s.storedBefore(w, r)
	case g.plan == nil:
		return s.renderAccommodationPlan(w, r, http.StatusUnprocessableEntity, g, false)
	case len(g.plan.Changes) == 0:
		return s.nothingToStore(w, r, g)
	case form.Get("plan") != g.name():
		return s.renderAccommodationPlan(w, r, http.StatusConflict, g, true)
	}
	err = s.putGivenByFile(r, g)
	if errors.Is(err, store.ErrMoved) || errors.Is(err, store.ErrExists) || errors.Is(err, store.ErrNotFound) {
		return s.accommodationsMoved(w, r)
	}
	if err != nil {
		return err
	}
	note := templates.NoteAccommodationsSaved
	if g.plan.Running > 0 {
		note = templates.NoteAccommodationsRunning
	}
	return seeOther(w, r, templates.AccommodationUploadsPath, note)
}

// accommodationsMoved answers a form that somebody came before: another admin, or the same form.
func (s *Server) accommodationsMoved(w http.ResponseWriter, r *http.Request) error {
	g, err := s.givenByFile(r)
	if err != nil {
		return err
	}
	switch {
	case g.stored:
		return s.storedBefore(w, r)
	case g.plan != nil && len(g.plan.Changes) == 0:
		return s.nothingToStore(w, r, g)
	}
	return s.renderAccommodationPlan(w, r, http.StatusConflict, g, true)
}

// nothingToStore drops a file of which all is stored, whatever its page has shown, and says so: it holds what is
// said of people.
func (s *Server) nothingToStore(w http.ResponseWriter, r *http.Request, g *givenByFile) error {
	if err := s.Store.DropUpload(r.Context(), g.upload.ID, g.upload.Owner); err != nil {
		return err
	}
	return seeOther(w, r, templates.AccommodationUploadsPath, templates.NoteAccommodationsNothing)
}

func (s *Server) storedBefore(w http.ResponseWriter, r *http.Request) error {
	return seeOther(w, r, templates.AccommodationUploadsPath, templates.NoteAccommodationsStored)
}

func (s *Server) putGivenByFile(r *http.Request, g *givenByFile) error {
	ctx, cancel := commandContext(r)
	defer cancel()
	u := &g.upload
	by := s.Store.By(act(r, store.ActAccommodate, u.Name, accounts.DescribeAccommodations(u.Name, g.plan.Changes, true)))
	return by.PutAccommodationFile(ctx, u.ID, u.Owner, g.plan.Store())
}
