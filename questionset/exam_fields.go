package questionset

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// Fields are an exam as a form holds it: the values of each field by its path in the exam file
// ("title.ja", "window.open", "sections[2].from.set"), as a person types them. What a form needs
// beside the file's own fields:
//
//   - X.more holds further entries of a list or a title, one for each line; a title's "fr: Titre";
//   - times are local ones of the form's zone, and X.exact is the instant that was shown there, for
//     what a local time does not tell (fractions of a second, the hour that a clock goes through twice);
//   - release.X is "at" for the time in release.X.at;
//   - a bare number is minutes in time_limit and seconds in grace.
type Fields map[string][]string

// get returns the first value of a field, "" when there is none.
func (f Fields) get(path string) string {
	if v := f[path]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// set gives a field its one value; an empty one is left out.
func (f Fields) set(path, value string) {
	if value != "" {
		f[path] = []string{value}
	}
}

// number is a value that holds no letters of the author's own: full-width digits are as good.
func (f Fields) number(path string) string { return strings.TrimSpace(norm.NFKC.String(f.get(path))) }

// lines are the entries of a field that takes one for each line.
func (f Fields) lines(path string) []string {
	var out []string
	for line := range strings.Lines(f.get(path)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// The lists of a form whose entries have fields of their own.
const (
	sectionList    = "sections"
	attachmentList = "attachments"
)

// entryPath is the path of an entry of a list, counted from 1.
func entryPath(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

func sectionPath(i int) string { return entryPath(sectionList, i) }

func attachmentPath(i int) string { return entryPath(attachmentList, i) }

// ReadFields reads a form by the rules of the exam file: the definition counts when the report is
// sound, and the element of each finding is a path as in Fields.
func ReadFields(f Fields, zone *time.Location) (exam.Definition, Report) {
	r := Report{Format: Exam}
	e := &examReader{report: &r}
	return e.definition((&form{f, zone}).document()), r
}

// form makes of fields what the reader of exam files reads.
type form struct {
	Fields
	zone *time.Location
}

// mapping is a YAML mapping; what is nil is left out.
type mapping struct{ node *yaml.Node }

func newMapping() mapping { return mapping{&yaml.Node{Kind: yaml.MappingNode}} }

func (m mapping) put(key string, value *yaml.Node) {
	if value != nil {
		m.node.Content = append(m.node.Content, scalar("!!str", key), value)
	}
}

// orNone is the mapping, nil when it is empty.
func (m mapping) orNone() *yaml.Node {
	if len(m.node.Content) == 0 {
		return nil
	}
	return m.node
}

func scalar(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

// written is a scalar, nil when nothing was written.
func written(tag, value string) *yaml.Node {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	return scalar(tag, value)
}

func (f *form) document() *yaml.Node {
	m := newMapping()
	m.put("exam", written("!!str", strings.TrimSpace(f.get("exam"))))
	m.put("title", f.title("title"))
	m.put("navigation", written("!!str", f.get("navigation")))
	m.put("feedback", written("!!str", f.get("feedback")))
	m.put("devices", written("!!str", f.get("devices")))
	m.put("time_limit", f.length("time_limit", "m"))
	m.put("grace", f.length("grace", "s"))
	for _, name := range []string{"attempts", "pass_mark"} {
		m.put(name, written("!!int", f.number(name)))
	}
	m.put("shuffle", f.shuffle())
	m.put("counts", written("!!str", f.get("counts")))
	m.put("labels", written("!!str", f.get("labels")))
	m.put("release", f.release())
	m.put("window", f.window())
	m.put("open_to", list("!!str", f.entries("open_to")))
	m.put("attachments", f.attachments())
	m.put("published", f.truth("published"))
	m.put("sections", f.sections())
	return m.node
}

// title reads X (in no language), X.ja, X.en and X.more. A title in no language beside others cannot
// be said in the file: it is made what the file's reader refuses.
func (f *form) title(path string) *yaml.Node {
	m := newMapping()
	for _, lang := range titleInputs {
		m.put(lang, written("!!str", f.get(path+"."+lang)))
	}
	for _, line := range f.lines(path + ".more") {
		lang, text, _ := strings.Cut(line, ":")
		m.put(strings.TrimSpace(lang), scalar("!!str", strings.TrimSpace(text)))
	}
	languages, alone := m.orNone(), written("!!str", f.get(path))
	switch {
	case alone == nil:
		return languages
	case languages == nil:
		return alone
	}
	return &yaml.Node{Kind: yaml.SequenceNode}
}

// titleInputs are the languages with a field of their own.
var titleInputs = []string{"ja", "en"}

// length reads a length of time, a bare number in the field's own unit.
func (f *form) length(path, unit string) *yaml.Node {
	text := f.number(path)
	if _, err := strconv.ParseUint(text, 10, 64); err == nil {
		text += unit
	}
	return written("!!str", text)
}

func (f *form) truth(path string) *yaml.Node {
	switch v := f.get(path); v {
	case "":
		return nil
	case "true", "false":
		return scalar("!!bool", v)
	default:
		return scalar("!!str", v)
	}
}

func (f *form) shuffle() *yaml.Node {
	m := newMapping()
	m.put("questions", f.truth("shuffle.questions"))
	m.put("options", f.truth("shuffle.options"))
	return m.orNone()
}

func (f *form) release() *yaml.Node {
	m := newMapping()
	for _, what := range []string{"score", "answers", "keys"} {
		path := "release." + what
		if when := f.get(path); when == string(exam.At) {
			m.put(what, scalar("!!str", f.moment(path+".at")))
		} else {
			m.put(what, written("!!str", when))
		}
	}
	return m.orNone()
}

func (f *form) window() *yaml.Node {
	m := newMapping()
	for _, what := range []string{"open", "last_start", "close"} {
		m.put(what, written("!!str", f.moment("window."+what)))
	}
	return m.orNone()
}

// entries are the values of a list: X and the lines of X.more.
func (f *form) entries(path string) []string {
	var out []string
	for _, v := range f.Fields[path] {
		if strings.TrimSpace(v) != "" {
			out = append(out, v)
		}
	}
	return append(out, f.lines(path+".more")...)
}

// list is a YAML list, nil when it is empty.
func list(tag string, entries []string) *yaml.Node {
	if len(entries) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, v := range entries {
		n.Content = append(n.Content, scalar(tag, v))
	}
	return n
}

func (f *form) attachments() *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for i := range f.Attachments() {
		path, m := attachmentPath(i+1), newMapping()
		m.put("file", written("!!str", f.get(path+".file")))
		m.put("title", f.title(path+".title"))
		m.put("sha256", written("!!str", f.get(path+".sha256")))
		n.Content = append(n.Content, m.node)
	}
	if len(n.Content) == 0 {
		return nil
	}
	return n
}

func (f *form) sections() *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for i := range f.Sections() {
		n.Content = append(n.Content, f.section(sectionPath(i+1)))
	}
	if len(n.Content) == 0 {
		return nil
	}
	return n
}

func (f *form) section(path string) *yaml.Node {
	from := newMapping()
	from.put("set", written("!!str", f.get(path+".from.set")))
	from.put("category", list("!!str", f.entries(path+".from.category")))
	from.put("year", list("!!int", f.years(path+".from.year")))
	from.put("tag", list("!!str", f.entries(path+".from.tag")))
	m := newMapping()
	m.put("title", f.title(path+".title"))
	m.put("draw", written("!!int", f.number(path+".draw")))
	m.put("pick", written("!!str", f.get(path+".pick")))
	m.put("from", from.node)
	m.put("points", written("!!float", f.number(path+".points")))
	m.put("wrong", written("!!float", f.number(path+".wrong")))
	m.put("multiple", written("!!str", f.get(path+".multiple")))
	m.put("minimum", written("!!int", f.number(path+".minimum")))
	return m.node
}

// years are the values of a list of years, of which a line may hold several.
func (f *form) years(path string) []string {
	var out []string
	for _, v := range f.entries(path) {
		out = append(out, strings.FieldsFunc(norm.NFKC.String(v), func(r rune) bool { return strings.ContainsRune(" \t,、", r) })...)
	}
	return out
}
