package questionset

import (
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
)

// otherLabels are the labels with which all options begin, in half width and lower case, where these are not those of
// their places; nil where they are, or not all have one.
func otherLabels(options []exam.Option) []string {
	if exam.OwnLabels(options) || combinations(options) {
		return nil
	}
	return exam.LabelNames(options)
}

// permuted reports whether labels are the first of their alphabet, each once: they were in turn once.
func permuted(labels []string) bool {
	places := make([]int, len(labels))
	for i, label := range labels {
		places[i] = markPlace(label)
	}
	slices.Sort(places)
	for i, place := range places {
		if place != i {
			return false
		}
	}
	return len(places) > 1
}

// labelled is the option with the label of a place, in the notation of a key; "" for none, and where two have it.
func labelled(labels []string, options []exam.Option, place int, notation Code) string {
	label := ""
	switch {
	case notation == codeKeyNumber:
		label = strconv.Itoa(place + 1)
	case notation == codeKeyKana && place < len(kanaMarks):
		label = string(kanaMarks[place])
	case notation == "":
		label = optionID(place)
	}
	at := slices.Index(labels, label)
	if at < 0 || slices.Contains(labels[at+1:], label) {
		return ""
	}
	return options[at].ID
}

// labelsAgree judges a key that names places, where the options begin with labels of their own in another order: the
// author may have meant these. Where the labels are those of all places it is refused, else the report tells what was
// taken.
func (t *tableReader) labelsAgree(p place, source string, names keyNames, options []exam.Option) bool {
	labels := otherLabels(options)
	for _, place := range names.places {
		id := labelled(labels, options, place, names.notation)
		if id == "" || id == optionID(place) {
			continue
		}
		severity := Warning
		if permuted(labels) {
			severity = Error
		}
		t.file.Report.add(severity, p, codeKeyLabels, "key", source, "option", strings.ToUpper(optionID(place)), "labelled", strings.ToUpper(id))
		return severity != Error
	}
	return true
}
