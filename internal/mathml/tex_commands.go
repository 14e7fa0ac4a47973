package mathml

import (
	"maps"
	"slices"
	"strings"
)

// infixes are commands that stand between what they apply to, in a group.
var infixes = map[string]func(above, below *Node) *Node{
	`\over`:   func(a, b *Node) *Node { return element("mfrac", a, b) },
	`\atop`:   func(a, b *Node) *Node { return element("mfrac", a, b).with("linethickness", "0") },
	`\choose`: binomial,
}

// styles are commands that change the size of what follows in a group.
var styles = map[string][]string{
	`\displaystyle`: {"displaystyle", "true", "scriptlevel", "0"}, `\textstyle`: {"displaystyle", "false", "scriptlevel", "0"},
	`\scriptstyle`: {"displaystyle", "false", "scriptlevel", "1"}, `\scriptscriptstyle`: {"displaystyle", "false", "scriptlevel", "2"},
}

// switches are commands that change the type of what follows in a group.
var switches = map[string]variant{
	`\rm`: upright, `\bf`: bold, `\it`: italic, `\cal`: script, `\tt`: monospace, `\sf`: sansSerif,
}

// passedOver are commands that change nothing that a reader needs, with the number of their arguments.
var passedOver = map[string]int{
	`\hline`: 0, `\hfill`: 0, `\nonumber`: 0, `\notag`: 0, `\label`: 1, `\strut`: 0, `\mathstrut`: 0, `\small`: 0, `\large`: 0,
	`\Large`: 0, `\color`: 1, `\/`: 0, `\allowbreak`: 0, `\nobreak`: 0, `\relax`: 0,
}

// types are commands that set the type of their argument.
var types = map[string]variant{
	"mathrm": upright, "mathup": upright, "mathbf": bold, "bold": bold, "mathit": italic, "boldsymbol": boldItalic, "bm": boldItalic,
	"pmb": boldItalic, "mathbb": doubleStruck, "Bbb": doubleStruck, "mathcal": script, "mathscr": script, "mathfrak": fraktur,
	"frak": fraktur, "mathsf": sansSerif, "mathtt": monospace, "mathnormal": plain,
}

// texts are commands whose argument is words, with the type of them.
var texts = map[string]variant{
	"text": plain, "textrm": plain, "textnormal": plain, "mbox": plain, "hbox": plain, "textup": plain, "textbf": bold, "textit": italic,
	"textsf": sansSerif, "texttt": monospace, "emph": italic,
}

// accents are signs over their argument; those that stretch are as wide as it.
var accents = map[string]struct {
	sign     string
	stretchy bool
}{
	"hat": {"^", false}, "widehat": {"^", true}, "tilde": {"~", false}, "widetilde": {"~", true}, "bar": {"¯", false},
	"overline": {"‾", true}, "vec": {"→", false}, "dot": {"˙", false}, "ddot": {"¨", false}, "dddot": {"⃛", false}, "check": {"ˇ", false},
	"breve": {"˘", false}, "acute": {"´", false}, "grave": {"`", false}, "mathring": {"˚", false},
	"overrightarrow": {"→", true}, "overleftarrow": {"←", true}, "overleftrightarrow": {"↔", true}, "overparen": {"⏜", true},
}

// below are signs under their argument, as wide as it.
var below = map[string]string{"underline": "_", "underrightarrow": "→", "underleftarrow": "←"}

// braces are signs that scripts are put to.
var braces = map[string]string{"overbrace": "⏞", "underbrace": "⏟", "overbracket": "⎴", "underbracket": "⎵"}

// arrows stretch to what is written on them.
var arrows = map[string]string{
	"xrightarrow": "→", "xleftarrow": "←", "xRightarrow": "⇒", "xLeftarrow": "⇐", "xleftrightarrow": "↔", "xrightleftharpoons": "⇌",
	"xmapsto": "↦",
}

// sizes are commands that set the height of a bracket, in em.
var sizes = map[string]string{"big": "1.2em", "Big": "1.8em", "bigg": "2.4em", "Bigg": "3em"}

// classes are commands that say as what their argument is to be spaced.
var classes = map[string]class{
	"mathord": ordinary, "mathop": operator, "mathbin": binary, "mathrel": relation, "mathopen": opening, "mathclose": closing,
	"mathpunct": punctuation, "mathinner": ordinary,
}

// commands are those with a way of their own. It is filled at start, since they call what looks them up.
var commands = map[string]func(*parser) *Node{}

func init() {
	maps.Copy(commands, map[string]func(*parser) *Node{
		"frac":         func(p *parser) *Node { return element("mfrac", p.argument(), p.argument()) },
		"dfrac":        func(p *parser) *Node { return sized(element("mfrac", p.argument(), p.argument()), "true") },
		"cfrac":        func(p *parser) *Node { return sized(element("mfrac", p.argument(), p.argument()), "true") },
		"tfrac":        func(p *parser) *Node { return sized(element("mfrac", p.argument(), p.argument()), "false") },
		"binom":        func(p *parser) *Node { return binomial(p.argument(), p.argument()) },
		"dbinom":       func(p *parser) *Node { return sized(binomial(p.argument(), p.argument()), "true") },
		"tbinom":       func(p *parser) *Node { return sized(binomial(p.argument(), p.argument()), "false") },
		"sqrt":         (*parser).root,
		"left":         (*parser).fenced,
		"begin":        (*parser).environment,
		"operatorname": (*parser).operatorName,
		"not":          (*parser).not,
		"hspace":       (*parser).hspace,
		"textcolor":    func(p *parser) *Node { p.raw(); return p.argument() },
		"phantom":      func(p *parser) *Node { return element("mphantom", p.argument()) },
		"hphantom":     func(p *parser) *Node { return element("mphantom", p.argument()) },
		"vphantom":     func(p *parser) *Node { p.argument(); return element("mrow") },
		"smash":        (*parser).argument,
		"boxed":        func(p *parser) *Node { return element("menclose", p.argument()).with("notation", "box") },
		"fbox":         func(p *parser) *Node { return element("menclose", p.words(plain)).with("notation", "box") },
		"overset": func(p *parser) *Node {
			over, n := p.argument(), p.argument()
			return element("mover", n, over).of(n.class)
		},
		"stackrel": func(p *parser) *Node {
			over, n := p.argument(), p.argument()
			return element("mover", n, over).of(relation)
		},
		"underset": func(p *parser) *Node {
			under, n := p.argument(), p.argument()
			return element("munder", n, under).of(n.class)
		},
		"bmod":     func(*parser) *Node { return token("mo", "mod").of(binary) },
		"pmod":     func(p *parser) *Node { return modulus(p.argument(), "(", ")") },
		"mod":      func(p *parser) *Node { return modulus(p.argument(), "", "") },
		"pod":      func(p *parser) *Node { return element("mrow", fence("("), p.argument(), fence(")")) },
		"substack": (*parser).substack,
	})
}

// command reads what follows a command's name. Families of commands are looked up in their tables.
func (p *parser) command(name string) *Node {
	if s, known := commandSymbols[name]; known {
		return p.symbol(s)
	}
	if read, known := commands[name]; known {
		return read(p)
	}
	if width, known := spaces[name]; known {
		return element("mspace").with("width", width)
	}
	if v, known := types[name]; known {
		return p.typed(v)
	}
	if v, known := texts[name]; known {
		return p.words(v)
	}
	if c, known := classes[name]; known {
		n := element("mrow", p.argument()).of(c)
		n.limits = c == operator
		return n
	}
	return p.decorated(name)
}

// decorated reads commands that put a sign to their argument, and brackets of a size.
func (p *parser) decorated(name string) *Node {
	if a, known := accents[name]; known {
		stretchy := map[bool]string{true: "true", false: "false"}[a.stretchy]
		return element("mover", p.argument(), token("mo", a.sign, "stretchy", stretchy)).with("accent", "true")
	}
	if sign, known := below[name]; known {
		return element("munder", p.argument(), token("mo", sign, "stretchy", "true")).with("accentunder", "true")
	}
	if sign, known := braces[name]; known {
		kind := map[bool]string{true: "mover", false: "munder"}[strings.HasPrefix(name, "over")]
		n := element(kind, p.argument(), token("mo", sign, "stretchy", "true"))
		n.limits = true
		return n
	}
	if sign, known := arrows[name]; known {
		return p.arrow(sign)
	}
	if height, known := sizes[strings.TrimRight(name, "lrm")]; known {
		d, ok := delimiters[p.next()]
		if !ok {
			return p.fail()
		}
		return token("mo", d, "fence", "true", "stretchy", "true", "minsize", height, "maxsize", height).of(sideOf(name))
	}
	return p.fail()
}

func sideOf(name string) class {
	switch name[len(name)-1] {
	case 'l':
		return opening
	case 'r':
		return closing
	case 'm':
		return relation
	}
	return ordinary
}

func sized(n *Node, display string) *Node {
	return element("mstyle", n).with("displaystyle", display, "scriptlevel", "0")
}

func fence(sign string) *Node { return token("mo", sign, "fence", "true", "stretchy", "true") }

func binomial(above, below *Node) *Node {
	return element("mrow", fence("("), element("mfrac", above, below).with("linethickness", "0"), fence(")"))
}

func modulus(n *Node, open, end string) *Node {
	kids := []*Node{element("mspace").with("width", "1em")}
	kids = append(kids, bracket(open)...)
	kids = append(kids, token("mi", "mod"), element("mspace").with("width", "0.3333em"), n)
	return element("mrow", append(kids, bracket(end)...)...)
}

func (p *parser) root() *Node {
	if index := p.option(); index != nil {
		return element("mroot", p.argument(), index)
	}
	return element("msqrt", p.argument())
}

// typed reads an argument in a type of its own.
func (p *parser) typed(v variant) *Node {
	saved := p.variant
	p.variant = v
	defer func() { p.variant = saved }()
	return p.argument()
}

// arrow reads what stands below, in brackets, and above an arrow.
func (p *parser) arrow(sign string) *Node {
	n := token("mo", sign, "stretchy", "true").of(relation)
	under := p.option()
	over := p.argument()
	if under == nil {
		return element("mover", n, over).of(relation)
	}
	return element("munderover", n, under, over).of(relation)
}

// fenced reads \left … \right.
func (p *parser) fenced() *Node {
	saved := p.bracket
	p.bracket = false
	defer func() { p.bracket = saved }()
	kids := p.delimiter()
	for {
		kids = append(kids, p.list()...)
		switch p.next() {
		case `\middle`:
			kids = append(kids, p.delimiter()...)
		case `\right`:
			return element("mrow", append(kids, p.delimiter()...)...)
		default:
			return p.fail()
		}
	}
}

// delimiter reads what stands behind \left, \middle or \right: one bracket, or none.
func (p *parser) delimiter() []*Node {
	sign, known := delimiters[p.next()]
	if !known {
		p.fail()
	}
	return bracket(sign)
}

// operatorName reads the name of a function; with a star its scripts are limits.
func (p *parser) operatorName() *Node {
	starred := p.takes("*")
	name := strings.ReplaceAll(p.raw(), `\,`, "\u2009")
	if strings.ContainsAny(name, `\{}$#^_&`) || strings.TrimSpace(name) == "" {
		return p.fail()
	}
	kind := function
	if starred {
		kind = limitName
	}
	return p.symbol(symbol{strings.TrimSpace(name), kind, operator})
}

// not strikes the next sign through.
func (p *parser) not() *Node {
	n := p.argument()
	if n.text == "" {
		return p.fail()
	}
	if n.text == "=" {
		n.text = "≠"
	} else {
		n.text += "\u0338"
	}
	return n.of(relation)
}

func (p *parser) hspace() *Node {
	p.takes("*")
	wide := strings.TrimSpace(p.raw())
	if !width.MatchString(wide) {
		return p.fail()
	}
	return element("mspace").with("width", wide)
}

// wordEscapes are the commands that words may hold.
var wordEscapes = strings.NewReplacer(`\ `, "\u00A0", `\,`, "\u2009", `\%`, "%", `\$`, "$", `\&`, "&", `\#`, "#", `\_`, "_", `\{`, "{",
	`\}`, "}", "~", "\u00A0", "``", "“", "''", "”", "---", "—", "--", "–")

// words reads text, in which formulas may stand between dollars.
func (p *parser) words(v variant) *Node {
	source := p.raw()
	var kids []*Node
	for i, part := range strings.Split(strings.ReplaceAll(source, `\$`, "\x00"), "$") {
		part = strings.ReplaceAll(part, "\x00", `\$`)
		switch {
		case part == "":
		case i%2 == 1:
			kids = append(kids, p.within(part)...)
		default:
			kids = append(kids, p.wordsOf(part, v))
		}
	}
	if strings.Count(strings.ReplaceAll(source, `\$`, ""), "$")%2 == 1 {
		return p.fail()
	}
	return row(kids)
}

// wordsOf is text without formulas. Spaces at its ends count.
func (p *parser) wordsOf(part string, v variant) *Node {
	text := wordEscapes.Replace(part)
	if strings.ContainsAny(strings.NewReplacer(`\{`, "", `\}`, "").Replace(part), "{}") || strings.Contains(text, `\`) {
		return p.fail()
	}
	text = collapse(text)
	if strings.TrimLeft(part, " \n\t") != part {
		text = "\u00A0" + text
	}
	if strings.TrimRight(part, " \n\t") != part && text != "\u00A0" {
		text += "\u00A0"
	}
	return token("mtext", styled(text, v))
}

// within reads a formula that stands in words.
func (p *parser) within(source string) []*Node {
	inner := &parser{src: source, depth: p.depth + 1, nodes: p.nodes}
	list := inner.list()
	p.nodes = inner.nodes
	if inner.failed || inner.peek() != "" {
		p.fail()
	}
	return list
}

// substack reads lines that stand below each other as one script.
func (p *parser) substack() *Node {
	if !p.takes("{") {
		return p.fail()
	}
	rows := p.rows()
	if !p.takes("}") {
		return p.fail()
	}
	return element("mtable", rows...)
}

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
