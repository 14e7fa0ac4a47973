package questionset

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// maxFormRows bounds the rows of a form, empty ones included.
const maxFormRows = 2 * MaxAnswers

var rowField = regexp.MustCompile(`^rows\[([1-9][0-9]{0,2})\]\.`)

// Rows is the number of the last row that has a field.
func (f Fields) Rows() int {
	last := 0
	for path := range f {
		if m := rowField.FindStringSubmatch(path); m != nil {
			i, _ := strconv.Atoi(m[1]) // three digits
			last = max(last, min(i, maxFormRows))
		}
	}
	return last
}

// FilledRows is the number of the last row that says anything.
func (f Fields) FilledRows() int {
	last := 0
	for path, values := range f {
		m := rowField.FindStringSubmatch(path)
		if m == nil || len(values) == 0 || strings.TrimSpace(values[0]) == "" || strings.HasSuffix(path, ".kind") {
			continue
		}
		i, _ := strconv.Atoi(m[1]) // three digits
		last = max(last, min(i, maxFormRows))
	}
	return last
}

// SwapRows exchanges two rows. Others than 1..Rows are ignored.
func (f Fields) SwapRows(i, j int) {
	if n := f.Rows(); min(i, j) < 1 || max(i, j) > n {
		return
	}
	first, second := f.takeRow(i), f.takeRow(j)
	f.giveRow(j, first)
	f.giveRow(i, second)
	switch right := f.get("right"); right {
	case strconv.Itoa(i):
		f.set("right", strconv.Itoa(j))
	case strconv.Itoa(j):
		f.set("right", strconv.Itoa(i))
	}
}

func (f Fields) takeRow(i int) Fields {
	out, prefix := Fields{}, rowPath(i)+"."
	for path, values := range f {
		if name, ok := strings.CutPrefix(path, prefix); ok {
			out[name] = values
			delete(f, path)
		}
	}
	return out
}

func (f Fields) giveRow(i int, fields Fields) {
	for name, values := range fields {
		f[rowPath(i)+"."+name] = values
	}
}

func (r *fieldReader) choice() {
	q := &r.q.Question
	r.q.Key.Options = map[string]int{}
	weighted, single := r.f.get("weighted") != "", q.Type != exam.MultipleChoice
	least := 0
	if !single {
		least = -exam.FullCredit
	}
	taken := map[string]bool{}
	for _, i := range r.choiceRows() {
		id := r.optionID(i, len(q.Options), taken)
		q.Options = append(q.Options, exam.Option{ID: id, Text: r.text(rowPath(i) + ".text"), Fixed: r.row(i, "fixed") != ""})
		if note := r.text(rowPath(i) + ".note"); note.Source != "" {
			if r.q.Feedback.Options == nil {
				r.q.Feedback.Options = map[string]exam.Text{}
			}
			r.q.Feedback.Options[id] = note
		}
		weight := 0
		switch {
		case weighted:
			weight = r.weight(rowPath(i)+".weight", r.row(i, "weight"), least, 0)
		case single && r.f.get("right") == strconv.Itoa(i), !single && r.row(i, "right") != "":
			weight = exam.FullCredit
		}
		if weight != 0 {
			r.q.Key.Options[id] = weight
		}
	}
	r.q.Key.Weighted = weighted && (q.Type == r.base.Question.Type && r.base.Key.Weighted || !single)
	r.judgeChoice(single, weighted)
}

// choiceRows are the rows of the options: those with a text, and both of a true/false question.
func (r *fieldReader) choiceRows() []int {
	if r.q.Question.Type == exam.TrueFalse {
		return []int{1, 2}
	}
	return r.rows("text")
}

func (r *fieldReader) optionID(row, place int, taken map[string]bool) string {
	if r.q.Question.Type != exam.TrueFalse {
		return named(r.row(row, "id"), r.optionIDs(), taken, optionID)
	}
	if r.base.Question.Type == exam.TrueFalse && place < len(r.base.Question.Options) {
		return r.base.Question.Options[place].ID
	}
	return []string{trueOption, falseOption}[place]
}

func (r *fieldReader) judgeChoice(single, weighted bool) {
	positive, best := 0, 0
	for _, weight := range r.q.Key.Options {
		positive += max(weight, 0)
		best = max(best, weight)
	}
	options := r.q.Question.Options
	if r.q.Question.Type != exam.TrueFalse {
		if len(options) < 2 {
			r.error("rows[1].text", codeOneOption, "count", len(options))
		}
		checkOptions(&r.file.Report, place{}, options)
	}
	switch {
	case best == 0:
		r.error("rows[1].right", codeNoKey)
	case !single && weighted && (positive < exam.FullCredit-weightSlack || positive > exam.FullCredit+weightSlack):
		r.warning("weighted", codeWeightSum, "sum", percent(positive))
	case single && best < exam.FullCredit:
		r.warning("weighted", codeNoFull, "best", percent(best))
	}
}

// texts reads the accepted answers of a short text.
func (r *fieldReader) texts() {
	best := 0
	for _, i := range r.rows("text") {
		path := rowPath(i) + ".text"
		k := exam.TextKey{
			Pattern: r.pattern(path), CaseSensitive: r.row(i, "case") != "",
			Weight: r.weight(rowPath(i)+".weight", r.row(i, "weight"), 0, exam.FullCredit),
		}
		best = max(best, k.Weight)
		r.judgePattern(path, k)
		r.q.Key.Texts = append(r.q.Key.Texts, k)
	}
	r.judgeBest("rows[1].text", best)
}

// pattern reads an accepted text.
func (r *fieldReader) pattern(path string) string {
	text := strings.TrimSpace(lineEnds.Replace(r.f.get(path)))
	r.file.Report.checkText(place{element: path}, text, MaxText)
	return text
}

// judgePattern warns of an answer that accepts everything.
func (r *fieldReader) judgePattern(path string, k exam.TextKey) {
	bare := strings.ReplaceAll(k.Pattern, `\*`, "")
	if strings.Contains(bare, "*") && strings.Trim(bare, "* ") == "" && k.Weight > 0 {
		r.warning(path, codeAcceptsAll, "text", k.Pattern)
	}
}

func (r *fieldReader) judgeBest(path string, best int) {
	switch {
	case best == 0:
		r.error(path, codeNoKey)
	case best < exam.FullCredit:
		r.warning(path, codeNoFull, "best", percent(best))
	}
}

// numbers reads the accepted numbers of a numeric question.
func (r *fieldReader) numbers() {
	best := 0
	for _, i := range r.rows("text") {
		weight := r.weight(rowPath(i)+".weight", r.row(i, "weight"), 0, exam.FullCredit)
		if k, ok := r.number(rowPath(i)+".text", r.row(i, "text"), weight); ok {
			r.q.Key.Numbers = append(r.q.Key.Numbers, k)
		}
		best = max(best, weight)
	}
	r.judgeBest("rows[1].text", best)
}

var tolerances = strings.NewReplacer("±", ":", "+-", ":", "+/-", ":", "〜", "..", "～", "..", "~", "..", " ", "", ",", ".")

// number reads a number, a number with tolerance or a range.
func (r *fieldReader) number(path, text string, weight int) (exam.NumberKey, bool) {
	low, high, ok := numericRange(tolerances.Replace(norm.NFKC.String(strings.TrimSpace(text))))
	if !ok {
		r.error(path, codeGIFTNumber, "text", text)
	}
	return exam.NumberKey{Min: low, Max: high, Weight: weight}, ok
}

func (r *fieldReader) matching() {
	q := &r.q.Question
	r.q.Key.Pairs = map[string]string{}
	scoredApart := r.base.Question.Type == exam.Matching && r.base.Key.PairWeights != nil
	prompts, options := map[string]bool{}, map[string]bool{}
	byText := map[exam.Text]string{}
	for _, i := range r.rows("text", "match") {
		left, right := r.text(rowPath(i)+".text"), r.text(rowPath(i)+".match")
		id, known := byText[right]
		switch {
		case right.Source == "" && scoredApart:
			id = ""
		case right.Source == "":
			r.error(rowPath(i)+".match", codeEmptyRight)
		case !known:
			id = named(r.row(i, "option"), r.optionIDs(), options, optionID)
			byText[right] = id
			q.Options = append(q.Options, exam.Option{ID: id, Text: right, Fixed: r.wasFixed(id)})
		}
		if left.Source == "" {
			continue
		}
		prompt := named(r.row(i, "id"), r.promptIDs(), prompts, promptID)
		q.Prompts = append(q.Prompts, exam.Prompt{ID: prompt, Text: left})
		if id != "" {
			r.q.Key.Pairs[prompt] = id
		}
	}
	switch {
	case len(q.Prompts) < 2:
		r.error("rows[1].text", codeTooFewPairs, "count", len(q.Prompts))
	case len(q.Options) < 2:
		r.error("rows[1].match", codeSameRight)
	}
}

func (r *fieldReader) wasFixed(option string) bool {
	return slices.ContainsFunc(r.base.Question.Options, func(o exam.Option) bool { return o.ID == option && o.Fixed })
}

// ordering reads items in their right order. The paper shows them in another: that of their ids before, or
// of the form.
func (r *fieldReader) ordering() {
	q, taken := &r.q.Question, map[string]bool{}
	for _, i := range r.rows("text") {
		id := named(r.row(i, "id"), r.promptIDs(), taken, promptID)
		q.Prompts = append(q.Prompts, exam.Prompt{ID: id, Text: r.text(rowPath(i) + ".text")})
		r.q.Key.Order = append(r.q.Key.Order, id)
	}
	if len(q.Prompts) < 2 {
		r.error("rows[1].text", codeEditItems, "count", len(q.Prompts))
	}
	slices.SortStableFunc(q.Prompts, func(a, b exam.Prompt) int { return r.promptPlace(a.ID) - r.promptPlace(b.ID) })
}

// promptPlace is where a prompt stood before; new ones come last.
func (r *fieldReader) promptPlace(id string) int {
	if i := slices.Index(r.promptIDs(), id); i >= 0 {
		return i
	}
	return len(r.base.Question.Prompts)
}

func idsOfPrompts(list []exam.Prompt) []string {
	var ids []string
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	return ids
}

// idsOfOptions lists ids in order.
func idsOfOptions(list []exam.Option) []string {
	var ids []string
	for _, o := range list {
		ids = append(ids, o.ID)
	}
	return slices.Sorted(slices.Values(ids))
}

// inOrderOf sorts options as their ids are listed.
func inOrderOf(list []exam.Option, ids []string) []exam.Option {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b exam.Option) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return list
}
