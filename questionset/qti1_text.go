package questionset

import (
	"fmt"
	"html"
	"net/url"
	"path"
	"regexp"
	"strings"

	nethtml "golang.org/x/net/html"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti1Text is a text in pieces, as the material of an element holds it.
type qti1Text struct {
	pieces []qti1Piece
	left   []string // names of material that cannot be shown
}

type qti1Piece struct {
	text  string
	html  bool
	brk   bool // a line ends here
	place int  // of a response: its number from 1
}

// read adds what stands in an element. respond is called for each response in it, and answers with its
// number; nil when there can be none.
func (t *qti1Text) read(n *xmltree.Node, respond func(*xmltree.Node) int) {
	for _, e := range n.Elements() {
		switch {
		case e.Name == "material" || e.Name == "material_ref" || e.Name == "material_variant" || e.Name == "altmaterial":
			t.material(e)
		case isResponse(e) && respond != nil:
			t.pieces = append(t.pieces, qti1Piece{place: respond(e)})
		case isResponse(e):
		case e.Name == "flow" || e.Name == "flow_mat":
			t.breakLine()
			t.read(e, respond)
			t.breakLine()
		default:
			t.read(e, respond)
		}
	}
}

func (t *qti1Text) breakLine() {
	if len(t.pieces) > 0 && !t.pieces[len(t.pieces)-1].brk {
		t.pieces = append(t.pieces, qti1Piece{brk: true})
	}
}

// material adds the content of a material element.
func (t *qti1Text) material(m *xmltree.Node) {
	for _, e := range m.Elements() {
		switch e.Name {
		case "mattext", "matemtext", "mat_formattedtext":
			t.mattext(e)
		case "matbreak":
			t.breakLine()
		case "matimage":
			t.media("<img src=%s alt=%s>", e)
		case "mataudio":
			t.media("<audio controls src=%s title=%s></audio>", e)
		case "matvideo", "matapplet", "matapplication", "mat_ref", "matref":
			t.left = append(t.left, e.Name)
		case "qticomment", "altmaterial":
		default: // mat_extension, flow_mat and the like
			t.material(e)
		}
	}
}

// markup tells HTML in a text that does not say what it is.
var markup = regexp.MustCompile(`(?i)</?(?:p|div|span|br|b|i|u|em|strong|sub|sup|code|pre|a|img|ul|ol|li|table|tr|td|h[1-6]|font)\b[^<>]*>`)

func (t *qti1Text) mattext(e *xmltree.Node) {
	kind := strings.ToLower(e.Attr("texttype") + e.Attr("type"))
	piece := qti1Piece{text: e.String()}
	switch {
	case len(e.Elements()) > 0:
		piece.text, piece.html = e.InnerHTML(nil), true
	case strings.Contains(kind, "html"):
		piece.html = true
	case !strings.Contains(kind, "plain"):
		piece.html = markup.MatchString(piece.text)
	}
	if e.Name == "matemtext" {
		if !piece.html {
			piece.text = html.EscapeString(piece.text)
		}
		piece.text, piece.html = "<em>"+piece.text+"</em>", true
	}
	if piece.text != "" {
		t.pieces = append(t.pieces, piece)
	}
}

func (t *qti1Text) media(form string, e *xmltree.Node) {
	src := e.Attr("uri")
	if src == "" && strings.TrimSpace(e.String()) == "" {
		return // Sakai writes one beside every text
	}
	if strings.EqualFold(e.Attr("embedded"), "base64") {
		src = "data:;base64," + e.String()
	}
	quote := func(s string) string { return `"` + html.EscapeString(s) + `"` }
	t.pieces = append(t.pieces, qti1Piece{text: fmt.Sprintf(form, quote(src), quote(e.Attr("label"))), html: true})
}

// render makes one text of the pieces: HTML when any is. mark gives what stands at the place of a
// response, "" for nothing; nil gives nothing anywhere.
func (t *qti1Text) render(mark func(n int) string) exam.Text {
	asHTML := false
	for _, p := range t.pieces {
		asHTML = asHTML || p.html
	}
	var b strings.Builder
	for _, p := range t.pieces {
		switch {
		case p.place > 0 && mark != nil:
			b.WriteString(mark(p.place))
		case p.brk && asHTML:
			b.WriteString("<br>\n")
		case p.brk:
			b.WriteString("\n")
		case asHTML && !p.html:
			b.WriteString(strings.ReplaceAll(html.EscapeString(p.text), "\n", "<br>\n"))
		default:
			b.WriteString(p.text)
		}
	}
	return tidyText(b.String(), asHTML)
}

var outerBreaks = regexp.MustCompile(`^(?:\s|<br>)+|(?:\s|<br>)+$`)

func tidyText(s string, asHTML bool) exam.Text {
	if !asHTML {
		return exam.Text{Source: trimLines(strings.TrimSpace(s))}
	}
	s = equations(outerBreaks.ReplaceAllString(s, ""))
	if s == "" {
		return exam.Text{}
	}
	return exam.Text{Format: exam.HTML, Source: s}
}

// equations writes Canvas's pictures of formulas, which its own server draws, as the formulas they are.
func equations(s string) string {
	if !strings.Contains(s, "equation_image") {
		return s
	}
	var b strings.Builder
	z := nethtml.NewTokenizer(strings.NewReader(s))
	for {
		kind := z.Next()
		if kind == nethtml.ErrorToken {
			return b.String()
		}
		raw := string(z.Raw())
		if latex := latexOf(z.Token()); latex != "" {
			raw = html.EscapeString(`\(` + latex + `\)`)
		}
		b.WriteString(raw)
	}
}

// latexOf is the formula that a picture of Canvas shows, "" when it shows none.
func latexOf(t nethtml.Token) string {
	if t.Data != "img" {
		return ""
	}
	attrs := map[string]string{}
	for _, a := range t.Attr {
		attrs[a.Key] = a.Val
	}
	if !strings.Contains(attrs["class"], "equation_image") {
		return ""
	}
	if s := attrs["data-equation-content"]; s != "" {
		return s
	}
	if s, ok := strings.CutPrefix(attrs["alt"], "LaTeX: "); ok {
		return s
	}
	return attrs["title"]
}

// ofPackage tells links to files of the package, which are not taken over.
var ofPackage = regexp.MustCompile(`(?i)href\s*=\s*["'](?:\$|%24)(?:IMS|CANVAS|WIKI)`)

// link takes the media of a text over, and judges what is left.
func (q *qti1Reader) link(at place, t exam.Text) exam.Text {
	if t.Format == exam.HTML {
		if ofPackage.MatchString(t.Source) {
			q.file.Report.warning(at, codeQTI1Link)
		}
		t.Source = q.file.linkMedia(at, t.Source, q.find)
	} else if isMarkedUp(t.Source) {
		q.file.Report.warning(at, codeQTI1PlainTags, "text", t.Source)
	}
	return t
}

// isMarkedUp reports whether a plain text holds tags of HTML, all of them closed.
func isMarkedUp(text string) bool {
	if !markup.MatchString(text) {
		return false
	}
	h := readHTML(&cdataRun{parent: &xmltree.Node{}, text: text}, xmltree.MaxNodes, func(string) ([]byte, bool) { return nil, false })
	return h.sound && h.proof
}

// fileBase is how texts name the folder of the files of a package.
var fileBase = regexp.MustCompile(`(?i)^\$IMS[-_]CC[-_]FILE_?BASE\$/?`)

// qti1Media finds media in a package for a document in dir: as the address stands, in the folders where
// Canvas and Blackboard keep files, and where only one path of the package ends so.
func (b *bundle) qti1Media(dir string) func(string) ([]byte, bool) {
	find := b.mediaIn(dir)
	return func(src string) ([]byte, bool) {
		if plain, err := url.PathUnescape(src); err == nil && strings.HasPrefix(plain, "$") {
			src = plain
		}
		src = strings.TrimLeft(fileBase.ReplaceAllString(src, ""), "/")
		for _, folder := range []string{"", "web_resources", "csfiles/home_dir"} {
			if data, ok := find(path.Join(folder, src)); ok {
				return data, true
			}
		}
		if only := b.endingIn(src); only != "" {
			data, err := b.read(only)
			return data, err == nil
		}
		return nil, false
	}
}

// endingIn is the only path of the package that ends in a path, "" when there is none, or several.
func (b *bundle) endingIn(end string) string {
	found := ""
	for _, name := range b.names {
		if end != "" && strings.HasSuffix(name, "/"+end) {
			if found != "" {
				return ""
			}
			found = name
		}
	}
	return found
}

// qti1Plain is a text as one reads it, without markup.
func qti1Plain(t exam.Text) string {
	if t.Format != exam.HTML {
		return t.Source
	}
	var b strings.Builder
	z := nethtml.NewTokenizer(strings.NewReader(t.Source))
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case nethtml.TextToken:
			b.WriteString(string(z.Text()))
		}
	}
}
