package questionset

import (
	"strconv"
	"strings"

	"shiken/exam"
)

// cutArrow splits a pair at its first arrow.
func cutArrow(s string) (left, right string, found bool) {
	at, width := -1, 0
	for _, arrow := range []string{"->", "→", "=>", "⇒"} {
		if i := strings.Index(s, arrow); i >= 0 && (at < 0 || i < at) {
			at, width = i, len(arrow)
		}
	}
	if at < 0 {
		return s, "", false
	}
	return strings.TrimSpace(s[:at]), strings.TrimSpace(s[at+width:]), true
}

// matching reads options of the form "left -> right"; one without a left side is a distractor.
func (w *tableRow) matching() bool {
	cells, ok := w.soundCells()
	if !ok || !w.keyless(cells) {
		return false
	}
	question := &w.q.Question
	question.Type, w.q.Key.Pairs = exam.Matching, map[string]string{}
	ids := map[string]string{}
	for _, c := range cells {
		element := columnOption + placeName(c.place)
		left, right, ok := cutArrow(c.text)
		if !ok || right == "" {
			w.file.Report.error(w.p.at(element), codeTablePair, "text", c.text)
			return false
		}
		id, again := ids[right]
		if !again {
			id = optionID(len(ids))
			ids[right] = id
			question.Options = append(question.Options, exam.Option{ID: id, Text: w.text(element, right)})
		}
		if left != "" {
			prompt := "p" + strconv.Itoa(len(question.Prompts)+1)
			question.Prompts = append(question.Prompts, exam.Prompt{ID: prompt, Text: w.text(element, left)})
			w.q.Key.Pairs[prompt] = id
		}
	}
	if len(question.Prompts) < 2 {
		w.file.Report.error(w.p, codeTooFewPairs, "count", len(question.Prompts))
		return false
	}
	return true
}

// keyless refuses a key where the options say everything.
func (w *tableRow) keyless(cells []optionCell) bool {
	if key := w.get(columnAnswer); key != "" {
		w.file.Report.error(w.p.at(columnAnswer), codeKeyUnused, "key", key)
		return false
	}
	return len(cells) > 0 || w.noPairs()
}

func (w *tableRow) noPairs() bool {
	w.file.Report.error(w.p, codeTooFewPairs, "count", 0)
	return false
}

// ordering reads options in their right order, or in the order that the key gives by letters.
func (w *tableRow) ordering() bool {
	cells, ok := w.soundCells()
	if !ok {
		return false
	}
	if len(cells) < 2 {
		w.file.Report.error(w.p, codeOneOption, "count", len(cells))
		return false
	}
	question := &w.q.Question
	question.Type = exam.Ordering
	byPlace := map[int]string{}
	var order []string
	for i, c := range cells {
		id := "p" + strconv.Itoa(i+1)
		byPlace[c.place] = id
		order = append(order, id)
		question.Prompts = append(question.Prompts, exam.Prompt{ID: id, Text: w.text(columnOption+placeName(c.place), c.text)})
	}
	if key := w.get(columnAnswer); key != "" {
		if order, ok = w.order(key, byPlace); !ok {
			w.file.Report.error(w.p.at(columnAnswer), codeOrderKey, "key", key)
			return false
		}
	}
	w.q.Key.Order = order
	return true
}

// order reads a key that names every option once.
func (w *tableRow) order(key string, byPlace map[int]string) ([]string, bool) {
	names, ok := readKey(foldText(key), maxOptions)
	if !ok || len(names.places) != len(byPlace) {
		return nil, false
	}
	seen := map[int]bool{}
	var order []string
	for _, place := range names.places {
		id, has := byPlace[place]
		if !has || seen[place] {
			return nil, false
		}
		seen[place] = true
		order = append(order, id)
	}
	return order, true
}
