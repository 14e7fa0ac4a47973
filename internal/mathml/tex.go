package mathml

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TeX reads a formula in the mathematics of LaTeX, without the signs that mark its ends. It reports false
// for what it cannot read whole: an unknown command, a brace too many, what is too long or nested too
// deep. Commands are those that write mathematics; none of them defines others, reads files or repeats.
func TeX(source string, display bool) (*Node, bool) {
	if len(source) > MaxSource || !utf8.ValidString(source) || strings.TrimSpace(source) == "" {
		return nil, false
	}
	p := &parser{src: widths.Replace(source)}
	rows := p.rows()
	if p.failed || p.peek() != "" {
		return nil, false
	}
	math := element("math")
	if display {
		math.with("display", "block")
	}
	if len(rows) == 1 && len(rows[0].kids) == 1 {
		math.kids = rows[0].kids[0].kids
	} else {
		math.kids = []*Node{aligned.table(rows)}
	}
	return math, len(math.kids) > 0
}

// widths are characters that files have for spaces, and for signs of ASCII.
var widths = strings.NewReplacer("\u00A0", " ", "\u3000", " ", "\u2009", " ", "\u200B", "", "\uFEFF", "", "＝", "=", "＋", "+", "（", "(", "）", ")")

// parser reads TeX. Once it has failed it reads nothing more, and what it returns means nothing.
type parser struct {
	src     string
	pos     int
	depth   int
	nodes   int
	variant variant
	bracket bool // a ] ends the list
	failed  bool
}

// fail gives up. What it returns can be put anywhere.
func (p *parser) fail() *Node {
	p.failed = true
	p.pos = len(p.src)
	return element("mrow")
}

// peek is the next token: a command with its backslash, or a character. "" is the end.
func (p *parser) peek() string {
	for p.pos < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.pos]) >= 0 {
		p.pos++
	}
	rest := p.src[p.pos:]
	if rest == "" {
		return ""
	}
	_, size := utf8.DecodeRuneInString(rest)
	if rest[0] != '\\' || len(rest) == 1 {
		return rest[:size]
	}
	end := 1
	for end < len(rest) && isLetter(rest[end]) {
		end++
	}
	if end == 1 {
		_, size = utf8.DecodeRuneInString(rest[1:])
		return rest[:1+size]
	}
	return rest[:end]
}

func (p *parser) next() string {
	t := p.peek()
	p.pos += len(t)
	return t
}

// takes reads a token if it is this one.
func (p *parser) takes(t string) bool {
	if p.peek() != t {
		return false
	}
	p.next()
	return true
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// ends lists the tokens that end a list. Who began the list knows which of them it wants.
var ends = []string{"", "}", "&", `\\`, `\cr`, `\newline`, `\right`, `\middle`, `\end`}

// rows reads rows of cells up to what ends a table. A last row without anything is none.
func (p *parser) rows() []*Node {
	rows := []*Node{element("mtr")}
	for !p.failed {
		last := rows[len(rows)-1]
		last.kids = append(last.kids, element("mtd", p.list()...))
		switch p.peek() {
		case "&":
			p.next()
		case `\\`, `\cr`, `\newline`:
			p.next()
			if p.peek() == "[" {
				p.lengthInBrackets()
			}
			rows = append(rows, element("mtr"))
		default:
			if len(rows) > 1 && len(last.kids) == 1 && len(last.kids[0].kids) == 0 {
				rows = rows[:len(rows)-1]
			}
			return rows
		}
	}
	return rows
}

// lengthInBrackets passes over the distance that may follow the end of a row; any other bracket belongs
// to the next one.
func (p *parser) lengthInBrackets() {
	inner, _, closed := strings.Cut(p.src[p.pos+1:], "]")
	if closed && len(inner) < 12 && len(strings.TrimSpace(inner)) > 2 && strings.Trim(inner, "-. 0123456789ptexmcin") == "" {
		p.pos += len(inner) + 2
	}
}

// list reads elements up to what ends them, which it leaves.
func (p *parser) list() []*Node {
	saved := p.variant
	defer func() { p.variant = saved; p.depth-- }()
	if p.depth++; p.depth > maxDepth {
		p.fail()
	}
	var out []*Node
	for !p.failed {
		t := p.peek()
		if slices.Contains(ends, t) || t == "]" && p.bracket {
			break
		}
		if infix, is := infixes[t]; is {
			p.next()
			return []*Node{infix(row(out), row(p.list()))}
		}
		if style, is := styles[t]; is {
			p.next()
			return append(out, element("mstyle", p.list()...).with(style...))
		}
		if v, is := switches[t]; is {
			p.next()
			p.variant = v
			continue
		}
		if arguments, is := passedOver[t]; is {
			p.next()
			for range arguments {
				p.raw()
			}
			continue
		}
		out = p.add(out, p.scripted())
	}
	return out
}

// add puts an element behind others. A sign before a number is no operation, and a name needs some space.
func (p *parser) add(out []*Node, n *Node) []*Node {
	if n.name == "mo" && n.class == binary && strings.Contains("+−±∓", n.text) && begins(out) {
		n.with("form", "prefix").of(ordinary)
	}
	out = append(out, n)
	if !n.isName {
		return out
	}
	out = append(out, token("mo", "\u2061"))
	if t := p.peek(); t != "" && (isLetter(t[0]) || isDigit(t[0]) || t == "{" || commandSymbols[strings.TrimPrefix(t, `\`)].kind == letter && len(t) > 2) {
		out = append(out, element("mspace").with("width", spaces["thinspace"]))
	}
	return out
}

// begins reports whether an operand is still to come.
func begins(out []*Node) bool {
	if len(out) == 0 {
		return true
	}
	switch out[len(out)-1].class {
	case operator, binary, relation, opening, punctuation:
		return true
	}
	return false
}

// scripted reads an element with what stands below and above it.
func (p *parser) scripted() *Node {
	base := element("mrow")
	if t := p.peek(); t != "^" && t != "_" && t != "'" && t != "′" {
		base = p.atom()
	}
	var below, above *Node
	primes := ""
	for !p.failed {
		switch t := p.peek(); {
		case t == `\limits` || t == `\nolimits`:
			p.next()
			base.limits = t == `\limits`
		case t == "'" || t == "′":
			p.next()
			primes += "′"
		case t == "_" && below == nil:
			p.next()
			below = p.argument()
		case t == "^" && above == nil:
			p.next()
			above = p.argument()
		case t == "_" || t == "^":
			p.fail()
		default:
			return attach(base, below, above, primes)
		}
	}
	return base
}

// attach puts scripts to a base.
func attach(base, below, above *Node, primes string) *Node {
	if primes != "" {
		prime := token("mo", primes)
		if above != nil {
			prime = element("mrow", prime, above)
		}
		above = prime
	}
	var n *Node
	names := [3]string{"msub", "msup", "msubsup"}
	if base.limits {
		names = [3]string{"munder", "mover", "munderover"}
	}
	switch {
	case below == nil && above == nil:
		return base
	case above == nil:
		n = element(names[0], base, below)
	case below == nil:
		n = element(names[1], base, above)
	default:
		n = element(names[2], base, below, above)
	}
	n.class, n.isName = base.class, base.isName
	return n
}

// argument reads what a command or a script applies to: a group, or one token.
func (p *parser) argument() *Node {
	t := p.peek()
	switch {
	case slices.Contains(ends, t) || t == "^" || t == "_":
		return p.fail()
	case isDigit(t[0]):
		p.next()
		return token("mn", styled(t, p.variant))
	case isLetter(t[0]):
		p.next()
		return p.letters(t)
	}
	return p.atom()
}

// group reads { … }.
func (p *parser) group() []*Node {
	saved := p.bracket
	p.bracket = false
	if !p.takes("{") {
		p.fail()
	}
	list := p.list()
	if !p.takes("}") {
		p.fail()
	}
	p.bracket = saved
	return list
}

// option reads [ … ]; nil when there is none.
func (p *parser) option() *Node {
	if !p.takes("[") {
		return nil
	}
	saved := p.bracket
	p.bracket = true
	list := p.list()
	p.bracket = saved
	if !p.takes("]") {
		p.fail()
	}
	return row(list)
}

// raw reads { … } as it is written.
func (p *parser) raw() string {
	if !p.takes("{") {
		p.fail()
		return ""
	}
	depth, begin := 1, p.pos
	for i := begin; i < len(p.src); i++ {
		switch p.src[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				p.pos = i + 1
				return p.src[begin:i]
			}
		}
	}
	p.fail()
	return ""
}

// atom reads one element without scripts.
func (p *parser) atom() *Node {
	p.depth++
	defer func() { p.depth-- }()
	if p.nodes++; p.nodes > maxNodes || p.depth > maxDepth {
		return p.fail()
	}
	t := p.peek()
	c, _ := utf8.DecodeRuneInString(t)
	switch {
	case slices.Contains(ends, t) || strings.Contains("^_'′", t):
		return p.fail()
	case t == "{":
		return row(p.group())
	case t[0] == '\\':
		p.next()
		return p.command(t[1:])
	case isDigit(t[0]) || t == "." && p.digitFollows():
		return p.number()
	case isLetter(t[0]):
		return p.word()
	case t == "~":
		p.next()
		return element("mspace").with("width", spaces["~"])
	case strings.Contains("$#\\\x00", t):
		return p.fail()
	case isIdeograph(c):
		return p.ideographs()
	}
	p.next()
	return p.character(c)
}

// character is the element of a character that stands for itself.
func (p *parser) character(c rune) *Node {
	if s, known := signs[c]; known {
		return p.symbol(s)
	}
	switch {
	case unicode.IsLetter(c):
		return p.letters(string(c))
	case unicode.IsDigit(c):
		return token("mn", string(c))
	case unicode.IsControl(c) || c == utf8.RuneError || unicode.Is(unicode.Cf, c):
		return p.fail()
	}
	return token("mo", string(c))
}

func (p *parser) digitFollows() bool { return p.pos+1 < len(p.src) && isDigit(p.src[p.pos+1]) }

// number reads digits with at most one point among them.
func (p *parser) number() *Node {
	begin, point := p.pos, false
	for p.pos < len(p.src) && (isDigit(p.src[p.pos]) || !point && p.src[p.pos] == '.' && p.digitFollows()) {
		point = point || p.src[p.pos] == '.'
		p.pos++
	}
	return token("mn", styled(p.src[begin:p.pos], p.variant))
}

// word reads a letter; in upright type letters that touch are one word.
func (p *parser) word() *Node {
	begin := p.pos
	p.pos++
	for p.variant == upright && p.pos < len(p.src) && isLetter(p.src[p.pos]) {
		p.pos++
	}
	return p.letters(p.src[begin:p.pos])
}

// letters is an identifier in the current type. One letter is slanted by itself, several are not.
func (p *parser) letters(text string) *Node {
	n := token("mi", styled(text, p.variant))
	if p.variant == upright && utf8.RuneCountInString(text) == 1 {
		n.with("mathvariant", "normal")
	}
	return n
}

// isIdeograph tells the characters of Japanese, Chinese and Korean, which are words within a formula.
func isIdeograph(c rune) bool {
	return unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || c == 'ー' || c == '、' || c == '。'
}

func (p *parser) ideographs() *Node {
	begin := p.pos
	for p.pos < len(p.src) {
		c, size := utf8.DecodeRuneInString(p.src[p.pos:])
		if !isIdeograph(c) {
			break
		}
		p.pos += size
	}
	return token("mtext", p.src[begin:p.pos])
}

// symbol is the element of a symbol.
func (p *parser) symbol(s symbol) *Node {
	switch s.kind {
	case letter:
		return p.letters(s.text)
	case uprightSign:
		if p.variant != plain {
			return token("mi", styled(s.text, p.variant))
		}
		return token("mi", s.text, "mathvariant", "normal")
	case largeSign:
		n := token("mo", s.text, "movablelimits", "true").of(s.class)
		n.limits = true
		return n
	case function:
		n := token("mi", s.text).of(s.class)
		n.isName = true
		return n
	case limitName:
		n := token("mo", s.text, "movablelimits", "true", "lspace", "0", "rspace", "0").of(s.class)
		n.limits, n.isName = true, true
		return n
	}
	n := token("mo", s.text).of(s.class)
	switch {
	case s.class == opening || s.class == closing || s.text == "/":
		n.with("stretchy", "false")
	case s.class == ordinary:
		n.with("stretchy", "false", "lspace", "0", "rspace", "0")
	}
	return n
}
