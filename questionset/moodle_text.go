package questionset

import (
	"encoding/base64"
	"html"
	"net/url"
	"path"
	"regexp"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// formWiki is a format that Moodle no longer reads; here it is plain text.
const formWiki textForm = "wiki"

var moodleForms = map[string]textForm{
	"html": formatHTML, "moodle_auto_format": formatMoodle, "plain_text": formatPlain, "markdown": formatMarkdown,
	"wiki_like": formWiki,
}

// formOf is the format of a text; known is false for one that Moodle does not have.
func formOf(n *xmltree.Node, absent textForm) (form textForm, known bool) {
	if n == nil || strings.TrimSpace(n.Attr("format")) == "" {
		return absent, true
	}
	form, known = moodleForms[strings.TrimSpace(n.Attr("format"))]
	if !known {
		return formatHTML, false
	}
	return form, true
}

// judgedForm reports a format that is not known, or no longer.
func (q *moodleQuestion) judgedForm(n *xmltree.Node) textForm {
	form, known := formOf(n, q.form)
	switch {
	case !known:
		q.report.warning(q.at(n), codeMoodleForm, "format", n.Attr("format"))
	case form == formWiki:
		q.report.warning(q.at(n), codeMoodleWiki)
	}
	return form
}

// text reads a text with its files. Of nil it is empty.
func (q *moodleQuestion) text(n *xmltree.Node) exam.Text {
	source := q.written(n)
	if source == "" {
		return exam.Text{}
	}
	t := textOf(q.judgedForm(n), source)
	t.Source = q.linked(n, t)
	if !q.report.checkText(q.at(n), t.Source, MaxText) {
		q.broken = true
	}
	return t
}

// written is what stands in a text. Elements in it are HTML that was not escaped.
func (q *moodleQuestion) written(n *xmltree.Node) string {
	if n == nil {
		return ""
	}
	t := n.Child("text")
	if t == nil { // an old form
		return strings.TrimSpace(ownText(n))
	}
	if len(t.Elements()) > 0 {
		q.report.warning(q.at(n), codeMoodleUnescaped)
		return strings.TrimSpace(t.InnerHTML(nil))
	}
	return strings.TrimSpace(t.String())
}

// ownText is the text in an element without that of the elements in it.
func ownText(n *xmltree.Node) string {
	var b strings.Builder
	for _, c := range n.Children {
		b.WriteString(c.Text)
	}
	return b.String()
}

// plain reads an answer to be typed: no format, no files.
func (q *moodleQuestion) plain(n *xmltree.Node) string {
	s := strings.TrimSpace(ownText(n))
	if t := n.Child("text"); t != nil {
		s = strings.TrimSpace(t.String())
	}
	if !q.report.checkText(q.at(n), s, MaxText) {
		q.broken = true
	}
	return s
}

// moodleFile stands in Moodle's texts for the place of its files.
const moodleFile = "@@PLUGINFILE@@"

// markdownFile finds a picture in Markdown.
var markdownFile = regexp.MustCompile(moodleFile + `/[^\s()<>"']+`)

// linked makes the addresses of a text's files those of media.
func (q *moodleQuestion) linked(n *xmltree.Node, t exam.Text) string {
	if q.files == nil {
		q.files = &fileSet{}
		q.files.add(q.node)
	}
	files := moodleFiles(n, q.files)
	find := func(src string) ([]byte, bool) { return files.find(src) }
	source := t.Source
	switch t.Format {
	case exam.HTML:
		source = soundLink.ReplaceAllStringFunc(source, files.player)
		source = q.file.linkMedia(q.at(n), source, find)
	case exam.Markdown:
		source = markdownFile.ReplaceAllStringFunc(source, func(src string) string {
			if ref, ok := q.file.mediaOf(q.at(n), src, find); ok {
				return ref
			}
			return src
		})
	}
	if strings.Contains(source, moodleFile) {
		q.report.warning(q.at(n), codeMoodleFile, "text", source[strings.Index(source, moodleFile):])
	}
	return source
}

// soundLink finds links, of which Moodle makes players where they lead to sounds.
var soundLink = regexp.MustCompile(`(?is)<a\s[^<>]*href\s*=\s*["']` + moodleFile + `/([^"'<>]+)["'][^<>]*>(.*?)</a\s*>`)

// fileSet are the files of a text, by path, and those of the question, which stand beside all of its texts.
type fileSet struct {
	byPath map[string]*xmltree.Node
	beside *fileSet
}

// moodleFiles are the files in a text, and those that stand beside it.
func moodleFiles(n *xmltree.Node, beside *fileSet) fileSet {
	files := fileSet{}
	files.add(n)
	files.add(n.Child("text"))
	files.beside = beside
	return files
}

// add adds the files in an element, but those that are known already.
func (s *fileSet) add(from *xmltree.Node) {
	for _, f := range from.Elements("file") {
		if s.byPath == nil {
			s.byPath = map[string]*xmltree.Node{}
		}
		if name := path.Join("/", f.Attr("path"), f.Attr("name")); s.byPath[name] == nil {
			s.byPath[name] = f
		}
	}
}

// of is the file at a path, nil when there is none.
func (s *fileSet) of(name string) *xmltree.Node {
	if f := s.byPath[name]; f != nil || s.beside == nil {
		return f
	}
	return s.beside.byPath[name]
}

// find reads the file that an address names.
func (s *fileSet) find(src string) ([]byte, bool) {
	src = strings.TrimPrefix(src, moodleFile)
	src, _, _ = strings.Cut(src, "?")
	for _, name := range []string{src, unescaped(src)} {
		if f := s.of(path.Join("/", name)); f != nil {
			return base64Of(f.String())
		}
	}
	return nil, false
}

func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// base64Of decodes what may be broken into lines.
func base64Of(s string) ([]byte, bool) {
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
	return data, err == nil && len(data) > 0
}

// player makes a player of a link to a sound, behind the text of the link.
func (s *fileSet) player(link string) string {
	m := soundLink.FindStringSubmatch(link)
	data, ok := s.find(html.UnescapeString(m[1]))
	if !ok || !looksSound(data) {
		return link
	}
	return m[2] + ` <audio controls="" src="` + moodleFile + "/" + m[1] + `"></audio>`
}

// withOldImage adds the picture that files of Moodle 1.9 have beside the text.
func (q *moodleQuestion) withOldImage(t exam.Text) exam.Text {
	name := q.value("image")
	if name == "" {
		return t
	}
	data, ok := base64Of(q.node.Child("image_base64").String())
	p := q.find("image")
	if !ok {
		q.report.warning(p, codeMediaMissing, "name", name)
		return t
	}
	ref, ok := q.file.addMedia(p, path.Base(name), data)
	if !ok {
		return t
	}
	q.report.warning(p, codeMediaNoAlt, "name", name)
	picture := exam.Text{Format: exam.HTML, Source: `<img alt="" src="` + ref + `"/>`}
	if t.Source == "" {
		return picture
	}
	return joinTexts([]exam.Text{t, picture})
}
