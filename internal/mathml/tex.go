package mathml

import (
	"slices"
	"strings"
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
