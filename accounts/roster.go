package accounts

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"shiken/exam"
)

// Bounds of a roster.
const (
	MaxRosterBytes = 32 << 20
	MaxRosterLines = 100_000
	MaxNameRunes   = 200
	MaxGroups      = 50
	MaxGroupRunes  = 100
)

// rosterColumns is the header of a roster, in any order.
var rosterColumns = []string{"username", "name", "password", "groups", "extra_time_percent"}

// RosterLine is one person of a roster.
type RosterLine struct {
	Line         int // of the file, from 1
	Username     string
	Name         string
	Password     string // empty: kept, or made for a new user
	Groups       []string
	ExtraPercent int
}

// RosterFault is one thing that is wrong with a roster: where, a code out of a closed list that the
// caller puts into words, and what the words are filled with. Passwords are never among it.
type RosterFault struct {
	Line   int    // 0 = the whole file
	Column string // empty = the whole line
	Code   string
	Args   []any
}

// RosterFaultCodes lists every code of a RosterFault.
var RosterFaultCodes = []string{
	"too_large", "too_many_lines", "encoding", "csv", "header_missing", "column_missing", "column_unknown",
	"column_twice", "username_empty", "username_long", "username_characters", "username_start", "username_twice",
	"name_long", "password_short", "password_long", "groups_many", "group_long", "control", "percent",
}

// ParseRoster reads a CSV roster in UTF-8, with or without byte order mark, or cp932. The header
// is username,name,password,groups,extra_time_percent in any order; groups are separated by ";".
// With faults there are no lines. The error is that of the reader.
func ParseRoster(r io.Reader) ([]RosterLine, []RosterFault, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxRosterBytes+1))
	if err != nil {
		return nil, nil, fmt.Errorf("accounts: roster: %w", err)
	}
	if len(raw) > MaxRosterBytes {
		return nil, []RosterFault{{Code: "too_large", Args: []any{"limit", MaxRosterBytes >> 20}}}, nil
	}
	text, ok := decode(raw)
	if !ok {
		return nil, []RosterFault{{Code: "encoding"}}, nil
	}
	p := rosterParser{seen: map[string]int{}}
	p.read(csv.NewReader(strings.NewReader(text)))
	if len(p.faults) > 0 {
		return nil, p.faults, nil
	}
	return p.lines, nil, nil
}

// decode reads UTF-8, else cp932. x/text's ShiftJIS is the table that browsers use, which holds
// the NEC and IBM extensions of cp932.
func decode(raw []byte) (string, bool) {
	if utf8.Valid(raw) {
		return strings.TrimPrefix(string(raw), "\ufeff"), true
	}
	text, err := japanese.ShiftJIS.NewDecoder().Bytes(raw)
	return string(text), err == nil && !strings.ContainsRune(string(text), utf8.RuneError)
}

type rosterParser struct {
	columns map[string]int
	lines   []RosterLine
	faults  []RosterFault
	seen    map[string]int // line by username
}

func (p *rosterParser) fault(line int, column, code string, args ...any) {
	p.faults = append(p.faults, RosterFault{Line: line, Column: column, Code: code, Args: args})
}

func (p *rosterParser) read(r *csv.Reader) {
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		p.csvFault(err, "header_missing")
		return
	}
	if p.header(header); len(p.faults) > 0 {
		return
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			p.csvFault(err, "csv")
			return
		}
		if len(p.lines) == MaxRosterLines {
			p.fault(0, "", "too_many_lines", "limit", MaxRosterLines)
			return
		}
		line, _ := r.FieldPos(0)
		p.line(line, record)
	}
}

func (p *rosterParser) csvFault(err error, otherwise string) {
	var at *csv.ParseError
	if errors.As(err, &at) {
		p.fault(at.Line, "", "csv")
		return
	}
	p.fault(0, "", otherwise)
}

func (p *rosterParser) header(record []string) {
	p.columns = map[string]int{}
	for i, name := range record {
		name = strings.ToLower(strings.TrimSpace(name))
		_, twice := p.columns[name]
		switch {
		case !slices.Contains(rosterColumns, name):
			p.fault(1, "", "column_unknown", "value", short(name))
		case twice:
			p.fault(1, name, "column_twice")
		default:
			p.columns[name] = i
		}
	}
	for _, name := range rosterColumns {
		if _, ok := p.columns[name]; !ok {
			p.fault(1, name, "column_missing")
		}
	}
}

func (p *rosterParser) line(line int, record []string) {
	cell := func(column string) string { return record[p.columns[column]] }
	out := RosterLine{
		Line: line, Password: cell("password"), Name: strings.TrimSpace(cell("name")),
		Username: p.username(line, cell("username")), Groups: p.groups(line, cell("groups")),
		ExtraPercent: p.percent(line, cell("extra_time_percent")),
	}
	if out.Name == "" {
		out.Name = out.Username
	}
	if utf8.RuneCountInString(out.Name) > MaxNameRunes {
		p.fault(line, "name", "name_long", "max", MaxNameRunes)
	}
	if strings.ContainsFunc(out.Name, unicode.IsControl) {
		p.fault(line, "name", "control")
	}
	if out.Password != "" {
		p.password(line, out.Password)
	}
	p.lines = append(p.lines, out)
}

func (p *rosterParser) username(line int, typed string) string {
	name, err := NormalizeUsername(typed)
	if err != nil {
		p.fault(line, "username", usernameCode(err), "value", short(typed), "max", MaxUsernameRunes)
		return ""
	}
	if first, twice := p.seen[name]; twice {
		p.fault(line, "username", "username_twice", "value", name, "line", first)
	}
	p.seen[name] = line
	return name
}

func usernameCode(err error) string {
	switch {
	case errors.Is(err, ErrUsernameEmpty):
		return "username_empty"
	case errors.Is(err, ErrUsernameLong):
		return "username_long"
	case errors.Is(err, ErrUsernameStart):
		return "username_start"
	}
	return "username_characters"
}

func (p *rosterParser) password(line int, password string) {
	switch err := CheckPassword(password); {
	case errors.Is(err, ErrPasswordShort):
		p.fault(line, "password", "password_short", "min", MinPasswordRunes)
	case errors.Is(err, ErrPasswordLong):
		p.fault(line, "password", "password_long", "max", MaxPasswordBytes)
	}
}

func (p *rosterParser) groups(line int, cell string) []string {
	var groups []string
	for _, group := range strings.Split(cell, ";") {
		group = strings.TrimSpace(group)
		if group == "" || slices.Contains(groups, group) {
			continue
		}
		if utf8.RuneCountInString(group) > MaxGroupRunes {
			p.fault(line, "groups", "group_long", "value", short(group), "max", MaxGroupRunes)
		}
		if strings.ContainsFunc(group, unicode.IsControl) {
			p.fault(line, "groups", "control")
		}
		groups = append(groups, group)
	}
	if len(groups) > MaxGroups {
		p.fault(line, "groups", "groups_many", "max", MaxGroups)
	}
	return groups
}

func (p *rosterParser) percent(line int, cell string) int {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return 0
	}
	percent, err := strconv.Atoi(cell)
	if err != nil || percent < 0 || percent > exam.MaxExtraPercent {
		p.fault(line, "extra_time_percent", "percent", "value", short(cell), "max", exam.MaxExtraPercent)
	}
	return percent
}

// short keeps what is quoted in a fault readable.
func short(s string) string {
	const most = 40
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
