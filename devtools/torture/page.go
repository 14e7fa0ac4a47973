package torture

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"

	"shiken/devtools/history"
)

// page is what a client reads of a page of the site (docs/design.md §7).
type page struct {
	data         map[string]string // data-* of the main element, without the prefix
	forms        []form
	links        []string        // to attempts and to pages of admins, from the main element
	points, most int             // the score of a result, 0 of 0 = it shows none
	marks        map[string]bool // attributes of any element that say what a job has come to
}

// form is a form that is sent by POST.
type form struct {
	action  string
	fields  url.Values
	inputs  map[string]string // type of the inputs named "answer", as "answer" → type
	options []string          // values that a choice offers
	closed  bool              // its answer cannot be changed
	buttons map[string]bool   // values of "action"
}

// readPage reads what the tokens of the page tell; layout and texts do not matter.
func readPage(body []byte) *page {
	p := &page{data: map[string]string{}, marks: map[string]bool{}}
	z := html.NewTokenizer(bytes.NewReader(body))
	var f *form
	inMain, inText := false, false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return p
		case html.TextToken:
			if inText {
				f.fields.Set("answer", strings.TrimPrefix(string(z.Text()), "\n"))
				inText = false
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			switch string(name) {
			case "main":
				inMain = true
				p.readMain(attributes(z, more))
			case "form":
				f = p.begin(attributes(z, more))
			case "input", "button", "textarea", "fieldset":
				a := attributes(z, more)
				f.take(string(name), a)
				inText = f != nil && string(name) == "textarea" && a["name"] == "answer"
			case "a":
				if href := attributes(z, more)["href"]; inMain && (strings.HasPrefix(href, "/attempts/") || strings.HasPrefix(href, "/admin/")) {
					p.links = append(p.links, href)
				}
			case "strong":
				p.readScore(attributes(z, more))
			case "p":
				for name := range attributes(z, more) {
					p.marks[name] = p.marks[name] || strings.HasPrefix(name, "data-")
				}
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "form" {
				f = nil
			}
		}
	}
}

func attributes(z *html.Tokenizer, more bool) map[string]string {
	a := map[string]string{}
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		a[string(k)] = string(v)
	}
	return a
}

func (p *page) readMain(a map[string]string) {
	for k, v := range a {
		if name, ok := strings.CutPrefix(k, "data-"); ok {
			p.data[name] = v
		}
	}
}

// readScore reads the sum of a result's page.
func (p *page) readScore(a map[string]string) {
	if points, told := a["data-points"]; told {
		p.points, _ = strconv.Atoi(points)             // 0 when it is none, which is no such score
		p.most, _ = strconv.Atoi(a["data-max-points"]) // likewise
	}
}

func (p *page) begin(a map[string]string) *form {
	if !strings.EqualFold(a["method"], "post") {
		return nil
	}
	p.forms = append(p.forms, form{action: a["action"], fields: url.Values{}, inputs: map[string]string{}, buttons: map[string]bool{}})
	return &p.forms[len(p.forms)-1]
}

// take adds what the element sends when nobody touches it. A nil form takes nothing. A closed answer
// stands there twice: disabled, and in hidden fields.
func (f *form) take(element string, a map[string]string) {
	if f == nil {
		return
	}
	if _, disabled := a["disabled"]; disabled && (element == "fieldset" || a["name"] == "answer") {
		f.closed = true
	}
	if a["name"] == "" {
		return
	}
	switch {
	case element == "button":
		if a["name"] == "action" {
			f.buttons[a["value"]] = true
		}
		return
	case element == "textarea":
		f.inputs[a["name"]] = "text"
		f.fields.Set(a["name"], "")
		return
	}
	switch a["type"] {
	case "radio", "checkbox":
		if a["name"] == "answer" {
			f.inputs["answer"] = a["type"]
			f.options = append(f.options, a["value"])
		}
		if _, checked := a["checked"]; checked {
			f.fields.Add(a["name"], a["value"])
		}
	case "submit":
	default:
		if a["name"] == "answer" {
			f.inputs["answer"] = "text"
		}
		f.fields.Set(a["name"], a["value"])
	}
}

// holding returns the first form that has the field, nil when there is none.
func (p *page) holding(field string) *form {
	for i := range p.forms {
		if p.forms[i].fields.Has(field) {
			return &p.forms[i]
		}
	}
	return nil
}

// number reads a data attribute, 0 when there is none.
func (p *page) number(name string) int {
	n, err := strconv.Atoi(p.data[name])
	if err != nil {
		return 0
	}
	return n
}

// deadline is the one that the page tells, as histories have it.
func (p *page) deadline() int64 {
	text, told := p.data["deadline"]
	if !told {
		return history.NotTold
	}
	return deadlineOf(text)
}

// deadlineOf reads a time in RFC 3339; "" is no deadline.
func deadlineOf(text string) int64 {
	if text == "" {
		return 0
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return history.NotTold
	}
	return at.UnixMicro()
}
