package richtext

import (
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
)

// maxStyledWithin bounds how far above an end tag its start tag is looked for.
const maxStyledWithin = 64

// presentNames are the names that elements of older HTML have now.
var presentNames = map[string]string{"strike": "s", "tt": "code", "acronym": "abbr"}

// mayWrap lists the elements whose content may be wrapped as their style says.
var mayWrap = []string{
	"span", "p", "div", "font", "label", "li", "dt", "dd", "td", "th", "blockquote", "b", "strong", "i", "em", "u", "s", "sub", "sup", "code",
}

// listTypes are the attributes of the types of lists in CSS.
var listTypes = map[string]string{
	"decimal": "1", "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I",
}

// withStyles gives HTML in which elements say what inline styles said: underlined, struck out, bold, slanting,
// raised and lowered words, and the letters of lists. Editors write these as styles, which the policy takes away,
// while a question may ask for "the underlined word".
func withStyles(source string) string {
	if !mayHoldStyles(source) {
		return source
	}
	s := styler{}
	z := xhtml.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return s.out.String()
		case xhtml.StartTagToken:
			raw := string(z.Raw())
			s.start(z.Token(), raw)
		case xhtml.EndTagToken:
			raw := string(z.Raw())
			s.end(z.Token(), raw)
		default:
			s.out.Write(z.Raw())
		}
	}
}

func mayHoldStyles(source string) bool {
	return containsFold(source, "style") || containsFold(source, "<strike") || containsFold(source, "<tt") || containsFold(source, "<acronym")
}

// containsFold finds a word of ASCII letters in any case.
func containsFold(s, word string) bool {
	for i := 0; i+len(word) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// styler writes a text anew.
type styler struct {
	out  strings.Builder
	open []styledElement
}

// styledElement is an element that is not ended yet, with the elements that were put around its content.
type styledElement struct {
	name  string
	added []string
}

func (s *styler) start(t xhtml.Token, raw string) {
	name := t.Data
	added, list := stylesOf(&t)
	now, renamed := presentNames[name]
	switch {
	case renamed || list:
		if renamed {
			t.Data = now
		}
		s.out.WriteString(t.String())
	default:
		s.out.WriteString(raw)
	}
	for _, e := range added {
		s.out.WriteString("<" + e + ">")
	}
	// Elements below one that was wrapped are followed, too: their end tags are not its own.
	if len(added) > 0 || renamed || len(s.open) > 0 && !isVoid(name) {
		s.open = append(s.open, styledElement{name, added})
	}
}

func (s *styler) end(t xhtml.Token, raw string) {
	least := max(0, len(s.open)-maxStyledWithin)
	for i := len(s.open) - 1; i >= least; i-- {
		if s.open[i].name == t.Data {
			s.closeDownTo(i)
			break
		}
	}
	if now, renamed := presentNames[t.Data]; renamed {
		raw = "</" + now + ">"
	}
	s.out.WriteString(raw)
}

// closeDownTo ends what was put into the elements from i on, the innermost first.
func (s *styler) closeDownTo(i int) {
	for k := len(s.open) - 1; k >= i; k-- {
		for _, e := range slices.Backward(s.open[k].added) {
			s.out.WriteString("</" + e + ">")
		}
	}
	s.open = s.open[:i]
}

// stylesOf reads the style of an element: what its content is wrapped in, and whether the type of its list was set.
func stylesOf(t *xhtml.Token) (added []string, list bool) {
	style := attributeOf(t, "style")
	if style == "" {
		return nil, false
	}
	for property, value := range declarations(style) {
		if t.Data == "ol" {
			list = setListType(t, property, value) || list
			continue
		}
		if e := elementOf(property, value); e != "" && slices.Contains(mayWrap, t.Data) && e != t.Data && !slices.Contains(added, e) {
			added = append(added, e)
		}
	}
	return added, list
}

func attributeOf(t *xhtml.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// declarations yields the properties of a style attribute, in lower case.
func declarations(style string) func(func(property, value string) bool) {
	return func(yield func(string, string) bool) {
		for _, d := range strings.Split(strings.ToLower(style), ";") {
			property, value, ok := strings.Cut(d, ":")
			value, _, _ = strings.Cut(value, "!")
			if ok && !yield(strings.TrimSpace(property), strings.TrimSpace(value)) {
				return
			}
		}
	}
}

// elementOf is the element that says what a declaration does, if there is one.
func elementOf(property, value string) string {
	words := strings.Fields(value)
	has := func(any ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(any, w) })
	}
	switch property {
	case "text-decoration", "text-decoration-line":
		if has("underline") {
			return "u"
		}
		if has("line-through") {
			return "s"
		}
	case "font-weight":
		if has("bold", "bolder", "600", "700", "800", "900") {
			return "b"
		}
	case "font-style":
		if has("italic", "oblique") {
			return "i"
		}
	case "vertical-align":
		if has("super") {
			return "sup"
		}
		if has("sub") {
			return "sub"
		}
	}
	return ""
}

// setListType writes the type of a list as its attribute.
func setListType(t *xhtml.Token, property, value string) bool {
	if property != "list-style-type" && property != "list-style" {
		return false
	}
	for _, word := range strings.Fields(value) {
		if kind, known := listTypes[word]; known {
			t.Attr = append(slices.DeleteFunc(t.Attr, func(a xhtml.Attribute) bool { return a.Key == "type" }), xhtml.Attribute{Key: "type", Val: kind})
			return true
		}
	}
	return false
}

func isVoid(name string) bool {
	switch name {
	case "br", "hr", "img", "wbr", "input", "source", "col", "area", "embed", "link", "meta", "param", "track", "base":
		return true
	}
	return false
}
