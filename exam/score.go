package exam

import (
	"math/big"
	"regexp"
	"strings"
)

// Awaiting stands in Score.Items for an item that a person has to mark.
const Awaiting = -1

// SectionScore is the result of one section, in 1/10,000 point.
type SectionScore struct {
	Total  int   `json:"total"`
	Max    int   `json:"max"`
	Passed *bool `json:"passed,omitempty"` // nil: the section has no minimum, or marking is not done
}

// Score is the marking of an attempt, in units of 1/10,000 point.
type Score struct {
	Items     []int          `json:"items"` // by position; Awaiting where a marker is needed
	Total     int            `json:"total"` // of the marked items
	Max       int            `json:"max"`
	Sections  []SectionScore `json:"sections"`
	Passed    *bool          `json:"passed,omitempty"` // nil: no pass mark and no minimum, or not done
	Revisions []int          `json:"revisions"`        // key revision used, by position
	Awaiting  bool           `json:"awaiting,omitempty"`
}

// Grader marks answers. Normalize, when set, brings texts into one form before they are compared
// (NFKC); it must be a pure function.
type Grader struct {
	Normalize func(string) string
}

// Mark marks every position of an attempt with keys by question version. It is deterministic: the
// same paper, responses and keys give the same score (R13). Each item is rounded half up.
func (g Grader) Mark(p *Paper, a *Attempt, keys map[string]Key) Score {
	s := Score{
		Items:     make([]int, p.Len()),
		Sections:  make([]SectionScore, len(p.Sections)),
		Revisions: make([]int, p.Len()),
	}
	for i := range p.Items {
		it := &p.Items[i]
		key := keys[it.Version]
		r := a.Responses[i+1]
		points := g.itemPoints(it, &key, &r)
		s.Items[i], s.Revisions[i] = points, key.Revision
		s.Max += it.Points
		s.Sections[it.Section].Max += it.Points
		if points == Awaiting {
			s.Awaiting = true
			continue
		}
		s.Total += points
		s.Sections[it.Section].Total += points
	}
	if !s.Awaiting {
		s.judge(p)
	}
	return s
}

// judge sets pass or fail: percentages are compared unrounded.
func (s *Score) judge(p *Paper) {
	passed, judged := true, false
	for i, sec := range p.Sections {
		if sec.Minimum == 0 {
			continue
		}
		ok := reaches(s.Sections[i].Total, s.Sections[i].Max, sec.Minimum)
		s.Sections[i].Passed = &ok
		passed, judged = passed && ok, true
	}
	if p.Rules.PassMark > 0 {
		passed, judged = passed && reaches(s.Total, s.Max, p.Rules.PassMark), true
	}
	if judged {
		s.Passed = &passed
	}
}

func reaches(total, maximum, percent int) bool {
	return int64(total)*100 >= int64(maximum)*int64(percent)
}

// MarkOne marks one response alone: its points in 1/10,000 point, or Awaiting.
func (g Grader) MarkOne(it *Item, k *Key, r *Response) int { return g.itemPoints(it, k, r) }

func (g Grader) itemPoints(it *Item, k *Key, r *Response) int {
	switch {
	case r.Points != nil:
		return *r.Points
	case it.Type == Description:
		return 0
	case r.Answer.IsZero():
		return 0
	case it.Type == Essay:
		return Awaiting
	}
	return g.fraction(it, k, r.Answer).of(it.Points)
}

// fraction is the exact part of full credit that an answer earns, num ÷ den in 0..1: thirds are
// rounded once, in the item's points, and not before.
type fraction struct{ num, den int }

// of is points × fraction, halves rounded up.
func (f fraction) of(points int) int {
	num, den := int64(f.num), int64(f.den)
	return int((2*int64(points)*num + den) / (2 * den))
}

// weighed is a weight out of FullCredit, clamped to 0..1.
func weighed(weight int) fraction { return fraction{min(max(weight, 0), FullCredit), FullCredit} }

func (g Grader) fraction(it *Item, k *Key, a Answer) fraction {
	switch it.Type {
	case SingleChoice, TrueFalse:
		return weighed(k.Options[it.Option(a.Text)])
	case MultipleChoice:
		return multipleFraction(it, k, a)
	case ShortText:
		return weighed(g.textWeight(k.Texts, a.Text))
	case Numeric:
		return weighed(numberWeight(k.Numbers, a.Text))
	case Matching, Ordering, Gaps:
		return g.keyedFraction(it, k, a)
	}
	return weighed(0)
}

// multipleFraction: all or nothing wants exactly the options of positive weight. Partial sums the
// chosen weights (Moodle's rule) when the key has weights of its own; else it is
// (right chosen − wrong chosen) ÷ right. Both are clamped to 0..1.
func multipleFraction(it *Item, k *Key, a Answer) fraction {
	chosen := map[string]bool{}
	for _, v := range a.Choices {
		chosen[it.Option(v)] = true
	}
	right, rightChosen, wrongChosen, sum := 0, 0, 0, 0
	for _, c := range it.Choices {
		weight := k.Options[c.Option]
		if weight > 0 {
			right++
		}
		if !chosen[c.Option] {
			continue
		}
		sum += weight
		if weight > 0 {
			rightChosen++
		} else {
			wrongChosen++
		}
	}
	switch {
	case right == 0:
		return weighed(0)
	case rightChosen == right && wrongChosen == 0:
		return weighed(FullCredit)
	case it.Multiple != Partial:
		return weighed(0)
	case k.Weighted:
		return weighed(sum)
	}
	return fraction{max(rightChosen-wrongChosen, 0), right}
}

// textWeight takes the first key that matches, in order (Moodle's rule).
func (g Grader) textWeight(keys []TextKey, text string) int {
	for i := range keys {
		if g.matches(&keys[i], text) {
			return keys[i].Weight
		}
	}
	return 0
}

func (g Grader) matches(k *TextKey, text string) bool {
	// A full-width star is a character of the answer; folded it would become the wildcard.
	pattern := g.fold(strings.ReplaceAll(k.Pattern, "\uff0a", `\*`), k.CaseSensitive)
	return wildcard(pattern).MatchString(g.fold(text, k.CaseSensitive))
}

// fold brings a text into the form in which texts are compared: normalised, width folded, white
// space collapsed and trimmed, and lower case unless case counts.
func (g Grader) fold(s string, caseSensitive bool) string {
	if g.Normalize != nil {
		s = g.Normalize(s)
	}
	s = strings.Join(strings.Fields(strings.Map(foldWidth, s)), " ")
	if !caseSensitive {
		s = strings.ToLower(s)
	}
	return s
}

// foldWidth maps full-width ASCII (U+FF01–U+FF5E) and the ideographic space to their ASCII forms.
func foldWidth(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r == 0x3000:
		return ' '
	}
	return r
}

// wildcard reads a pattern in which `*` stands for any run of characters and `\*` for a star.
func wildcard(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for i := 0; i < len(pattern); {
		switch {
		case strings.HasPrefix(pattern[i:], `\*`):
			b.WriteString(`\*`)
			i += 2
		case pattern[i] == '*':
			b.WriteString(`.*`)
			i++
		default:
			j := i + 1
			for j < len(pattern) && pattern[j] != '*' && pattern[j] != '\\' {
				j++
			}
			b.WriteString(regexp.QuoteMeta(pattern[i:j]))
			i = j
		}
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String())
}

// numberWeight takes the first range that holds the number.
func numberWeight(keys []NumberKey, text string) int {
	v, ok := ParseNumber(text)
	if !ok {
		return 0
	}
	for i := range keys {
		lo, okLo := ParseNumber(keys[i].Min)
		hi, okHi := ParseNumber(keys[i].Max)
		if okLo && okHi && v.Cmp(lo) >= 0 && v.Cmp(hi) <= 0 {
			return keys[i].Weight
		}
	}
	return 0
}

var numberForm = regexp.MustCompile(`^[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d{1,3})?$`)

// ParseNumber reads a decimal number as a candidate types it: full-width digits, a minus sign
// U+2212, a decimal point, commas only between groups of three digits, and an exponent of at most
// three digits. At most 100 characters. It reports false when the text is no number.
func ParseNumber(s string) (*big.Rat, bool) {
	if len(s) > 400 {
		return nil, false
	}
	s = strings.TrimSpace(strings.Map(foldWidth, s))
	s = strings.ReplaceAll(s, "\u2212", "-")
	if len(s) > 100 || !numberForm.MatchString(s) || !strings.ContainsAny(s, "0123456789") {
		return nil, false
	}
	mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
	if !strings.ContainsAny(mantissa, "0123456789") {
		return nil, false
	}
	return new(big.Rat).SetString(strings.ReplaceAll(s, ",", ""))
}

// keyedFraction is right ÷ total over the prompts that have a key (Moodle's rule for matching).
func (g Grader) keyedFraction(it *Item, k *Key, a Answer) fraction {
	total, sum := 0, 0
	for i := range it.Prompts {
		credit, keyed := g.promptCredit(it, i, k, a)
		if keyed {
			total++
			sum += min(max(credit, 0), FullCredit)
		}
	}
	if total == 0 {
		return weighed(0)
	}
	return fraction{sum, total * FullCredit}
}

func (g Grader) promptCredit(it *Item, i int, k *Key, a Answer) (credit int, keyed bool) {
	p := &it.Prompts[i]
	given := a.Keyed[p.Key]
	option := given
	for _, c := range p.Values {
		if c.Value == given {
			option = c.Option
		}
	}
	switch it.Type {
	case Matching:
		want, ok := k.Pairs[p.Prompt]
		return full(given != "" && option == want), ok
	case Ordering:
		for place, id := range k.Order {
			if id == p.Prompt {
				return full(option == placeName(place+1)), true
			}
		}
		return 0, false
	}
	keys, ok := k.Gaps[p.Prompt]
	if !ok || given == "" {
		return 0, ok
	}
	if len(p.Values) == 0 {
		return g.textWeight(keys, given), true
	}
	for _, t := range keys {
		if t.Pattern == option {
			return t.Weight, true
		}
	}
	return 0, true
}

func full(ok bool) int {
	if ok {
		return FullCredit
	}
	return 0
}
