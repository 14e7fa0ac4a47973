package accounts

import (
	"context"
	"maps"
	"slices"

	"shiken/store"
)

// LineChange says what importing a line does.
type LineChange string

// The changes of a line. An Update may turn out to change nothing, when a given password is the one
// that the user has.
const (
	LineNew       LineChange = "new"
	LineUpdate    LineChange = "update"
	LineUnchanged LineChange = "unchanged"
)

// PlannedLine is a line of a roster beside what is stored.
type PlannedLine struct {
	RosterLine
	Change LineChange
	Stored store.User // of a known username
}

// Person is the person as they will be: name, groups and extra time.
func (l *PlannedLine) Person() *store.User {
	if l.Change == LineNew {
		return &store.User{Username: l.Username, Name: l.Name, Groups: l.Groups, ExtraPercent: l.ExtraPercent}
	}
	return l.updated()
}

// IsStaff reports whether the line is about somebody who may do more than sit exams.
func (l *PlannedLine) IsStaff() bool {
	return slices.ContainsFunc(l.Stored.Roles, func(r store.Role) bool { return r != store.RoleCandidate })
}

// Plan says what importing a roster does, as of when it was made.
type Plan struct {
	Lines                   []PlannedLine // in the order of the roster
	New, Updated, Unchanged int
	Given                   int      // lines with a password
	Made                    int      // new users without one, who get one made
	Groups                  []string // to be made, in order
}

// RosterReader is what a plan is made of.
type RosterReader interface {
	Users(ctx context.Context) ([]store.User, error)
	Groups(ctx context.Context) ([]store.GroupSummary, error)
}

// PlanRoster compares the lines of a roster without faults with what is stored.
func PlanRoster(ctx context.Context, s RosterReader, lines []RosterLine) (*Plan, error) {
	users, err := s.Users(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[string]int, len(users))
	for i := range users {
		known[users[i].Username] = i
	}
	p := &Plan{Lines: make([]PlannedLine, len(lines))}
	for i := range lines {
		line := PlannedLine{RosterLine: lines[i], Change: LineNew}
		if at, ok := known[line.Username]; ok {
			line.Stored = users[at]
			line.Change = changeOf(&line)
		}
		p.Lines[i] = line
		p.count(&line)
	}
	p.Groups, err = missingGroups(ctx, s, lines)
	return p, err
}

func changeOf(line *PlannedLine) LineChange {
	if line.Password == "" && len(Differences(&line.Stored, line.updated())) == 0 {
		return LineUnchanged
	}
	return LineUpdate
}

// updated is the stored user as the line wants it, but for the password. Roles are kept, and that of
// a candidate is added.
func (l *PlannedLine) updated() *store.User {
	u := l.Stored
	if !l.KeepsName {
		u.Name = l.Name
	}
	if !l.KeepsGroups {
		u.Groups = l.Groups
	}
	if !l.KeepsExtra {
		u.ExtraPercent = l.ExtraPercent
	}
	if !slices.Contains(u.Roles, store.RoleCandidate) {
		u.Roles = append(slices.Clone(u.Roles), store.RoleCandidate)
	}
	return &u
}

func (p *Plan) count(line *PlannedLine) {
	switch line.Change {
	case LineNew:
		p.New++
		if line.Password == "" {
			p.Made++
		}
	case LineUpdate:
		p.Updated++
	case LineUnchanged:
		p.Unchanged++
	}
	if line.Password != "" {
		p.Given++
	}
}

func missingGroups(ctx context.Context, s RosterReader, lines []RosterLine) ([]string, error) {
	wanted := map[string]bool{}
	for i := range lines {
		for _, group := range lines[i].Groups {
			wanted[group] = true
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	groups, err := s.Groups(ctx)
	for i := range groups {
		delete(wanted, groups[i].Name)
	}
	return slices.Sorted(maps.Keys(wanted)), err
}

// Difference is a field before and after a change.
type Difference struct {
	Before any `json:"before"`
	After  any `json:"after"`
}

// Differences lists what a change of a user changes: name, roles, groups, extra_time_percent,
// disabled. Passwords are not among it.
func Differences(was, is *store.User) map[string]Difference {
	out := map[string]Difference{}
	put := func(field string, before, after any, same bool) {
		if !same {
			out[field] = Difference{Before: before, After: after}
		}
	}
	put("name", was.Name, is.Name, was.Name == is.Name)
	roles, rolesNow := inOrder(was.Roles), inOrder(is.Roles)
	put("roles", roles, rolesNow, slices.Equal(roles, rolesNow))
	groups, groupsNow := inOrder(was.Groups), inOrder(is.Groups)
	put("groups", groups, groupsNow, slices.Equal(groups, groupsNow))
	put(columnExtra, was.ExtraPercent, is.ExtraPercent, was.ExtraPercent == is.ExtraPercent)
	put("disabled", was.Disabled, is.Disabled, was.Disabled == is.Disabled)
	return out
}

// inOrder is a set as a list; never nil, so that none of it is written as such.
func inOrder[T ~string](set []T) []T {
	out := append([]T{}, set...)
	slices.Sort(out)
	return slices.Compact(out)
}
