package questionset

import (
	"cmp"
	"html"
	"regexp"
	"strconv"
	"strings"

	"shiken/exam"
)

var clozeEscapes = strings.NewReplacer(`\}`, "}", `\#`, "#", `\~`, "~")

// readCloze reads a text with embedded answers.
func (q *moodleQuestion) readCloze() bool {
	stem := &q.Question.Question.Stem
	form := map[exam.TextFormat]textForm{exam.HTML: formatHTML, exam.Markdown: formatMarkdown, "": formatPlain}[stem.Format]
	plain := func(raw string) string { return strings.TrimSpace(clozeEscapes.Replace(html.UnescapeString(raw))) }
	c := &clozeReader{
		draft: &q.draft, form: form, answer: plain,
		option: func(raw string) exam.Text {
			if form == formatHTML && anyTag.MatchString(raw) {
				return exam.Text{Format: exam.HTML, Source: clozeEscapes.Replace(raw)}
			}
			return exam.Text{Source: plain(raw)}
		},
		feedback: func(raw string) exam.Text { return textOf(formatMoodle, plain(raw)) },
	}
	text, ok := c.read(stem.Source)
	if stem.Source = text; ok && c.several != nil {
		*stem = c.byMarker(*stem)
	}
	return ok
}

// choicePlace is a gap of "select missing words" and "drag and drop into text": the number of its right
// choice.
var choicePlace = regexp.MustCompile(`\[\[(\d{1,4})\]\]`)

// placeChoice is one of the words, which goes with the places whose right choice is of its group.
type placeChoice struct {
	text  exam.Text
	group string
}

// readPlaces reads a text with places for words. Each place offers the words of its group.
func (q *moodleQuestion) readPlaces() bool {
	q.Question.Question.Type = exam.Gaps
	choices, ok := q.placeChoices()
	if !ok {
		return false
	}
	stem := &q.Question.Question.Stem
	places := choicePlace.FindAllStringSubmatchIndex(stem.Source, MaxAnswers+1)
	if len(places) == 0 || len(places) > MaxAnswers {
		q.error("questiontext", codeMoodlePlaces, "count", len(places), "limit", MaxAnswers)
		return false
	}
	form := formatHTML
	if stem.Format == exam.Markdown {
		form = formatMarkdown
	}
	var b strings.Builder
	end := 0
	for i, m := range places {
		b.WriteString(stem.Source[end:m[0]] + gapPlace(form, i+1))
		end = m[1]
		if !q.addPlace(i+1, stem.Source[m[2]:m[3]], choices) {
			return false
		}
	}
	stem.Source = b.String() + stem.Source[end:]
	return true
}

// placeChoices reads the words.
func (q *moodleQuestion) placeChoices() ([]placeChoice, bool) {
	list := q.node.Elements("selectoption", "dragbox")
	if len(list) > MaxAnswers {
		q.error("", codeTooManyAnswers, "count", len(list), "limit", MaxAnswers)
		return nil, false
	}
	choices := make([]placeChoice, len(list))
	for i, n := range list {
		c := &choices[i]
		c.group = cmp.Or(strings.TrimSpace(n.Child("group").String()), "1")
		if n.Name == "dragbox" {
			c.text = textOf(formatMoodle, q.plain(n))
		} else {
			c.text = exam.Text{Source: q.plain(n)}
		}
	}
	return choices, true
}

// addPlace adds the n-th place as a gap with options. Words that read alike are one option.
func (q *moodleQuestion) addPlace(n int, right string, choices []placeChoice) bool {
	number, err := strconv.Atoi(right)
	if err != nil || number < 1 || number > len(choices) || choices[number-1].text.Source == "" {
		q.error("[["+right+"]]", codeMoodleNoChoice, "number", right)
		return false
	}
	prompt := gapPrompt(n)
	want := &choices[number-1]
	seen := map[exam.Text]bool{}
	var keys []exam.TextKey
	for i := range choices {
		c := &choices[i]
		if c.group != want.group || c.text.Source == "" || seen[c.text] {
			continue
		}
		seen[c.text] = true
		key := exam.TextKey{Pattern: prompt.ID + optionID(len(prompt.Options))}
		if c.text == want.text {
			key.Weight = exam.FullCredit
		}
		keys = append(keys, key)
		prompt.Options = append(prompt.Options,
			exam.Option{ID: key.Pattern, Text: c.text, Fixed: !q.isOn("shuffleanswers", true)})
	}
	if len(prompt.Options) < 2 {
		q.warning("[["+right+"]]", codeMoodleOneWord)
	}
	if q.Key.Gaps == nil {
		q.Key.Gaps = map[string][]exam.TextKey{}
	}
	q.Key.Gaps[prompt.ID] = keys
	q.Question.Question.Prompts = append(q.Question.Question.Prompts, prompt)
	return true
}
