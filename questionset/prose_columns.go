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

// optionCells are the options of lines that stand below each other in columns, as from a word processor, in the order
// of their letters: "a) x   c) z" and "b) y   d) w" below it. Lines of one option each stay as they are.
func optionCells(rows []proseLine) []proseLine {
	for _, close := range []bool{true, false} {
		cells, row := cutRows(rows, close)
		if len(cells) == len(rows) {
			return rows
		}
		if inOrder(cells) {
			for i := range cells {
				cells[i].row = row
			}
			return cells
		}
	}
	for i := range rows {
		if cells, _ := cutRows(rows[i:i+1], false); len(cells) > 1 && rows[i].mark.option.kind != '1' {
			rows[i].row = rowTorn
		}
	}
	return rows
}

// inOrder puts options in the order of their letters; it reports false where one is missing or stands twice.
func inOrder(cells []proseLine) bool {
	first, gap := cells[0].mark.option.place, cells[0].gap
	slices.SortStableFunc(cells, func(a, b proseLine) int { return a.mark.option.place - b.mark.option.place })
	for i := range cells {
		if cells[i].mark.option.place != first+i {
			return false
		}
		cells[i].gap = gap && i == 0
	}
	return true
}

// cutRows cuts lines at the letters of further options: those behind a tab or several spaces, and with close also the
// one that is next in turn behind less.
func cutRows(rows []proseLine, close bool) (cells []proseLine, row rowOf) {
	for _, line := range rows {
		from, last := 0, line.mark.option
		bare, plain := line.mark.bare, len(cells)
		for at, wide := range gapsOf(bare, last.kind == '1') {
			o, ok := typedChoice(bare[at:])
			if !ok || at == 0 || o.kind != last.kind || o.behind != last.behind || o.loose ||
				!wide && (!close || o.place != last.place+1 || o.text == "" || last.text == bare[at:]) {
				continue
			}
			cells = append(cells, line.cell(bare[from:at]))
			from, last = at, o
			if row = max(row, rowWide); !wide {
				row = rowClose
			}
		}
		if len(cells) == plain {
			cells = append(cells, line)
		} else {
			cells = append(cells, line.cell(bare[from:]))
		}
	}
	return cells, row
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
