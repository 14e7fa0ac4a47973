package handlers

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"shiken/exam"
	"shiken/templates"
)

// chartWeeks is how many weeks the chart of accuracy goes back from the last one with an answer.
const chartWeeks = 12

// showAccuracy tells how much was right in practices: by week, of a category and a year when they are asked
// for, and of each category and year.
func (s *Server) showAccuracy(w http.ResponseWriter, r *http.Request) error {
	v := viewerOf(r)
	history, _, err := s.Proctor.History(r.Context(), v.User.ID)
	if err != nil {
		return err
	}
	view := accuracyOf(history.Answers, r.URL.Query(), s.Zone)
	s.render(w, r, http.StatusOK, templates.Accuracy(s.pageFor(r, &v.User), view))
	return nil
}

// accuracyOf counts answers. The weeks are about the category and the year of the query; the categories
// about that year, and the years about that category. What nobody can have asked for by a link of ours asks
// for nothing.
func accuracyOf(answers []exam.Practised, q url.Values, zone *time.Location) templates.AccuracyView {
	view := templates.AccuracyView{Category: categoryOf(q), Year: yearOf(q)}
	categories, years, weeks := map[string]templates.Rate{}, map[int]templates.Rate{}, map[time.Time]templates.Rate{}
	for i := range answers {
		a := &answers[i]
		inCategory := view.Category == nil || *view.Category == a.Category
		inYear := view.Year == nil || *view.Year == a.Year
		if inYear {
			categories[a.Category] = counted(categories[a.Category], a)
		}
		if inCategory {
			years[a.Year] = counted(years[a.Year], a)
		}
		if inCategory && inYear {
			view.All = counted(view.All, a)
			monday := mondayOf(instantTime(a.At).In(zone))
			weeks[monday] = counted(weeks[monday], a)
		}
	}
	view.Weeks = lastWeeks(weeks)
	for _, name := range slices.Sorted(maps.Keys(categories)) {
		view.Categories = append(view.Categories, templates.PartRate{
			Value: name, Chosen: view.Category != nil && *view.Category == name, Rate: categories[name],
		})
	}
	for _, year := range slices.Backward(slices.Sorted(maps.Keys(years))) {
		view.Years = append(view.Years, templates.PartRate{
			Value: strconv.Itoa(year), Chosen: view.Year != nil && *view.Year == year, Rate: years[year],
		})
	}
	return view
}

func categoryOf(q url.Values) *string {
	if !q.Has("category") || !cleanText(q.Get("category")) {
		return nil
	}
	category := q.Get("category")
	return &category
}

func yearOf(q url.Values) *int {
	year, err := strconv.Atoi(q.Get("year"))
	if err != nil {
		return nil
	}
	return &year
}

func counted(r templates.Rate, a *exam.Practised) templates.Rate {
	r.Answers++
	if a.Verdict == exam.Right {
		r.Right++
	}
	return r
}

// mondayOf is the beginning of the week (ISO 8601) of a time, in its zone.
func mondayOf(t time.Time) time.Time {
	back := (int(t.Weekday()) + 6) % 7
	return time.Date(t.Year(), t.Month(), t.Day()-back, 0, 0, 0, 0, t.Location())
}

// lastWeeks are the weeks up to the last one with an answer, from the first one on or as many as the chart
// shows, those without answers too.
func lastWeeks(weeks map[time.Time]templates.Rate) []templates.WeekRate {
	mondays := slices.SortedFunc(maps.Keys(weeks), time.Time.Compare)
	if len(mondays) == 0 {
		return nil
	}
	last := mondays[len(mondays)-1]
	var out []templates.WeekRate
	for monday := last; len(out) < chartWeeks && !monday.Before(mondays[0]); monday = mondayOf(monday.AddDate(0, 0, -7)) {
		out = append(out, templates.WeekRate{Monday: monday, Rate: weeks[monday]})
	}
	slices.SortFunc(out, func(a, b templates.WeekRate) int { return cmp.Compare(a.Monday.Unix(), b.Monday.Unix()) })
	return out
}
