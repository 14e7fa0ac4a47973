package accounts

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"shiken/internal/filetype"
	"shiken/internal/textfile"
	"shiken/questionset"
)

// Bounds of a roster.
const (
	MaxRosterBytes = 32 << 20
	MaxRosterLines = 100_000
	// MaxRosterFaults bounds the faults that are listed; those beyond are counted.
	MaxRosterFaults = 100_000
)

// Limits bound a file.
type Limits struct {
	Bytes int // whole MiB
	Lines int // below the header
}

var rosterLimits = Limits{Bytes: MaxRosterBytes, Lines: MaxRosterLines}

// The columns of a roster.
const (
	columnUsername = "username"
	columnName     = "name"
	columnPassword = "password"
	columnGroups   = "groups"
	columnExtra    = "extra_time_percent"
)

// RosterColumns is the header of a roster, in any order. Only the username is required.
var RosterColumns = []string{columnUsername, columnName, columnPassword, columnGroups, columnExtra}

// Roster is what a file of people holds.
type Roster struct {
	// Lines are the people, none when there is a fault.
	Lines []RosterLine
	// People counts them, also those with faults; Faulty those that have some.
	People, Faulty int
	Faults         []RosterFault // by line
	Unlisted       int           // faults beyond MaxRosterFaults
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
	"too_large", "too_many_lines", "utf16", "encoding", "header_missing", "no_people", "column_missing",
	"column_unknown", "column_twice", "cells_few", "cells_many", "quote_open", "quote_after", "undecodable",
	"no_table", "sheet_old", "sheet_broken",
	"username_empty", "username_long", "username_characters", "username_start", "username_twice",
	"name_long", "password_short", "password_long", "groups_many", "group_long", "control", "percent",
}

// ParseRoster reads a roster: CSV in UTF-8, with or without byte order mark, or cp932, its cells
// separated by commas, semicolons or tabs; or the first sheet of an XLSX workbook that holds anything.
// The header is that of RosterColumns in any order; groups are separated by ";". A line says nothing of
// what has no column. The error is that of the reader.
func ParseRoster(r io.Reader) (Roster, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxRosterBytes+1))
	if err != nil {
		return Roster{}, fmt.Errorf("accounts: roster: %w", err)
	}
	p := rosterParser{limits: rosterLimits, known: RosterColumns, required: []string{columnUsername}, seen: map[string]int{}}
	p.read = p.person
	p.parse(raw)
	if len(p.out.Faults) > 0 {
		p.out.Lines = nil
	}
	return p.out, nil
}

// rosterParser reads a table of people, whose columns it knows; read takes each sound row.
type rosterParser struct {
	limits          Limits
	known, required []string
	read            func(*textfile.Row)

	columns map[string]int
	width   int // cells of the header
	stopped bool
	out     Roster
	seen    map[string]int // line by username
}

func (p *rosterParser) fault(line int, column, code string, args ...any) {
	p.add(RosterFault{Line: line, Column: column, Code: code, Args: args})
}

func (p *rosterParser) add(f RosterFault) {
	if len(p.out.Faults) == MaxRosterFaults {
		p.out.Unlisted++
		return
	}
	p.out.Faults = append(p.out.Faults, f)
}

func (p *rosterParser) parse(raw []byte) {
	switch {
	case len(raw) > p.limits.Bytes:
		p.fault(0, "", "too_large", "limit", p.limits.Bytes>>20)
		return
	case p.sheet(raw):
		return
	case textfile.LooksUTF16(raw):
		p.fault(0, "", "utf16")
		return
	}
	text, encoding := textfile.Decode(raw, true)
	if encoding == textfile.CP932 && !looksJapanese(text) {
		p.fault(0, "", "encoding")
		return
	}
	rows := textfile.NewScanner(text, delimiterOf(text, p.known))
	for row, ok := rows.Next(); ok && p.line(&row); row, ok = rows.Next() {
	}
	p.end()
}

// Beginnings of files: of a package such as a workbook, and of what Excel wrote before 2007 or writes
// with a password.
const (
	zipMagic      = "PK\x03\x04"
	compoundMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
)

// sheet reads a roster that is no text; it reports whether it was none.
func (p *rosterParser) sheet(raw []byte) bool {
	is := filetype.Of(raw)
	switch {
	case is.Class != filetype.Unknown:
		p.fault(0, "", "no_table", "type", is.Name)
	case bytes.HasPrefix(raw, []byte(compoundMagic)):
		p.fault(0, "", "sheet_old")
	case !bytes.HasPrefix(raw, []byte(zipMagic)):
		return false
	case questionset.ReadSheet(raw, p.sheetLine):
		p.end()
	default:
		p.out.Faults = nil
		p.fault(0, "", "sheet_broken")
	}
	return true
}

// sheetLine reads a line as line does. Sheets leave empty cells out.
func (p *rosterParser) sheetLine(row textfile.Row) bool {
	for len(row.Cells) < p.width {
		row.Cells = append(row.Cells, "")
	}
	return p.line(&row)
}

// looksJapanese tells Japanese text from one in another encoding that happens to decode as cp932,
// whose accented letters come out as single kanji or half-width kana.
func looksJapanese(text string) bool {
	run := 0
	for _, c := range text {
		switch {
		case c >= 0x3041 && c <= 0x30FE:
			return true
		case c >= 0x3400 && c <= 0x9FFF, c >= 0xF900 && c <= 0xFAFF, c >= 0xFF61 && c <= 0xFF9F:
			if run++; run > 1 {
				return true
			}
		default:
			run = 0
		}
	}
	return false
}

// delimiterOf returns the delimiter under which the first line names the most columns.
func delimiterOf(text string, columns []string) byte {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	best, most := byte(','), 0
	for _, comma := range []byte{',', '\t', ';'} {
		known := 0
		for cell := range strings.SplitSeq(line, string(comma)) {
			if slices.Contains(columns, columnOf(strings.Trim(cell, `" `))) {
				known++
			}
		}
		if known > most {
			best, most = comma, known
		}
	}
	return best
}

func columnOf(cell string) string { return strings.ToLower(strings.TrimSpace(cell)) }

// line reads a line; it reports whether there is a use in reading on.
func (p *rosterParser) line(row *textfile.Row) bool {
	switch {
	case row.Empty() && row.Fault == "":
	case p.columns == nil:
		p.header(row)
		p.stopped = len(p.out.Faults) > 0
	case p.out.People == p.limits.Lines:
		p.out.Faults, p.out.Unlisted = nil, 0
		p.fault(0, "", "too_many_lines", "limit", p.limits.Lines)
		p.stopped = true
	default:
		p.row(row)
	}
	return !p.stopped
}

// end tells what only the end of a file shows.
func (p *rosterParser) end() {
	switch {
	case p.stopped:
	case p.columns == nil:
		p.fault(0, "", "header_missing")
	case p.out.People == 0:
		p.fault(0, "", "no_people")
	}
}

// header reads the names of the columns. Columns without a name are left out: spreadsheets write
// them behind the last one.
func (p *rosterParser) header(row *textfile.Row) {
	p.columns, p.width = map[string]int{}, len(row.Cells)
	if p.broken(row) {
		return
	}
	for i, cell := range row.Cells {
		name := columnOf(cell)
		_, twice := p.columns[name]
		switch {
		case name == "":
		case !slices.Contains(p.known, name):
			p.fault(row.Line, "", "column_unknown", "value", short(name))
		case twice:
			p.fault(row.Line, name, "column_twice")
		default:
			p.columns[name] = i
		}
	}
	for _, name := range p.required {
		if !p.has(name) {
			p.fault(row.Line, name, "column_missing")
		}
	}
}

// row reads one person.
func (p *rosterParser) row(row *textfile.Row) {
	before := len(p.out.Faults) + p.out.Unlisted
	p.out.People++
	if !p.broken(row) && !p.misaligned(row) {
		p.read(row)
	}
	if len(p.out.Faults)+p.out.Unlisted > before {
		p.out.Faulty++
	}
}

// broken tells rows that are no CSV.
func (p *rosterParser) broken(row *textfile.Row) bool {
	switch row.Fault {
	case "":
		return false
	case textfile.UnclosedQuote:
		p.fault(row.Line, "", "quote_open", "last", row.LastLine)
	case textfile.AfterQuote:
		p.fault(row.Line, "", "quote_after")
	case textfile.TooManyColumns:
		p.fault(row.Line, "", "cells_many", "cells", len(row.Cells), "want", p.width)
	}
	return true
}

// misaligned tells rows whose cells cannot be those of the header.
func (p *rosterParser) misaligned(row *textfile.Row) bool {
	if len(row.Cells) < p.width {
		p.fault(row.Line, "", "cells_few", "cells", len(row.Cells), "want", p.width)
		return true
	}
	for i, cell := range row.Cells {
		if strings.TrimSpace(cell) != "" && !p.named(i) {
			p.fault(row.Line, "", "cells_many", "cells", i+1, "want", len(p.columns))
			return true
		}
	}
	return false
}

func (p *rosterParser) named(cell int) bool {
	for _, i := range p.columns {
		if i == cell {
			return true
		}
	}
	return false
}

func (p *rosterParser) person(row *textfile.Row) {
	cell := func(column string) string { return p.cell(row, column) }
	line, faults := Judge(Cells{
		Username: cell(columnUsername), Name: cell(columnName), Password: cell(columnPassword),
		Groups: cell(columnGroups), ExtraPercent: cell(columnExtra),
	})
	for _, f := range faults {
		f.Line = row.Line
		p.add(f)
	}
	line.Line = row.Line
	line.KeepsName = strings.TrimSpace(cell(columnName)) == ""
	line.KeepsGroups, line.KeepsExtra = !p.has(columnGroups), !p.has(columnExtra)
	if first, twice := p.seen[line.Username]; twice && line.Username != "" {
		p.fault(row.Line, columnUsername, "username_twice", "value", line.Username, "line", first)
	} else {
		p.seen[line.Username] = row.Line
	}
	if len(p.out.Faults) == 0 {
		p.out.Lines = append(p.out.Lines, line)
	}
}

// cell is what a row has in a column; empty where there is none.
func (p *rosterParser) cell(row *textfile.Row, column string) string {
	if at, ok := p.columns[column]; ok {
		return row.Cells[at]
	}
	return ""
}

func (p *rosterParser) has(column string) bool {
	_, ok := p.columns[column]
	return ok
}

// short keeps what is quoted in a fault readable.
func short(s string) string {
	const most = 40
	s = strings.Map(func(c rune) rune {
		if isUnreadable(c) || textfile.IsControl(c) {
			return utf8.RuneError
		}
		return c
	}, s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
