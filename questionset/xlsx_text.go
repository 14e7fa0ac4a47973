package questionset

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strings"
	"unicode/utf8"
)

// sheetText is what a string or a cell holds, and what is peculiar about it.
type sheetText struct {
	value string
	odd   Code
}

// textReader gathers the text of an element, run by run.
type textReader struct {
	b       strings.Builder
	raised  map[rune]rune // signs of the run, where it stands above or below its line; nil: it does not
	struck  bool          // the run is struck out
	look    runLook       // of the run
	looks   []runLook     // of what was read, each once
	odd     Code
	skipped int // depth within what is no text
}

// runLook is what else sets a run apart from others.
type runLook struct {
	underlined, bold, italic bool
	color                    string // "" for black
}

// mostLooks are so many that one more says nothing new.
const mostLooks = 8

// text reads an element that holds text, of a string or a cell: its own text, that of `t`, and that of
// runs `r`, but not how it is spoken (`rPh`). Of a text that is too long for any question only so much is
// kept that this is seen.
func (s *xmlStream) text() (sheetText, error) {
	var r textReader
	for depth := 1; depth > 0; {
		t, err := s.token()
		if err != nil {
			return sheetText{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			r.start(t)
		case xml.EndElement:
			depth--
			r.skipped = max(r.skipped-1, 0)
		case xml.CharData:
			if r.skipped == 0 {
				r.add(string(t[:min(len(t), max(maxCellText-r.b.Len(), 0))]))
			}
		}
	}
	text := unescapeUnits(r.b.String())
	return sheetText{strings.Clone(text[:min(len(text), MaxText+1)]), r.oddity()}, nil
}

// start takes in how a run looks.
func (r *textReader) start(e xml.StartElement) {
	switch e.Name.Local {
	case "r":
		r.raised, r.struck, r.look = nil, false, runLook{}
	case "vertAlign":
		r.raised = raisedSigns[attr(e, "val")]
	case "strike":
		r.struck = isSet(e)
	case "u":
		r.look.underlined = attr(e, "val") != "none"
	case "b":
		r.look.bold = isSet(e)
	case "i":
		r.look.italic = isSet(e)
	case "color":
		r.look.color = attr(e, "rgb") + attr(e, "theme") + attr(e, "indexed")
		if r.look.color == "FF000000" || attr(e, "theme") == "1" || attr(e, "indexed") == "64" || attr(e, "indexed") == "8" {
			r.look.color = ""
		}
	}
	if e.Name.Local == "rPh" || r.skipped > 0 {
		r.skipped++
	}
}

// isSet reads an element that says yes or no.
func isSet(e xml.StartElement) bool { return attr(e, "val") == "" || isTrue(attr(e, "val")) }

// oddity is what is peculiar about the text: of looks, that its parts have different ones.
func (r *textReader) oddity() Code {
	if r.odd != "" && r.odd != codeSheetRaised || len(r.looks) < 2 {
		return r.odd
	}
	first := r.looks[0].underlined
	if slices.ContainsFunc(r.looks, func(l runLook) bool { return l.underlined != first }) {
		return codeSheetUnderlined
	}
	return cmp.Or(r.odd, codeSheetLooks)
}

// add takes in text of a run. What stands above or below its line is written with signs that do so by themselves,
// as far as there are such.
func (r *textReader) add(text string) {
	if strings.TrimSpace(text) == "" {
		r.b.WriteString(text)
		return
	}
	if len(r.looks) < mostLooks && !slices.Contains(r.looks, r.look) {
		r.looks = append(r.looks, r.look)
	}
	if r.raised != nil {
		moved := strings.Map(func(c rune) rune {
			if sign, has := r.raised[c]; has {
				return sign
			}
			return utf8.RuneError
		}, text)
		if strings.ContainsRune(moved, utf8.RuneError) {
			r.odd = codeRaisedLost
		} else {
			text, r.odd = moved, cmp.Or(r.odd, codeSheetRaised)
		}
	}
	if r.struck {
		r.odd = codeSheetStruck
	}
	r.b.WriteString(text)
}

// raisedSigns are the signs that stand above or below a line by themselves, by the name of the place and the plain sign.
var raisedSigns = map[string]map[rune]rune{
	"superscript": signsOf("0123456789+-−=() abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"),
	"subscript":   signsOf("0123456789+-−=() aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"),
}

func signsOf(plain, moved string) map[rune]rune {
	signs, to := map[rune]rune{}, []rune(moved)
	for i, c := range []rune(plain) {
		signs[c] = to[i]
	}
	return signs
}
