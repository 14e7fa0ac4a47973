package questionset

import (
	"regexp"
	"slices"
	"strings"

	"shiken/internal/xmltree"
)

// Texts in several languages, as filters of Moodle choose one of them: the elements of its own filter, and the marks of
// the plugin "multilang2".
var (
	languageTag  = regexp.MustCompile(`(?i)<(?:lang|span\b[^<>]*\bmultilang)\b[^<>]*>`)
	languageName = regexp.MustCompile(`(?i)\blang\s*=\s*["']?([a-z][\w-]*)`)
	languageMark = regexp.MustCompile(`(?i)\{\s*mlang\s+([a-z][\w,\s-]*)\}`)
)

// languagesOf are the languages that parts of a text are marked as, in their order.
func languagesOf(text string) []string {
	var names []string
	for _, tag := range languageTag.FindAllString(text, -1) {
		if m := languageName.FindStringSubmatch(tag); m != nil {
			names = append(names, m[1])
		}
	}
	for _, m := range languageMark.FindAllStringSubmatch(text, -1) {
		names = append(names, strings.Split(m[1], ",")...)
	}
	return names
}

// languagesIn are those of the texts in an element, written as HTML or as elements; its files are not looked at.
func languagesIn(n *xmltree.Node) []string {
	var names []string
	n.Walk(func(e *xmltree.Node) bool {
		if e.Name == "file" {
			return false
		}
		if e.Name == "span" && strings.Contains(e.Attr("class"), "multilang") || e.Name == "lang" {
			names = append(names, e.Attr("lang"))
		}
		names = append(names, languagesOf(e.Text)...)
		return true
	})
	return names
}

// tellLanguages tells of texts in several languages, which would all be shown.
func (d *draft) tellLanguages(names []string) {
	var several []string
	for _, name := range names {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" && !slices.Contains(several, name) {
			several = append(several, name)
		}
	}
	if len(several) > 1 {
		d.report.warning(d.place(), codeLanguages, "languages", strings.Join(several, ", "))
	}
}
