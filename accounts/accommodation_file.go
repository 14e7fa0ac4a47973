package accounts

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"shiken/internal/textfile"
	"shiken/store"
)

// AccommodationColumns is the header of a file of accommodations, in any order. Username and exam are
// required. A line says all that the candidate has in the exam: one that gives nothing takes it back.
var AccommodationColumns = []string{
	columnUsername, columnExam, columnExtra, columnOpen, columnLastStart, columnClose, columnAttempts, columnReason,
}

// AccommodationLine is one candidate and exam of a file.
type AccommodationLine struct {
	Line           int // of the file, from 1
	Username, Exam string
	Is             *store.Accommodated // nil: nothing
}

// AccommodationFile is what a file of accommodations holds: no Lines when there is a fault.
type AccommodationFile struct {
	Lines    []AccommodationLine
	Read     int // lines below the header
	Faults   []RosterFault
	Unlisted int // faults beyond MaxRosterFaults
}

// ParseAccommodations reads a file of accommodations, of the kinds that ParseRoster reads. The reason is
// that of lines that have none of their own. The error is that of the reader.
func ParseAccommodations(r io.Reader, zone *time.Location, reason string) (AccommodationFile, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxRosterBytes+1))
	if err != nil {
		return AccommodationFile{}, fmt.Errorf("accounts: accommodations: %w", err)
	}
	a := accommodationParser{zone: zone, reason: reason, seen: map[[2]string]int{}}
	a.rosterParser = rosterParser{known: AccommodationColumns, required: []string{columnUsername, columnExam}, read: a.pair}
	a.parse(raw)
	out := AccommodationFile{Lines: a.lines, Read: a.out.People, Faults: a.out.Faults, Unlisted: a.out.Unlisted}
	if len(out.Faults) > 0 {
		out.Lines = nil
	}
	return out, nil
}

type accommodationParser struct {
	rosterParser
	zone   *time.Location
	reason string
	lines  []AccommodationLine
	seen   map[[2]string]int // line by username and exam
}

func (p *accommodationParser) pair(row *textfile.Row) {
	j := judge{}
	line := AccommodationLine{Line: row.Line, Username: j.username(p.cell(row, columnUsername))}
	line.Exam = strings.TrimSpace(p.cell(row, columnExam))
	given := Given{
		ExtraPercent: p.cell(row, columnExtra), Open: p.cell(row, columnOpen), LastStart: p.cell(row, columnLastStart),
		Close: p.cell(row, columnClose), Attempts: p.cell(row, columnAttempts),
		Reason: cmp.Or(p.cell(row, columnReason), p.reason),
	}
	is, faults := JudgeGiven(given, p.zone)
	for _, f := range append(j.faults, faults...) {
		f.Line = row.Line
		p.add(f)
	}
	if !is.IsZero() {
		line.Is = &is
	}
	if line.Is != nil && strings.TrimSpace(given.Reason) == "" {
		p.fault(row.Line, columnReason, "reason_empty")
	}
	key := [2]string{line.Username, line.Exam}
	if first, twice := p.seen[key]; twice && line.Username != "" {
		p.fault(row.Line, columnExam, "pair_twice", "user", line.Username, "exam", short(line.Exam), "line", first)
	}
	p.seen[key] = row.Line
	p.lines = append(p.lines, line)
}

// AccommodationReader is what a plan of accommodations is made of.
type AccommodationReader interface {
	Users(ctx context.Context) ([]store.User, error)
	Definitions(ctx context.Context) ([]store.ListedExam, error)
	Accommodations(ctx context.Context, q store.AccommodationQuery) ([]store.AccommodationRow, int, error)
}

// AccommodationPlan says what storing a file does, as of when it was made.
type AccommodationPlan struct {
	Changes                          []PlannedAccommodation
	New, Changed, Removed, Unchanged int
	Running                          int // changes of people who have an attempt open, which goes on as it began
	Faults                           []RosterFault
}

// PlannedAccommodation is a change with what names the person.
type PlannedAccommodation struct {
	store.AccommodationChange
	Username string
	// Of a file alone: the line that asks for it, the exam, and the candidate as the exam's list has them. Row is
	// nil where the list does not: of nobody who may sit exams, and of nobody who has something already.
	Line int
	In   *store.ListedExam
	Row  *store.AccommodationRow
}

// PlanAccommodations compares the lines of a file without faults with what is stored.
func PlanAccommodations(ctx context.Context, s AccommodationReader, lines []AccommodationLine) (*AccommodationPlan, error) {
	b, err := newBoard(ctx, s, lines)
	if err != nil {
		return nil, err
	}
	p := &AccommodationPlan{}
	for i := range lines {
		p.line(b, &lines[i])
	}
	slices.SortStableFunc(p.Changes, func(a, b PlannedAccommodation) int { return cmp.Compare(a.User, b.User) })
	return p, nil
}

// board is what lines are compared with.
type board struct {
	users map[string]string // id by username
	exams map[string]*store.ListedExam
	rows  map[[2]string]*store.AccommodationRow // by user and exam
}

func newBoard(ctx context.Context, s AccommodationReader, lines []AccommodationLine) (*board, error) {
	b := &board{users: map[string]string{}, exams: map[string]*store.ListedExam{}, rows: map[[2]string]*store.AccommodationRow{}}
	users, err := s.Users(ctx)
	if err != nil {
		return nil, err
	}
	for i := range users {
		b.users[users[i].Username] = users[i].ID
	}
	definitions, err := s.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	for i := range definitions {
		slug := definitions[i].Slug
		b.exams[slug] = &definitions[i]
		if !slices.ContainsFunc(lines, func(l AccommodationLine) bool { return l.Exam == slug }) {
			continue
		}
		rows, _, err := s.Accommodations(ctx, store.AccommodationQuery{Exam: slug, All: true, Limit: len(users) + 1})
		if err != nil {
			return nil, err
		}
		for j := range rows {
			b.rows[[2]string{rows[j].User, slug}] = &rows[j]
		}
	}
	return b, nil
}

func (p *AccommodationPlan) line(b *board, l *AccommodationLine) {
	user, known := b.users[l.Username]
	d, found := b.exams[l.Exam]
	switch {
	case !known:
		p.fault(l.Line, columnUsername, "user_unknown", l.Username)
		return
	case !found:
		p.fault(l.Line, columnExam, "exam_unknown", short(l.Exam))
		return
	}
	if l.Is != nil {
		for _, f := range JudgeWindow(l.Is, d.Definition) {
			f.Line = l.Line
			p.Faults = append(p.Faults, f)
		}
	}
	row := b.rows[[2]string{user, l.Exam}]
	change := store.AccommodationChange{User: user, Exam: l.Exam, Is: l.Is}
	if row != nil && row.Has {
		change.Was = &row.Accommodated
	}
	if !p.count(&change) {
		return
	}
	if row != nil && row.Open != "" {
		p.Running++
	}
	p.Changes = append(p.Changes, PlannedAccommodation{
		AccommodationChange: change, Username: l.Username, Line: l.Line, In: d, Row: row,
	})
}

func (p *AccommodationPlan) fault(line int, column, code, value string) {
	p.Faults = append(p.Faults, RosterFault{Line: line, Column: column, Code: code, Args: []any{"value", value}})
}

// count reports whether the change is one.
func (p *AccommodationPlan) count(c *store.AccommodationChange) bool {
	switch {
	case c.Is.Same(c.Was):
		p.Unchanged++
		return false
	case c.Was == nil:
		p.New++
	case c.Is == nil:
		p.Removed++
	default:
		p.Changed++
	}
	return true
}

// Store lists the changes as the store takes them.
func (p *AccommodationPlan) Store() []store.AccommodationChange {
	out := make([]store.AccommodationChange, len(p.Changes))
	for i := range p.Changes {
		out[i] = p.Changes[i].AccommodationChange
	}
	return out
}

// AccommodationDetails is what the audit log says of changed accommodations.
type AccommodationDetails struct {
	File     string               `json:"file,omitempty"`
	People   []ListedAccommodated `json:"people"` // the first of them
	Unlisted int                  `json:"unlisted,omitempty"`
}

// ListedAccommodated is one change.
type ListedAccommodated struct {
	Username string                `json:"username"`
	Exam     string                `json:"exam,omitempty"`
	Changes  map[string]Difference `json:"changes"`
}

// DescribeAccommodations describes changes for the audit log; those of one exam need not name it.
func DescribeAccommodations(file string, changes []PlannedAccommodation, named bool) AccommodationDetails {
	d, size := AccommodationDetails{File: short(file), People: []ListedAccommodated{}}, 0
	for i := range changes {
		c := &changes[i]
		listed := ListedAccommodated{Username: c.Username, Changes: AccommodationDifferences(c.Was, c.Is)}
		if named {
			listed.Exam = c.Exam
		}
		text, err := json.Marshal(listed)
		if size += len(text); err != nil || size > maxListed {
			d.Unlisted = len(changes) - i
			break
		}
		d.People = append(d.People, listed)
	}
	return d
}
