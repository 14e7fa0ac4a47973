package mathml

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

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
