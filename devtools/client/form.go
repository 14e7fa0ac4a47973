package client

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// Form is a form of a page with the fields that a browser would send.
type Form struct {
	Action  string // path
	Fields  url.Values
	Buttons []string // values of the buttons named "action", in order
	sel     *goquery.Selection
}

// Form returns the first form of the page whose method is post and which holds
// an element that matches the selector; nil when there is none.
func (p *Page) Form(holds string) *Form {
	var form *Form
	p.doc.Find("form").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		if !strings.EqualFold(s.AttrOr("method", "get"), "post") || s.Find(holds).Length() == 0 {
			return true
		}
		form = p.read(s)
		return false
	})
	return form
}

func (p *Page) read(s *goquery.Selection) *Form {
	action := p.URL
	if a, err := p.URL.Parse(s.AttrOr("action", "")); err == nil {
		action = a
	}
	f := &Form{Action: action.RequestURI(), Fields: url.Values{}, sel: s}
	s.Find("input, select, textarea").Each(func(_ int, e *goquery.Selection) { f.add(e) })
	s.Find("button[name=action]").Each(func(_ int, e *goquery.Selection) {
		f.Buttons = append(f.Buttons, e.AttrOr("value", ""))
	})
	return f
}

// add takes over what the element sends without anybody touching it.
func (f *Form) add(e *goquery.Selection) {
	name, named := e.Attr("name")
	if _, disabled := e.Attr("disabled"); !named || disabled {
		return
	}
	switch goquery.NodeName(e) {
	case "textarea":
		f.Fields.Add(name, e.Text())
	case "select":
		chosen := e.Find("option[selected]")
		if chosen.Length() == 0 {
			chosen = e.Find("option").First()
		}
		f.Fields.Add(name, chosen.AttrOr("value", chosen.Text()))
	default:
		f.addInput(name, e)
	}
}

func (f *Form) addInput(name string, e *goquery.Selection) {
	switch strings.ToLower(e.AttrOr("type", "text")) {
	case "submit", "button", "image", "reset", "file":
	case "radio", "checkbox":
		if _, checked := e.Attr("checked"); checked {
			f.Fields.Add(name, e.AttrOr("value", "on"))
		}
	default:
		f.Fields.Add(name, e.AttrOr("value", ""))
	}
}

// Fill answers the question of the form, whatever its kind: pick chooses among
// n possibilities (0 to n-1). Ordering gets each place once.
func (f *Form) Fill(pick func(n int) int) {
	if options := f.sel.Find("input[name=answer][type=radio], input[name=answer][type=checkbox]"); options.Length() > 0 {
		f.Fields.Set("answer", options.Eq(pick(options.Length())).AttrOr("value", "on"))
		return
	}
	if f.sel.Find("[name=answer]").Length() > 0 {
		f.Fields.Set("answer", strconv.Itoa(pick(100)))
		return
	}
	place := 0
	f.sel.Find("[name^='answer.']").Each(func(_ int, e *goquery.Selection) {
		place++
		f.fillPart(e, place)
	})
}

func (f *Form) fillPart(e *goquery.Selection, place int) {
	var values []string
	e.Find("option").Each(func(_ int, o *goquery.Selection) {
		if v := o.AttrOr("value", o.Text()); v != "" {
			values = append(values, v)
		}
	})
	value := strconv.Itoa(place)
	if len(values) > 0 {
		value = values[(place-1)%len(values)]
	}
	f.Fields.Set(e.AttrOr("name", ""), value)
}

// Press sends the form as the button with this value of "action" would; ""
// sends it without one.
func (c *Client) Press(ctx context.Context, f *Form, action string) (*Page, error) {
	fields := url.Values{}
	for name, values := range f.Fields {
		fields[name] = values
	}
	if action != "" {
		fields.Set("action", action)
	}
	return c.Post(ctx, f.Action, fields)
}

// missingForm says what was expected and what is there.
func missingForm(p *Page, what string) error {
	return fmt.Errorf("client: no %s form on %s", what, p)
}
