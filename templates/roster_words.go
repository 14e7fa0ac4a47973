package templates

// rosterCounts says what importing a roster would do.
func (p Page) rosterCounts(v RosterView) []KeyValue {
	n := p.Locale.Number
	return []KeyValue{
		{p.T("people.roster.people"), n(v.People)}, {p.T("people.roster.new"), n(v.New)},
		{p.T("people.roster.update"), n(v.Updated)}, {p.T("people.roster.unchanged"), n(v.Unchanged)},
		{p.T("people.roster.given"), n(v.Given)}, {p.T("people.roster.made"), n(v.Made)},
	}
}

// resultCounts says what an import did.
func (p Page) resultCounts(r RosterResult) []KeyValue {
	n := p.Locale.Number
	return []KeyValue{
		{p.T("people.roster.new"), n(r.New)}, {p.T("people.roster.update"), n(r.Updated)},
		{p.T("people.roster.unchanged"), n(r.Unchanged)}, {p.T("people.job.made"), n(r.Made)},
	}
}

// password names what happens to a person's password.
func (r RosterPerson) password() string {
	switch {
	case r.Given:
		return "given"
	case r.Made:
		return "made"
	}
	return "kept"
}

func (r RosterPerson) tone() string {
	switch r.Change {
	case "new":
		return "good"
	case "update":
		return "done"
	}
	return "plain"
}
