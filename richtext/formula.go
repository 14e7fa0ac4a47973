package richtext

import (
	"strings"

	"shiken/internal/mathml"
)

// maxFormulas bounds the formulas of one text, and the places at which one is looked for. What comes after
// is shown as typed.
const maxFormulas = 1_000

// formula is a formula as it is written in a text, between from and to.
type formula struct {
	from, to int
	tex      string
	display  bool
}

// nextFormula finds the first formula at from or behind it: $…$, $$…$$, \(…\) or \[…\]. tries is how many
// places may still be looked at.
func nextFormula(text string, from int, tries *int) (formula, bool) {
	for i := from; i < len(text)-2 && *tries > 0; i++ {
		switch text[i] {
		case '\\':
			if text[i+1] == '(' || text[i+1] == '[' {
				*tries--
				if f, ok := formulaAt(text, i); ok {
					return f, true
				}
			}
			i++ // what is escaped begins nothing
		case '$':
			*tries--
			if f, ok := formulaAt(text, i); ok {
				return f, true
			}
			for i+1 < len(text) && text[i+1] == '$' { // of several signs only the first is looked at
				i++
			}
		}
	}
	return formula{}, false
}

// formulaAt reads the formula that begins with the sign at i.
func formulaAt(text string, i int) (formula, bool) {
	rest := text[i:]
	rest = rest[:min(len(rest), mathml.MaxSource)]
	switch {
	case strings.HasPrefix(rest, `\(`):
		return between(i, rest, `\)`, false)
	case strings.HasPrefix(rest, `\[`):
		return between(i, rest, `\]`, true)
	case strings.HasPrefix(rest, "$$"):
		return between(i, rest, "$$", true)
	case strings.HasPrefix(rest, "$"):
		return dollars(text, i, rest)
	}
	return formula{}, false
}

// between reads a formula whose ends are two signs long.
func between(i int, rest, end string, display bool) (formula, bool) {
	n := closing(rest[2:], end)
	if n < 0 {
		return formula{}, false
	}
	return formula{from: i, to: i + n + 4, tex: rest[2 : 2+n], display: display}, strings.TrimSpace(rest[2:2+n]) != ""
}

// closing finds what ends a formula, not behind an escaping backslash and not beyond a blank line; -1 when
// it is not there.
func closing(rest, end string) int {
	for i := 0; i+len(end) <= len(rest); i++ {
		switch {
		case strings.HasPrefix(rest[i:], end):
			return i
		case rest[i] == '\\':
			i++
		case strings.HasPrefix(rest[i:], "\n\n"):
			return -1
		}
	}
	return -1
}

// dollars reads a formula between single dollars, which prices and variables of programs have as well. As
// with pandoc, no space stands inside of either and no digit behind the last. And where a letter or a digit
// touches the first, a script or a command begins; where a letter touches the last, no operator ends.
func dollars(text string, i int, rest string) (formula, bool) {
	n := closing(rest[1:], "$")
	if n < 1 {
		return formula{}, false
	}
	tex := rest[1 : 1+n]
	f := formula{from: i, to: i + n + 2, tex: tex}
	var before, behind byte
	if i > 0 {
		before = text[i-1]
	}
	if f.to < len(text) {
		behind = text[f.to]
	}
	switch {
	case strings.IndexByte(" \t\r\n", tex[0]) >= 0 || strings.IndexByte(" \t\r\n", tex[n-1]) >= 0:
	case isDigit(behind) || behind == '$' || before == '$':
	case (isLetter(before) || isDigit(before)) && strings.IndexByte(`\^_`, tex[0]) < 0:
	case isLetter(behind) && !isLetter(tex[n-1]) && !isDigit(tex[n-1]) && strings.IndexByte(")]}'", tex[n-1]) < 0:
	default:
		return f, true
	}
	return formula{}, false
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// eachFormula cuts a text into what stands between formulas and formulas, in order. What looks like a
// formula and cannot be read is text.
func eachFormula(text string, tries *int, words func(string), math func(*mathml.Node)) {
	done := 0
	for at := 0; ; {
		f, found := nextFormula(text, at, tries)
		if !found {
			break
		}
		at = f.to
		n, ok := mathml.TeX(f.tex, f.display)
		if !ok {
			continue
		}
		if f.from > done {
			words(text[done:f.from])
		}
		math(n)
		done = f.to
	}
	if done < len(text) {
		words(text[done:])
	}
}

// mayHoldFormula spares texts without any the trouble.
func mayHoldFormula(text string) bool {
	return strings.Contains(text, "$") || strings.Contains(text, `\(`) || strings.Contains(text, `\[`)
}
