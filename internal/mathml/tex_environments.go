package mathml

import (
	"slices"
	"strings"
)

// layout is how the cells of an environment stand.
type layout struct {
	open, close string
	columns     []string // classes of the columns, the last two by turns for all further ones
	display     bool
}

var (
	toTheLeft = []string{"math-left"}
	aligned   = layout{columns: []string{"math-right math-tight", "math-left math-tight"}, display: true}
	gathered  = layout{display: true}
)

// environments are what \begin and \end can name. A star behind the name only says that lines have no
// number.
var environments = map[string]layout{
	"matrix": {}, "smallmatrix": {}, "pmatrix": {open: "(", close: ")"}, "bmatrix": {open: "[", close: "]"}, "Bmatrix": {open: "{", close: "}"},
	"vmatrix": {open: "|", close: "|"}, "Vmatrix": {open: "‖", close: "‖"},
	"cases": {open: "{", columns: toTheLeft}, "dcases": {open: "{", columns: toTheLeft, display: true}, "rcases": {close: "}", columns: toTheLeft},
	"aligned": aligned, "align": aligned, "alignedat": aligned, "split": aligned, "eqnarray": {columns: []string{"math-right", "", "math-left"}, display: true},
	"gathered": gathered, "gather": gathered, "equation": gathered, "multline": gathered, "displaymath": gathered, "math": {},
	"array": {}, "subarray": {},
}

// environment reads \begin{name} … \end{name}.
func (p *parser) environment() *Node {
	saved := p.bracket
	p.bracket = false
	defer func() { p.bracket = saved }()
	name := p.raw()
	l, known := environments[strings.TrimSuffix(name, "*")]
	if !known {
		return p.fail()
	}
	if p.peek() == "[" && strings.Contains(name, "array") || name == "aligned" && p.peek() == "[" {
		p.option()
	}
	if strings.Contains(name, "array") || name == "alignedat" {
		columns := p.raw()
		if name == "array" && !l.specify(columns) {
			return p.fail()
		}
	}
	rows := p.rows()
	if p.next() != `\end` || p.raw() != name {
		return p.fail()
	}
	return element("mrow", slices.Concat(bracket(l.open), []*Node{l.table(rows)}, bracket(l.close))...)
}

// specify reads how the columns of an array stand.
func (l *layout) specify(columns string) bool {
	bar := ""
	for _, c := range columns {
		switch c {
		case 'l':
			l.columns = append(l.columns, strings.TrimSpace("math-left"+bar))
		case 'r':
			l.columns = append(l.columns, strings.TrimSpace("math-right"+bar))
		case 'c':
			l.columns = append(l.columns, strings.TrimSpace(bar))
		case '|':
			bar = " math-bar"
			continue
		case ' ':
			continue
		default:
			return false
		}
		bar = ""
	}
	return true
}

// table makes a table of rows.
func (l *layout) table(rows []*Node) *Node {
	for _, r := range rows {
		for i, cell := range r.kids {
			if class := l.classOf(i); class != "" {
				cell.with("class", class)
			}
		}
	}
	t := element("mtable", rows...)
	if l.display {
		t.with("displaystyle", "true")
	}
	return t
}

func (l *layout) classOf(column int) string {
	n := len(l.columns)
	switch {
	case n == 0:
		return ""
	case column < n:
		return l.columns[column]
	}
	return l.columns[column%n]
}
