package mathml

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text reads the formula as one line of plain text: for titles, select boxes, and whoever cannot see
// it.
func (n *Node) Text() string {
	return strings.Join(strings.Fields(n.read()), " ")
}

// combining are the accents that can be written over one letter.
var combining = map[string]string{
	"^": "\u0302", "¯": "\u0304", "‾": "\u0304", "~": "\u0303", "→": "\u20D7", "˙": "\u0307", "¨": "\u0308", "ˇ": "\u030C",
}

func (n *Node) read() string {
	switch n.name {
	case "mi", "mn", "mtext":
		return n.text
	case "mo":
		return n.readOperator()
	case "mspace":
		return " "
	case "mphantom":
		return ""
	case "mfrac":
		if n.get("linethickness") == "0" {
			return n.kid(0) + "; " + n.kid(1)
		}
		return n.grouped(0) + "/" + n.grouped(1)
	case "msqrt":
		return "√" + group(n.readKids(""))
	case "mroot":
		return "√[" + n.kid(1) + "]" + n.grouped(0)
	case "mtable":
		return n.readKids("; ")
	case "mtr":
		return n.readKids(", ")
	}
	return n.readScripts()
}

func (n *Node) readScripts() string {
	switch n.name {
	case "msub", "munder":
		return n.set(n.kid(0) + lowered(n.kid(1)))
	case "msup":
		return n.kid(0) + raised(n.kid(1))
	case "mover":
		base, over := n.kid(0), n.kid(1)
		if utf8.RuneCountInString(base) == 1 && combining[over] != "" {
			return base + combining[over]
		}
		return n.set(base + raised(over))
	case "msubsup", "munderover":
		return n.set(n.kid(0) + lowered(n.kid(1)) + raised(n.kid(2)))
	}
	return n.readKids("")
}

// set sets an operator with its scripts apart from what it is applied to.
func (n *Node) set(text string) string {
	if n.class == operator {
		return text + " "
	}
	return text
}

// raised is a superscript. Primes need no sign for it, and braces are none.
func raised(text string) string {
	switch {
	case strings.Trim(text, "′") == "":
		return text
	case strings.Trim(text, "⏞⏟⎴⎵") == "":
		return ""
	}
	return "^" + group(text)
}

// lowered is a subscript.
func lowered(text string) string {
	if strings.Trim(text, "⏞⏟⎴⎵") == "" {
		return ""
	}
	return "_" + group(text)
}

// readOperator sets relations off, and leaves out what is not seen.
func (n *Node) readOperator() string {
	switch {
	case n.text == "\u2061" || n.text == "\u2062" || n.text == "\u2063" || n.text == "\u2064":
		return ""
	case n.text == ",":
		return ", "
	case n.get("form") != "prefix" && (n.class == relation || n.class == binary || strings.Contains("=<>≤≥≠≈≡→⇒∈+−×÷±", n.text)):
		return " " + n.text + " "
	}
	return n.text
}

func (n *Node) readKids(between string) string {
	parts := make([]string, len(n.kids))
	for i, kid := range n.kids {
		parts[i] = kid.read()
	}
	return strings.Join(parts, between)
}

// kid reads the i-th element below, "" when there is none.
func (n *Node) kid(i int) string {
	if i >= len(n.kids) {
		return ""
	}
	return strings.TrimSpace(n.kids[i].read())
}

func (n *Node) grouped(i int) string { return group(n.kid(i)) }

// group puts brackets around what is more than one sign, number or word.
func group(text string) string {
	text = strings.TrimSpace(text)
	whole := strings.HasPrefix(text, "(") && strings.IndexByte(text, ')') == len(text)-1
	if whole || utf8.RuneCountInString(text) <= 1 || all(text, unicode.IsDigit) || all(text, unicode.IsLetter) {
		return text
	}
	return "(" + text + ")"
}

func all(text string, is func(rune) bool) bool {
	return strings.IndexFunc(text, func(c rune) bool { return !is(c) }) < 0
}
