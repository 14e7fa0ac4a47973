package questionset

import (
	"slices"
	"strings"
	"unicode"
)

// rowOf tells how the options of a line stand on it.
type rowOf byte

// The rows, worse ones last.
const (
	rowAlone rowOf = iota // one option, or none
	rowWide               // several, with a tab or several spaces between them
	rowClose              // several, with less between them
	rowTorn               // several, of which some are missing or stand twice: nobody can tell
)

// mostRows bounds the lines of the options of one question that are put in order.
const mostRows = 2 * maxOptions

// optionCut is where an option begins on one of the lines.
type optionCut struct {
	row, at int
	place   int  // 0-based, by its letter
	wide    bool // it begins the line, or stands behind a tab or several spaces
}

// optionCells are the options of lines that stand below each other in columns, as from a word processor, in the order
// of their letters: "a) x   c) z" and "b) y   d) w" below it. Lines of one option each stay as they are.
func (l *proseLines) optionCells(rows []proseLine) []proseLine {
	cuts := l.cuts[:0]
	for i := range rows {
		cuts = cutRow(cuts, i, &rows[i].mark)
		if len(cuts) > mostRows {
			break // no list is as long
		}
	}
	if l.cuts = cuts; len(cuts) == len(rows) {
		return rows
	}
	wide := slices.DeleteFunc(slices.Clone(cuts), func(c optionCut) bool { return !c.wide })
	switch {
	case len(wide) < len(cuts) && inTurn(cuts):
		return cellsOf(rows, cuts, rowClose)
	case len(wide) > len(rows) && inTurn(wide):
		return cellsOf(rows, wide, rowWide)
	}
	for i := range wide {
		if wide[i].at > 0 && rows[0].mark.option.kind != '1' {
			rows[wide[i].row].row = rowTorn
		}
	}
	return rows
}

// inTurn reports whether options are those of letters in turn, in whatever order they stand.
func inTurn(cuts []optionCut) bool {
	places := make([]int, len(cuts))
	for i := range cuts {
		places[i] = cuts[i].place
	}
	slices.Sort(places)
	for i := range places {
		if places[i] != cuts[0].place+i {
			return false
		}
	}
	return true
}

// cutRow adds where the options of a line begin: those behind a tab or several spaces, and the one that is next in turn
// also behind less.
func cutRow(cuts []optionCut, row int, m *lineMark) []optionCut {
	last := m.option
	cuts = append(cuts, optionCut{row, 0, last.place, true})
	for at, wide := range gapsOf(m.bare, last.kind == '1') {
		o, ok := typedChoice(m.bare[at:])
		if !ok || at == 0 || o.kind != last.kind || o.behind != last.behind || o.loose ||
			!wide && (o.place != last.place+1 || o.text == "" || len(last.text) == len(m.bare)-at) {
			continue
		}
		last = o
		if cuts = append(cuts, optionCut{row, at, o.place, wide}); len(cuts) > mostRows {
			break
		}
	}
	return cuts
}

// cellsOf cuts lines into options, in the order of their letters.
func cellsOf(rows []proseLine, cuts []optionCut, how rowOf) []proseLine {
	cells := make([]proseLine, len(cuts))
	for i, cut := range cuts {
		line := &rows[cut.row]
		end := len(line.mark.bare)
		if i+1 < len(cuts) && cuts[i+1].row == cut.row {
			end = cuts[i+1].at
		}
		cells[i] = line.cell(line.mark.bare[cut.at:end])
		cells[i].row, cells[i].gap = how, false
	}
	slices.SortFunc(cells, func(a, b proseLine) int { return a.mark.option.place - b.mark.option.place })
	cells[0].gap = rows[0].gap
	return cells
}

// cell is a part of a line, as a line of its own.
func (line *proseLine) cell(text string) proseLine {
	out := *line
	out.text = strings.TrimSpace(text)
	out.mark = markOf(out.text)
	out.mark.listed = line.mark.listed
	return out
}

// gapsOf gives the places in a line where something begins behind spaces, and whether they are a tab, a wide space or
// several; with each also those of circled numbers behind none.
func gapsOf(line string, circled bool) func(yield func(at int, wide bool) bool) {
	return func(yield func(int, bool) bool) {
		spaces, wide := 0, false
		for at, r := range line {
			switch {
			case unicode.IsSpace(r):
				spaces++
				wide = wide || spaces > 1 || r == '\t' || r == '\u3000'
				continue
			case (spaces > 0 || circled && r >= '①' && r <= '⑩') && !yield(at, wide):
				return
			}
			spaces, wide = 0, false
		}
	}
}
