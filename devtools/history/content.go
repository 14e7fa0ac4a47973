package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"shiken/exam"
)

// nothing is the normal JSON of "unanswered".
const nothing = "null"

// normal is one spelling for each answer: keys in order, values of a multiple choice in order, no
// escapes that need not be. What is no JSON stays what it is.
func normal(answer string) string {
	if answer == "" || answer == nothing || answer == `""` {
		return nothing
	}
	if isPlainText(answer) {
		return answer
	}
	var v any
	if json.Unmarshal([]byte(answer), &v) != nil {
		return answer
	}
	switch v := v.(type) {
	case string:
		if v == "" {
			return nothing
		}
	case []any:
		if len(v) == 0 {
			return nothing
		}
		slices.SortFunc(v, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	case map[string]any:
		if len(v) == 0 {
			return nothing
		}
	}
	return string(plain(v))
}

// isPlainText: the JSON is a string of which nothing is escaped or could be, so that there is no other
// spelling.
func isPlainText(answer string) bool {
	n := len(answer)
	if n < 2 || answer[0] != '"' || answer[n-1] != '"' {
		return false
	}
	for i := 1; i < n-1; i++ {
		if c := answer[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// separators undoes the two escapes that encoding/json always makes; a backslash before one is one of a
// pair, which stays.
var separators = strings.NewReplacer(`\\`, `\\`, `\u2028`, "\u2028", `\u2029`, "\u2029")

// plain is JSON without escapes that need not be.
func plain(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // what was decoded from JSON, or is a struct of strings and numbers
	}
	return []byte(separators.Replace(strings.TrimSuffix(b.String(), "\n")))
}

func normalOf(a exam.Answer) string {
	if a.IsZero() {
		return nothing
	}
	if text := `"` + a.Text + `"`; a.Text != "" && isPlainText(text) {
		return text
	}
	return normal(string(plain(a)))
}

// content is what makes two sendings of one id the same command (§4, replayed): everything but rev.
type content struct {
	kind     exam.Kind
	draft    bool
	position int
	answer   string // normal JSON
	flag     string // "", "true", "false"
	target   int
}

// onQuestion: the command names a question.
func (c content) onQuestion() bool { return c.kind != exam.Submit && c.kind != exam.TakeOver }

func (c content) String() string {
	s := fmt.Sprintf("%s %.60s", c.kind, c.answer)
	if c.draft {
		s += " (draft)"
	}
	if c.flag != "" {
		s += " flag " + c.flag
	}
	if c.target != 0 {
		s += fmt.Sprintf(" to %d", c.target)
	}
	return s
}

func contentOf(o *Op) content {
	switch o.Kind {
	case Submit:
		return content{kind: exam.Submit, answer: nothing}
	case TakeOver:
		return content{kind: exam.TakeOver, position: o.Position, answer: nothing}
	case Start:
		return content{kind: exam.Start, answer: nothing}
	}
	c := content{kind: exam.Save, draft: o.Draft, position: o.Position, answer: normal(o.Answer), flag: flagText(o.Flag)}
	if o.Kind == Save {
		return c
	}
	c.draft, c.target = false, o.Position
	switch action, _, _ := strings.Cut(o.Action, ":"); action {
	case "clear":
		c.answer = nothing
	case "time_up":
		c.kind = exam.TimeUp
	case "check":
		c.kind = exam.Check
	case "flag", "unflag":
		c.kind, c.flag = exam.Flag, fmt.Sprint(action == "flag")
	case "next", "previous", "goto", "review":
		c.kind, c.target = exam.Move, o.Target
	}
	return c
}

func flagText(flag *bool) string {
	if flag == nil {
		return ""
	}
	return fmt.Sprint(*flag)
}

func contentOfPayload(p *exam.Payload) content {
	return content{
		kind: p.Kind, draft: p.Draft, position: p.Position, answer: normalOf(p.Answer),
		flag: flagText(p.Flagged), target: p.Target,
	}
}

// asks is what the command asks of the response at its position, as one sending of it named rev.
func (c content) asks(o *Op) *asked {
	a := &asked{kind: c.kind, draft: c.draft, page: o.Page, seq: o.Seq, rev: o.Rev, answer: c.answer}
	if c.flag != "" {
		flag := c.flag == "true"
		a.flag = &flag
	}
	return a
}
