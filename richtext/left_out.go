package richtext

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	xhtml "golang.org/x/net/html"

	"shiken/exam"
)

// LeftOut is what a text says in its HTML and no page shows.
type LeftOut struct {
	// Elements are those that are left out, sorted: of HTML those that go with all that they hold, such as
	// "iframe", scripts in attributes and addresses counting as "script"; of Markdown every one.
	Elements []string
	// Colours: words are told apart by colours.
	Colours bool
	// Hidden: a style hides a part of the text, which is shown.
	Hidden bool
}

// removed lists the elements whose content the policy takes away, or that mean nothing without a script.
var removed = []string{
	"script", "iframe", "frame", "object", "embed", "applet", "svg", "canvas", "form", "input", "select", "textarea", "button", "noscript", "template",
}

// mayBeLeftOut says whether a text is worth looking at.
var mayBeLeftOut = regexp.MustCompile(`(?i)<(?:` + strings.Join(removed, "|") + `)\b|\son[a-z]+\s*=|javascript:|colou?r|background|display|visibility|\shidden`)

// rawTag is the name of an element within Markdown, of which no raw HTML is shown.
var rawTag = regexp.MustCompile(`<([A-Za-z][A-Za-z0-9-]*)`)

// LeftOutOf tells what of a text is not shown.
func LeftOutOf(t exam.Text) LeftOut {
	switch {
	case len(t.Source) > MaxSource:
	case t.Format == exam.Markdown && rawTag.MatchString(t.Source):
		return LeftOut{Elements: rawElements([]byte(t.Source))}
	case t.Format == exam.HTML && mayBeLeftOut.MatchString(t.Source):
		return leftOutOfHTML(t.Source)
	}
	return LeftOut{}
}

// rawElements lists the elements that a Markdown text holds outside of code.
func rawElements(source []byte) []string {
	found := map[string]bool{}
	document := markdown.Parser().Parse(text.NewReader(source))
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker never fails
		if !entering {
			return ast.WalkContinue, nil
		}
		var lines *text.Segments
		switch n := n.(type) {
		case *ast.RawHTML:
			lines = n.Segments
		case *ast.HTMLBlock:
			lines = n.Lines()
		default:
			return ast.WalkContinue, nil
		}
		for i := range lines.Len() {
			at := lines.At(i)
			for _, tag := range rawTag.FindAllSubmatch(at.Value(source), -1) {
				found[strings.ToLower(string(tag[1]))] = true
			}
		}
		return ast.WalkContinue, nil
	})
	return slices.Sorted(maps.Keys(found))
}

func leftOutOfHTML(source string) LeftOut {
	var out LeftOut
	elements := map[string]bool{}
	z := xhtml.NewTokenizer(strings.NewReader(source))
	for kind := z.Next(); kind != xhtml.ErrorToken; kind = z.Next() {
		if kind == xhtml.StartTagToken || kind == xhtml.SelfClosingTagToken {
			token := z.Token()
			if slices.Contains(removed, token.Data) {
				elements[token.Data] = true
			}
			out.attributes(&token, elements)
		}
	}
	out.Elements = slices.Sorted(maps.Keys(elements))
	return out
}

func (o *LeftOut) attributes(t *xhtml.Token, elements map[string]bool) {
	for _, a := range t.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on"), (a.Key == "href" || a.Key == "src") && isScript(a.Val):
			elements["script"] = true
		case a.Key == "hidden":
			o.Hidden = true
		case a.Key == "color", a.Key == "bgcolor":
			o.Colours = o.Colours || tellsApart(strings.ToLower(a.Val))
		case a.Key == "style":
			o.style(a.Val)
		}
	}
}

func isScript(address string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(address)), "javascript:")
}

func (o *LeftOut) style(style string) {
	for property, value := range declarations(style) {
		switch property {
		case "color", "background-color", "background":
			o.Colours = o.Colours || tellsApart(value)
		case "display":
			o.Hidden = o.Hidden || value == "none"
		case "visibility":
			o.Hidden = o.Hidden || value == "hidden"
		}
	}
}

// named lists colours by name that a reader would speak of. Others are rare in texts, and the greys tell nothing apart.
var named = []string{
	"red", "green", "blue", "yellow", "orange", "purple", "violet", "pink", "brown", "cyan", "aqua", "magenta", "fuchsia",
	"lime", "maroon", "navy", "olive", "teal", "gold", "crimson", "darkred", "darkgreen", "darkblue", "lightgreen", "lightblue",
}

var (
	hexColour = regexp.MustCompile(`^#(?:([0-9a-f])([0-9a-f])([0-9a-f])|([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2}))$`)
	rgbColour = regexp.MustCompile(`^rgba?\(\s*([0-9]{1,3})[\s,]+([0-9]{1,3})[\s,]+([0-9]{1,3})`)
)

// tellsApart reports whether a value of CSS is a colour that is no shade of grey.
func tellsApart(value string) bool {
	if slices.Contains(named, value) {
		return true
	}
	parts, base := hexColour.FindStringSubmatch(value), 16
	if parts == nil {
		parts, base = rgbColour.FindStringSubmatch(value), 10
	}
	var shares []int64
	for _, part := range parts[min(1, len(parts)):] {
		if part == "" {
			continue
		}
		n, _ := strconv.ParseInt(part, base, 32) // the pattern admits only numbers
		if base == 16 && len(part) == 1 {
			n *= 17
		}
		shares = append(shares, n)
	}
	return len(shares) > 0 && slices.Max(shares)-slices.Min(shares) > faintest
}

// faintest is the difference of the shares of a colour below which it passes for grey, of 255.
const faintest = 48
