package templates

import (
	"slices"
	"strconv"
	"strings"
)

// optionList shows the options of rows whose select boxes cannot: pictures, formulas, sounds.
type optionList struct {
	// Gap is the gap whose own options these are, from 1; 0: those of all rows.
	Gap     int
	Options []Option
}

// pictured reports whether an option says more than its plain text does.
func (o Option) pictured() bool {
	html := string(o.HTML)
	return html != "" && o.Text == "" || slices.ContainsFunc([]string{"<img", "<math", "<audio"}, func(e string) bool { return strings.Contains(html, e) })
}

func numbered(options []Option) bool { return slices.ContainsFunc(options, Option.pictured) }

// optionLists are the lists to be shown above the rows. Gaps whose options are the same share one.
func (b Body) optionLists() []optionList {
	if b.Kind == KindMatching && numbered(b.Options) {
		return []optionList{{Options: b.Options}}
	}
	var out []optionList
	for i := range b.Items {
		if options := b.Items[i].Options; numbered(options) {
			out = append(out, optionList{i + 1, options})
		}
	}
	if len(out) > 1 && len(out) == len(b.Items) && !slices.ContainsFunc(out, func(l optionList) bool { return !sameOptions(l, out[0]) }) {
		return []optionList{{Options: out[0].Options}}
	}
	return out
}

func sameOptions(a, b optionList) bool {
	return slices.EqualFunc(a.Options, b.Options, func(x, y Option) bool { return x.HTML == y.HTML && x.Text == y.Text })
}

// pick is an option of a select box, in which only text can stand: where a list shows the options, with its
// number there.
func (b Body) pick(page Page, options []Option, i int) string {
	label := options[i].label(page, b.Kind)
	if !numbered(options) {
		return label
	}
	if label = strings.TrimSpace(label); label == "" {
		return strconv.Itoa(i + 1)
	}
	return strconv.Itoa(i+1) + ". " + label
}
