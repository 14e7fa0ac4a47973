package questionset

import "strings"

// proseLine is a line of plain text that is not blank.
type proseLine struct {
	text   string // trimmed
	number int    // 1-based
	from   int    // offset in the text of its first byte
	gap    bool   // a blank line stands before it
	mark   lineMark
	row    rowOf // where it is one of several options on a line
}

// proseLines gives the lines of a text one after the other, and lets a reader look at some that follow. Each line is
// looked at once, and only those few are kept.
type proseLines struct {
	text   string
	at     int // offset behind the last line that was found
	number int // of that line
	ahead  []proseLine
	cells  []proseLine // of options, that find gives next
	rows   []proseLine // that hold these; it is used again, and so are cuts
	cuts   []optionCut
	kept   *proseLine // the line behind these; nil: it was not found yet
}

// next gives the next line; false at the end, where the line has its number and offset only.
func (l *proseLines) next() (proseLine, bool) {
	if len(l.ahead) == 0 {
		return l.find()
	}
	line := l.ahead[0]
	l.ahead = l.ahead[1:]
	return line, true
}

// peek gives the line that comes n lines behind the next one.
func (l *proseLines) peek(n int) (*proseLine, bool) {
	for len(l.ahead) <= n {
		line, ok := l.find()
		if !ok {
			return nil, false
		}
		l.ahead = append(l.ahead, line)
	}
	return &l.ahead[n], true
}

// find gives the next line that is not blank, or the next option of lines that hold several.
func (l *proseLines) find() (proseLine, bool) {
	if len(l.cells) == 0 {
		line, more := l.whole()
		if line.mark.option.place < 0 || !more {
			return line, more
		}
		l.rows = append(l.rows[:0], line)
		for len(l.rows) < mostRows {
			next, more := l.whole()
			if !more {
				break
			}
			if o := &next.mark.option; o.place <= 0 || o.kind != line.mark.option.kind || o.behind != line.mark.option.behind {
				l.kept = &next
				break
			}
			l.rows = append(l.rows, next)
		}
		l.cells = l.optionCells(l.rows)
	}
	line := l.cells[0]
	l.cells = l.cells[1:]
	return line, true
}

// whole gives the next line that is not blank, as it stands.
func (l *proseLines) whole() (proseLine, bool) {
	if l.kept != nil {
		line := *l.kept
		l.kept = nil
		return line, true
	}
	gap := false
	for l.at < len(l.text) {
		from, end := l.at, strings.IndexByte(l.text[l.at:], '\n')
		if end < 0 {
			end = len(l.text) - from
		}
		l.at = from + end + 1
		l.number++
		if text := strings.TrimSpace(l.text[from : from+end]); text != "" {
			return proseLine{text: text, number: l.number, from: from, gap: gap, mark: markOf(text)}, true
		}
		gap = true
	}
	return proseLine{number: l.number + 1, from: len(l.text)}, false
}

// back is the offset of the line that stands n lines before that at an offset.
func (l *proseLines) back(from, n int) int {
	for ; n > 0 && from > 0; n-- {
		from = strings.LastIndexByte(l.text[:from-1], '\n') + 1
	}
	return from
}

// between is the text from one offset to another, without the blank lines around it.
func (l *proseLines) between(from, to int) string { return strings.Trim(l.text[from:to], "\n") }
