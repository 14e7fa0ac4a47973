package handlers

import (
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// maxFields bounds the fields of a form: the largest paper question has far fewer.
const maxFields = 2_000

// parseForm reads the body as a form. Bad escapes, bytes that are no UTF-8 and NULs are malformed:
// no browser sends them, and no database keeps them.
func parseForm(r *http.Request) (url.Values, error) { return parseFields(r, maxFields) }

// parseSignIn is parseForm for a form that may carry a whole other form: two fields for each of its
// fields, and its own.
func parseSignIn(r *http.Request) (url.Values, error) { return parseFields(r, 2*maxFields+8) }

func parseFields(r *http.Request, most int) (url.Values, error) {
	body := string(of(r).body)
	if strings.Count(body, "&") >= most {
		return nil, errMalformed
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return nil, errMalformed
	}
	for name, values := range form {
		for _, v := range append(values, name) {
			if !cleanText(v) {
				return nil, errMalformed
			}
		}
	}
	return form, nil
}

func cleanText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// fieldsOf lists a form body's fields in their order, nil when it is malformed.
func fieldsOf(body []byte) []templates.Field {
	var out []templates.Field
	for pair := range strings.SplitSeq(string(body), "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		n, errName := url.QueryUnescape(name)
		v, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil || !cleanText(n) || !cleanText(v) || len(out) >= maxFields {
			return nil
		}
		out = append(out, templates.Field{Name: n, Value: v})
	}
	return out
}

// sentText is the answer among fields as plain lines, for pages that cannot read the question.
func sentText(fields []templates.Field) []templates.AnswerLine {
	var out []templates.AnswerLine
	for _, f := range fields {
		if (f.Name == "answer" || strings.HasPrefix(f.Name, "answer.")) && f.Value != "" {
			out = append(out, templates.AnswerLine{Text: f.Value})
		}
	}
	return out
}

// tooLong: what a form sends as an answer is more than an answer may be.
func tooLong(form url.Values) bool {
	length := 0
	for name, values := range form {
		if name == "answer" || strings.HasPrefix(name, "answer.") {
			for _, v := range values {
				length += typedLength(v)
			}
		}
	}
	return length > maxTyped
}

// answerTooLong is tooLong of an answer.
func answerTooLong(a exam.Answer) bool {
	length := typedLength(a.Text)
	for _, v := range a.Choices {
		length += typedLength(v)
	}
	for _, v := range a.Keyed {
		length += typedLength(v)
	}
	return length > maxTyped
}

// typedLength counts UTF-16 units as an input's maxlength does: a line break is one.
func typedLength(s string) int {
	n := -strings.Count(s, "\r\n")
	for _, c := range s {
		n += utf16.RuneLen(c)
	}
	return n
}

// one returns the value of a field that stands in the form exactly once.
func one(form url.Values, name string) (string, error) {
	if v := form[name]; len(v) == 1 {
		return v[0], nil
	}
	return "", errMalformed
}

// wholeNumber reads a decimal number in bounds, without sign or leading zeros.
func wholeNumber(s string, least, most int64) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < least || n > most || strconv.FormatInt(n, 10) != s {
		return 0, errMalformed
	}
	return n, nil
}

// Bounds of what a client counts, far above what an attempt can reach: rev and seq are exact in
// JSON, opening and seen fit into a column of 32 bits.
const (
	maxCount   = 1 << 40
	maxOpening = math.MaxInt32
)

func countField(form url.Values, name string, least, most int64) (int64, error) {
	s, err := one(form, name)
	if err != nil {
		return 0, err
	}
	return wholeNumber(s, least, most)
}

// uuidText reads a UUID in its usual form of 36 characters; letters become lower case.
func uuidText(s string) (string, error) {
	if len(s) != 36 {
		return "", errMalformed
	}
	id, err := uuid.Parse(s)
	if err != nil {
		return "", errMalformed
	}
	return id.String(), nil
}

func uuidField(form url.Values, name string) (string, error) {
	s, err := one(form, name)
	if err != nil {
		return "", err
	}
	return uuidText(s)
}

// answerOf reads the answer that a form carries for a position. Where there is no question, or where
// linear navigation has not come to it, the answer is taken in whatever shape it has, so that nothing
// tells which type of question is there.
func answerOf(form url.Values, snap *store.Snapshot, n int) (exam.Answer, error) {
	it := snap.Paper.Item(n)
	if it == nil || unreached(snap.Paper, &snap.Attempt, n) {
		return shapeless(answerByShape(form)), nil
	}
	return answerFrom(form, it)
}

// answerByShape reads an answer by its fields alone.
func answerByShape(form url.Values) exam.Answer {
	keyed := map[string]string{}
	for name, v := range form {
		if key, ok := strings.CutPrefix(name, "answer."); ok && len(v) > 0 {
			keyed[key] = v[0]
		}
	}
	switch values := form["answer"]; {
	case len(keyed) > 0:
		return exam.KeyedAnswer(keyed)
	case len(values) > 1:
		return exam.ManyChoices(values...)
	}
	return exam.TextAnswer(form.Get("answer"))
}

// shapeless is an answer in the form in which no type of question changes it any more: else two
// spellings of it under one command id would tell types apart.
func shapeless(a exam.Answer) exam.Answer {
	newlines := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	out := exam.TextAnswer(newlines.Replace(a.Text))
	for _, v := range a.Choices {
		out.Choices = append(out.Choices, newlines.Replace(v))
	}
	for k, v := range a.Keyed {
		if out.Keyed == nil {
			out.Keyed = map[string]string{}
		}
		out.Keyed[k] = newlines.Replace(v)
	}
	return out
}

// fieldsOfShape is answerByShape undone.
func fieldsOfShape(a exam.Answer) []templates.Field {
	out := []templates.Field{{Name: "answer", Value: a.Text}}
	for _, v := range a.Choices {
		out = append(out, templates.Field{Name: "answer", Value: v})
	}
	for _, k := range slices.Sorted(maps.Keys(a.Keyed)) {
		out = append(out, templates.Field{Name: "answer." + k, Value: a.Keyed[k]})
	}
	return out
}

// answerFrom reads the answer that a form carries for an item. Inputs that a browser always sends
// must be there: a form without them is malformed, not unanswered.
func answerFrom(form url.Values, it *exam.Item) (exam.Answer, error) {
	switch {
	case it.Type == exam.Description:
		return exam.Answer{}, nil
	case it.Type == exam.MultipleChoice:
		return exam.ManyChoices(form["answer"]...), nil
	case it.Type.IsKeyed():
		return keyedFrom(form, it)
	case it.Type.IsChoice() && len(form["answer"]) == 0:
		return exam.Answer{}, nil
	}
	text, err := one(form, "answer")
	return exam.TextAnswer(text), err
}

func keyedFrom(form url.Values, it *exam.Item) (exam.Answer, error) {
	keyed := map[string]string{}
	for i := range it.Prompts {
		v, err := one(form, "answer."+it.Prompts[i].Key)
		if err != nil {
			return exam.Answer{}, err
		}
		keyed[it.Prompts[i].Key] = v
	}
	for name, v := range form {
		if key, ok := strings.CutPrefix(name, "answer."); ok && len(v) > 0 {
			keyed[key] = v[0]
		}
	}
	return exam.KeyedAnswer(keyed), nil
}

// fieldsFor is the form of an answer: the fields that carry it for its item.
func fieldsFor(it *exam.Item, a exam.Answer) []templates.Field {
	var out []templates.Field
	switch {
	case it.Type == exam.Description:
	case it.Type == exam.MultipleChoice:
		for _, v := range a.Choices {
			out = append(out, templates.Field{Name: "answer", Value: v})
		}
	case it.Type.IsKeyed():
		for i := range it.Prompts {
			key := it.Prompts[i].Key
			out = append(out, templates.Field{Name: "answer." + key, Value: a.Keyed[key]})
		}
	case it.Type.IsChoice() && a.IsZero():
	default:
		out = append(out, templates.Field{Name: "answer", Value: a.Text})
	}
	return out
}

// valuesFor is fieldsFor as form values.
func valuesFor(it *exam.Item, a exam.Answer) url.Values {
	out := url.Values{}
	for _, f := range fieldsFor(it, a) {
		out.Add(f.Name, f.Value)
	}
	return out
}
