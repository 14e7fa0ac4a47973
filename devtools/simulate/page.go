package simulate

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// page is a page as a script reads it (docs/design.md §7): the data attributes of its main element, and
// the first form that gives a command.
type page struct {
	data    map[string]string
	action  string     // of the form; "" = there is none
	fields  url.Values // what the form sends untouched
	options []string   // values of radio buttons and checkboxes, in the order shown
	kind    string     // of the answer's inputs: radio, checkbox, text, textarea, keyed
	buttons []string
	flagged bool
	shown   strings.Builder // stem and options, for R14
}

// reader takes a page apart.
type reader struct {
	page
	form   *page // being read, nil outside
	area   string
	inStem bool
	off    bool // within a disabled fieldset
}

func readPage(body string) *page {
	r := &reader{page: page{data: map[string]string{}, fields: url.Values{}}}
	begins := max(strings.Index(body, "<main"), 0)
	ends := strings.LastIndex(body, "</main>")
	z := html.NewTokenizer(strings.NewReader(body[begins:max(ends, begins)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return &r.page
		case html.StartTagToken, html.SelfClosingTagToken:
			if name, _ := z.TagName(); read[string(name)] {
				r.open(string(name), attributes(z))
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); read[string(name)] {
				r.end(string(name))
			}
		case html.TextToken:
			if r.inStem || r.area != "" {
				r.text(string(z.Text()))
			}
		}
	}
}

// read are the elements of which a script reads anything.
var read = map[string]bool{
	"main": true, "form": true, "div": true, "fieldset": true, "input": true, "textarea": true, "select": true, "button": true,
}

// attributes are those of the tag that the tokenizer stands at.
func attributes(z *html.Tokenizer) map[string]string {
	out := map[string]string{}
	for {
		key, value, more := z.TagAttr()
		if len(key) > 0 {
			out[string(key)] = string(value)
		}
		if !more {
			return out
		}
	}
}

func (r *reader) open(tag string, a map[string]string) {
	switch tag {
	case "main":
		for key, value := range a {
			if name, ok := strings.CutPrefix(key, "data-"); ok {
				r.data[name] = value
			}
		}
	case "form":
		if r.action == "" && a["method"] == "post" {
			r.form = &page{action: a["action"], fields: url.Values{}}
		}
	case "div":
		if a["id"] == "stem" {
			r.inStem = true
		}
	case "fieldset":
		_, r.off = a["disabled"]
	case "input", "textarea", "select", "button":
		if r.form != nil {
			r.control(tag, a)
		}
	}
}

func (r *reader) control(tag string, a map[string]string) {
	f, name := r.form, a["name"]
	_, checked := a["checked"]
	_, disabled := a["disabled"]
	switch {
	case tag == "button" && name == "action":
		f.buttons = append(f.buttons, a["value"])
		f.flagged = f.flagged || a["value"] == "unflag"
	case tag == "button" || name == "" || disabled:
	case tag == "textarea":
		r.area, f.kind = name, "textarea"
		f.fields.Set(name, "")
	case a["type"] == "radio" || a["type"] == "checkbox":
		if name == "answer" {
			f.kind, f.options = a["type"], append(f.options, a["value"])
		}
		if checked && !r.off {
			f.fields.Add(name, a["value"])
		}
	default:
		if name == "answer" && a["type"] == "text" {
			f.kind = "text"
		}
		f.fields.Add(name, a["value"])
	}
}

func (r *reader) text(s string) {
	switch {
	case r.form != nil && r.area != "":
		r.form.fields.Set(r.area, strings.TrimPrefix(s, "\n"))
	case r.inStem:
		r.shown.WriteString(strings.TrimSpace(s))
	}
}

func (r *reader) end(tag string) {
	switch {
	case tag == "textarea":
		r.area = ""
	case tag == "div":
		r.inStem = false
	case tag == "fieldset":
		r.off = false
	case tag == "form" && r.form != nil:
		if r.form.fields.Has("command_id") && r.action == "" {
			f := r.form
			r.action, r.fields, r.options, r.kind = f.action, f.fields, f.options, f.kind
			r.buttons, r.flagged = f.buttons, f.flagged
		}
		r.form = nil
	}
}

// answer is the answer that the form holds, as canonical JSON.
func (p *page) answer() string {
	values := p.fields["answer"]
	switch {
	case len(values) == 0 || len(values) == 1 && values[0] == "":
		return "null"
	case p.kind == "checkbox":
		return encode(values)
	}
	return encode(values[0])
}

func encode(v any) string {
	text, err := json.Marshal(v)
	must(err)
	return string(text)
}

// deadline is what the page tells, in µs since the Unix epoch; 0 = untimed.
func (p *page) deadline() int64 {
	at, err := time.Parse(time.RFC3339Nano, p.data["deadline"])
	if err != nil {
		return 0
	}
	return at.UnixMicro()
}
