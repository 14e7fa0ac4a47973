package accounts

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"shiken/exam"
	"shiken/internal/textfile"
	"shiken/store"
)

// AccommodationColumns is the header of a file of accommodations, in any order. Username and exam are
// required. A line says all that the candidate has in the exam: one that gives nothing takes it back.
var AccommodationColumns = []string{
	columnUsername, columnExam, columnExtra, columnOpen, columnLastStart, columnClose, columnAttempts, columnReason,
}

// Limits of a file of accommodations: one that a page takes is stored well within the time of a request, and one of
// the terminal has the time that it needs.
var (
	AccommodationPageLimits     = Limits{Bytes: 2 << 20, Lines: 2000}
	AccommodationTerminalLimits = rosterLimits
)

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

// ParseAccommodations reads a file of accommodations, of the kinds that ParseRoster reads; one beyond the limits has
// that fault alone. Times are those of the zone. The reason is that of lines that have none of their own. The error
// is that of the reader.
func ParseAccommodations(r io.Reader, limits Limits, zone *time.Location, reason string) (AccommodationFile, error) {
	raw, err := io.ReadAll(io.LimitReader(r, int64(limits.Bytes)+1))
	if err != nil {
		return AccommodationFile{}, fmt.Errorf("accounts: accommodations: %w", err)
	}
	a := accommodationParser{zone: zone, reason: reason, seen: map[[2]string]int{}}
	a.rosterParser = rosterParser{
		limits: limits, known: AccommodationColumns, required: []string{columnUsername, columnExam}, read: a.pair,
	}
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
	// Of a file alone: the line that asks for it, the exam, and the candidate in it.
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
	exams map[string]*store.ListedExam
	rows  map[[2]string]*store.AccommodationRow // by username and exam, whether or not there is such an exam
}

func newBoard(ctx context.Context, s AccommodationReader, lines []AccommodationLine) (*board, error) {
	b := &board{exams: map[string]*store.ListedExam{}, rows: map[[2]string]*store.AccommodationRow{}}
	definitions, err := s.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	for i := range definitions {
		b.exams[definitions[i].Slug] = &definitions[i]
	}
	named := map[string][]string{} // usernames by exam; all exams that there are not count as one
	for i := range lines {
		slug := b.slug(&lines[i])
		named[slug] = append(named[slug], lines[i].Username)
	}
	for slug, usernames := range named {
		for batch := range slices.Chunk(usernames, store.MaxUsernames) {
			if err := b.read(ctx, s, slug, batch); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

// slug is the exam of a line, empty when there is no such exam.
func (b *board) slug(l *AccommodationLine) string {
	if b.exams[l.Exam] == nil {
		return ""
	}
	return l.Exam
}

// read adds what people have in an exam. Of one that there is not, it tells who there is.
func (b *board) read(ctx context.Context, s AccommodationReader, slug string, usernames []string) error {
	rows, _, err := s.Accommodations(ctx, store.AccommodationQuery{Exam: slug, Usernames: usernames, Limit: len(usernames)})
	for i := range rows {
		b.rows[[2]string{rows[i].Username, slug}] = &rows[i]
	}
	return err
}

func (p *AccommodationPlan) line(b *board, l *AccommodationLine) {
	row := b.rows[[2]string{l.Username, b.slug(l)}]
	d := b.exams[l.Exam]
	switch {
	case row == nil:
		p.fault(l.Line, columnUsername, "user_unknown", l.Username)
		return
	case d == nil:
		p.fault(l.Line, columnExam, "exam_unknown", short(l.Exam))
		return
	}
	if l.Is != nil {
		for _, f := range JudgeWindow(l.Is, d.Definition) {
			f.Line = l.Line
			p.Faults = append(p.Faults, f)
		}
	}
	change := store.AccommodationChange{User: row.User, Exam: l.Exam, Is: l.Is}
	if row.Has {
		change.Was = &row.Accommodated
	}
	if !p.count(&change) {
		return
	}
	if row.Open != "" {
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

// AccommodationDetails is what an entry of the audit log says of changed accommodations.
type AccommodationDetails struct {
	File   string               `json:"file,omitempty"`
	People []ListedAccommodated `json:"people"`
}

// ListedAccommodated is one change.
type ListedAccommodated struct {
	Username string                `json:"username"`
	Exam     string                `json:"exam,omitempty"`
	Changes  map[string]Difference `json:"changes"`
}

// DescribeAccommodations describes changes for the audit log, all of them, in as many parts as they need; those of one
// exam need not name it.
func DescribeAccommodations(file string, changes []PlannedAccommodation, named bool) store.AuditParts {
	var parts store.AuditParts
	people, size := []ListedAccommodated{}, 0
	for i := range changes {
		c := &changes[i]
		listed := ListedAccommodated{Username: c.Username, Changes: AccommodationDifferences(c.Was, c.Is)}
		if named {
			listed.Exam = c.Exam
		}
		text := exam.Canonical(listed)
		if size += len(text); size > maxListed && len(people) > 0 {
			parts = append(parts, AccommodationDetails{short(file), people})
			people, size = nil, len(text)
		}
		people = append(people, listed)
	}
	return append(parts, AccommodationDetails{short(file), people})
}
