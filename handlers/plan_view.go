package handlers

import (
	"time"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// maxNamed bounds the candidates that a list names.
const maxNamed = 50

func attemptsOf(targets []store.Target) []string {
	out := make([]string, 0, len(targets))
	for i := range targets {
		out = append(out, targets[i].Attempt)
	}
	return out
}

// seatList names the first of the targets.
func seatList(targets []store.Target) templates.SeatList {
	out := templates.SeatList{Count: len(targets)}
	for i := range targets[:min(len(targets), maxNamed)] {
		t := &targets[i]
		out.Names = append(out.Names, templates.SeatName{Attempt: t.Attempt, Username: t.Username, Name: t.Name})
	}
	return out
}

// spared lists whom the command does not reach, by reason.
func (p *plan) spared() []templates.SparedList {
	by := map[string][]store.Target{}
	for i := range p.targets {
		if reason := p.spares(&p.targets[i]); reason != "" {
			by[reason] = append(by[reason], p.targets[i])
		}
	}
	var out []templates.SparedList
	for _, reason := range spareReasons {
		if list := by[reason]; len(list) > 0 {
			out = append(out, templates.SparedList{Reason: reason, SeatList: seatList(list)})
		}
	}
	return out
}

// spareReasons are the reasons in the order of the page.
var spareReasons = func() []string {
	var out []string
	for _, status := range exam.Statuses {
		out = append(out, string(status))
	}
	return append(out, untimed, unharmed)
}()

// ends are the earliest and the latest end after the command, zero where it changes none.
func (p *plan) ends(reached []store.Target) (first, last time.Time) {
	var least, most exam.Instant
	for i := range reached {
		end := p.end(&reached[i])
		if end == 0 {
			continue
		}
		if least == 0 || end < least {
			least = end
		}
		most = max(most, end)
	}
	return instantTime(least), instantTime(most)
}
