package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// showAccommodations lists what candidates have of their own in an exam, with the form that changes it.
func (s *Server) showAccommodations(w http.ResponseWriter, r *http.Request) error {
	d, err := s.Store.Definition(r.Context(), chi.URLParam(r, "exam"))
	if err != nil {
		return err
	}
	return s.renderAccommodations(w, r, http.StatusOK, &d, templates.AccommodationsView{})
}

// leadToAccommodation leads from a person to what they have in the exam of the query.
func (s *Server) leadToAccommodation(w http.ResponseWriter, r *http.Request) error {
	u, err := s.person(r)
	if err != nil {
		return err
	}
	slug := searched(r.URL.Query(), "exam")
	if slug == "" {
		return seeOther(w, r, templates.PersonPath(u.ID), "")
	}
	d, err := s.Store.Definition(r.Context(), slug)
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.AccommodationOfPath(d.Slug, u.ID), "")
}

// renderAccommodations shows the page with the form, its faults and what was ticked as view has them.
func (s *Server) renderAccommodations(w http.ResponseWriter, r *http.Request, status int, d *exam.Definition,
	view templates.AccommodationsView) error {
	filter, q := accommodationQuery(r, d.Slug)
	rows, total, err := s.Store.Accommodations(r.Context(), q)
	if err != nil {
		return err
	}
	if view.Groups, err = s.groupNames(r); err != nil {
		return err
	}
	view.Exam, view.Title, view.Filter, view.Zone = d.Slug, d.Title.In(s.locale(r).Tag()), filter, s.Zone.String()
	view.Limit, view.Window, view.Attempts = micros(d.Rules.TimeLimit), windowView(d.Rules.Window), d.Attempts
	view.Pager = pagerOf(r, q.Offset, q.Limit, total)
	for i := range rows {
		view.Rows = append(view.Rows, accommodationRow(&rows[i], d))
	}
	if q.User != "" && len(rows) == 1 {
		view.Only = rows[0].Name
		if !view.Sent {
			view.Form = s.formOfAccommodation(&rows[0])
		}
	}
	s.render(w, r, status, templates.Accommodations(s.staffPage(r), view))
	return nil
}

// accommodationQuery reads what the page shows: by default those who have something of their own.
func accommodationQuery(r *http.Request, slug string) (templates.AccommodationFilter, store.AccommodationQuery) {
	values := r.URL.Query()
	f := templates.AccommodationFilter{
		Search: searched(values, "q"), Group: searched(values, "group"), All: values.Get("show") == "all",
	}
	q := store.AccommodationQuery{
		Exam: slug, Search: f.Search, Group: f.Group, All: f.All, Limit: perPage, Offset: offsetOf(r),
	}
	if user, err := uuidText(values.Get("user")); err == nil {
		f.User, q.User, q.All = user, user, true
	}
	return f, q
}

func windowView(w exam.Window) templates.WindowView {
	return templates.WindowView{
		Opens: instantTime(w.Open), LastStart: instantTime(w.LastStart), Closes: instantTime(w.Close),
	}
}

func accommodationRow(row *store.AccommodationRow, d *exam.Definition) templates.AccommodationRow {
	out := templates.AccommodationRow{
		User: row.User, Username: row.Username, Name: row.Name, Has: row.Has, Running: row.Open != "", Begun: row.Begun,
		Exam: row.Exam, OwnExtra: row.Extra, Seen: seenAccommodation(storedOf(row)), Admitted: d.OpenToAny(row.Groups),
		Barred: !row.Candidate,
	}
	addAccommodation(&out, &row.Accommodated, d)
	return out
}

// addAccommodation tells what somebody has, and whether it still makes sense with the exam as it is.
func addAccommodation(out *templates.AccommodationRow, a *store.Accommodated, d *exam.Definition) {
	own := a.Of(*d)
	out.Extra, out.Attempts, out.Window, out.Reason = a.ExtraPercent, a.Attempts, windowView(a.Window), a.Reason
	out.Disordered = a.Window != (exam.Window{}) && !own.Rules.Window.Ordered()
}

// storedOf is the accommodation of a row, nil when there is none.
func storedOf(row *store.AccommodationRow) *store.Accommodated {
	if !row.Has {
		return nil
	}
	return &row.Accommodated
}

// seenAccommodation is a short name of what a form shows of an accommodation: who saves it saw this.
func seenAccommodation(a *store.Accommodated) string {
	if a == nil {
		return ""
	}
	sum := sha256.Sum256(exam.Canonical([]any{a.Accommodation, a.Reason}))
	return hex.EncodeToString(sum[:8])
}

func (s *Server) formOfAccommodation(row *store.AccommodationRow) templates.AccommodationForm {
	f := templates.AccommodationForm{Users: []string{row.User}, Reason: row.Reason}
	if row.ExtraPercent != nil {
		f.Extra = strconv.Itoa(*row.ExtraPercent)
	}
	if row.Attempts != nil {
		f.Attempts = strconv.Itoa(*row.Attempts)
	}
	for _, field := range []struct {
		at exam.Instant
		to *string
	}{{row.Window.Open, &f.Open}, {row.Window.LastStart, &f.LastStart}, {row.Window.Close, &f.Close}} {
		if field.at != 0 {
			*field.to = time.UnixMicro(int64(field.at)).In(s.Zone).Format(localLayout)
		}
	}
	return f
}

// ownRows lists what a person has in which exams, for their page.
func (s *Server) ownRows(r *http.Request, u *store.User) ([]templates.AccommodationRow, []templates.ExamRef, error) {
	list, err := s.Store.AccommodationsOf(r.Context(), u.ID)
	if err != nil {
		return nil, nil, err
	}
	definitions, err := s.Store.Definitions(r.Context())
	if err != nil {
		return nil, nil, err
	}
	var (
		rows []templates.AccommodationRow
		rest []templates.ExamRef
	)
	for i := range definitions {
		d := &definitions[i]
		title := s.listedTitle(r, d)
		at := slices.IndexFunc(list, func(a store.Accommodated) bool { return a.Exam == d.Slug })
		if at < 0 && d.Archived == 0 {
			rest = append(rest, templates.ExamRef{Slug: d.Slug, Title: title})
		}
		if at < 0 {
			continue
		}
		row := templates.AccommodationRow{
			User: u.ID, Has: true, Exam: d.Slug, ExamTitle: title, OwnExtra: u.ExtraPercent, Admitted: d.OpenToAny(u.Groups),
		}
		addAccommodation(&row, &list[at], &d.Definition)
		rows = append(rows, row)
	}
	return rows, rest, nil
}

// markRunning says in which of the exams the person has an attempt open.
func markRunning(rows []templates.AccommodationRow, attempts []store.Summary, username string) {
	for i := range rows {
		rows[i].Username = username
		rows[i].Running = slices.ContainsFunc(attempts, func(a store.Summary) bool {
			return a.Exam == rows[i].Exam && a.Status.Open()
		})
	}
}

// accommodationForm reads the form as it was typed.
func accommodationForm(form url.Values) (templates.AccommodationForm, error) {
	out := templates.AccommodationForm{}
	for name, to := range map[string]*string{
		"extra": &out.Extra, "open": &out.Open, "last_start": &out.LastStart, "close": &out.Close,
		"attempts": &out.Attempts, "reason": &out.Reason,
	} {
		if len(form[name]) > 1 || len(form.Get(name)) > maxPersonField || !cleanText(form.Get(name)) {
			return out, errMalformed
		}
		*to = form.Get(name)
	}
	if len(form["user"]) > perPage {
		return out, errMalformed
	}
	for _, user := range form["user"] {
		id, err := uuidText(user)
		if err != nil || slices.Contains(out.Users, id) {
			return out, errMalformed
		}
		out.Users = append(out.Users, id)
	}
	return out, nil
}
