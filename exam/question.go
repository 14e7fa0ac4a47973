package exam

// Instant is a point in time in microseconds since the Unix epoch, UTC.
// Zero means "none".
type Instant int64

// Micros is a length of time in microseconds.
type Micros int64

// Units of Micros.
const (
	Millisecond Micros = 1_000
	Second      Micros = 1_000_000
	Minute             = 60 * Second
)

// Add returns i moved by d.
func (i Instant) Add(d Micros) Instant { return i + Instant(d) }

// Sub returns the time from o to i.
func (i Instant) Sub(o Instant) Micros { return Micros(i - o) }

// QuestionType says how a question is answered and scored.
type QuestionType string

// The question types that a paper may hold.
const (
	SingleChoice   QuestionType = "single_choice"
	MultipleChoice QuestionType = "multiple_choice"
	TrueFalse      QuestionType = "true_false"
	ShortText      QuestionType = "short_text"
	Numeric        QuestionType = "numeric"
	Essay          QuestionType = "essay"
	Matching       QuestionType = "matching"
	Ordering       QuestionType = "ordering"
	Gaps           QuestionType = "gaps"
	Description    QuestionType = "description"
)

// IsChoice reports whether answers are option values.
func (t QuestionType) IsChoice() bool {
	return t == SingleChoice || t == MultipleChoice || t == TrueFalse
}

// IsKeyed reports whether answers are maps from a prompt key to a value.
func (t QuestionType) IsKeyed() bool {
	return t == Matching || t == Ordering || t == Gaps
}

// TextFormat says how the source of a Text is read.
type TextFormat string

// The text formats. Everything from files is untrusted and sanitised where it is rendered.
const (
	Plain    TextFormat = "plain"    // newlines are line breaks
	Markdown TextFormat = "markdown" // CommonMark, raw HTML omitted
	HTML     TextFormat = "html"
)

// Text is a piece of writing with its source format. Empty format means Plain.
type Text struct {
	Format TextFormat `json:"format,omitempty"`
	Source string     `json:"source"`
}

// Option is one choice of a choice question, or one right-hand side of a matching question.
type Option struct {
	ID    string `json:"id"` // unique within the question; never shown to a candidate
	Text  Text   `json:"text"`
	Fixed bool   `json:"fixed,omitempty"` // keeps its place when options are shuffled
}

// Prompt is one left-hand side of a matching question, one item to order, or one gap.
type Prompt struct {
	ID   string `json:"id"`
	Text Text   `json:"text"`
	// Options limits a gap to these options; empty means free text for gaps, and all
	// options of the question for matching.
	Options []Option `json:"options,omitempty"`
	// Number says that a gap takes a number: candidates get the keyboard for one, and are warned of
	// what is none.
	Number bool `json:"number,omitempty"`
}

// Question is the immutable content of one question version, as far as a candidate may see it
// while sitting: it holds no key and no explanation (R12).
type Question struct {
	Type    QuestionType `json:"type"`
	Title   string       `json:"title,omitempty"`
	Stem    Text         `json:"stem"`
	Options []Option     `json:"options,omitempty"`
	Prompts []Prompt     `json:"prompts,omitempty"`
	Unit    string       `json:"unit,omitempty"` // shown behind a numeric input
	// Stimulus is a passage or a figure that several questions of a set share, those of the same
	// Group: they are drawn, shuffled and shown together. Zero and "" for a question by itself.
	Stimulus Text   `json:"stimulus,omitzero"`
	Group    string `json:"group,omitempty"`
}

// FullCredit is a weight of 100 %: weights and fractions are integers in units of 1/10,000.
const FullCredit = 10_000

// TextKey is one accepted answer of a short-text question. The first that matches counts.
type TextKey struct {
	Pattern       string `json:"pattern"` // `*` matches any run of characters, `\*` a star
	Weight        int    `json:"weight"`  // 0..FullCredit
	CaseSensitive bool   `json:"case_sensitive,omitempty"`
}

// NumberKey is one accepted closed range of a numeric question; the first that matches counts.
// Bounds are decimal strings ("-1.5e3" is allowed); equal bounds mean an exact value.
type NumberKey struct {
	Min    string `json:"min"`
	Max    string `json:"max"`
	Weight int    `json:"weight"` // 0..FullCredit
}

// ScoringRule says how a key is scored where its source has a rule of its own.
type ScoringRule string

// The scoring rules. ByExam leaves it to the exam: Multiple for multiple choice; what is typed or
// chosen alone earns its weight, and keyed answers the mean of their prompts, none below 0.
const (
	ByExam ScoringRule = ""
	// Whole gives full credit for exactly the right answer, else nothing, whatever the exam says (QTI
	// match_correct): the options of positive weight and no other; an answer of FullCredit; every
	// prompt right, and a choice that no pair of the key has left open.
	Whole ScoringRule = "whole"
	// Sum adds the weights of what was given, and clamps to 0..FullCredit, whatever the exam says (QTI
	// map_response): Options, PairWeights, or the gaps by their Weights, of which one may then take away
	// what another gave (Moodle's Cloze).
	Sum ScoringRule = "sum"
	// Next gives, of n items to order, 1 ÷ (n − 1) for each that its right successor follows (Moodle's
	// ordering, relative to the next item).
	Next ScoringRule = "next"
)

// Treatment is what a corrected key says of a question whatever the answers are.
type Treatment string

// The treatments. FullMarks gives all points to everybody, also who did not answer; Excluded lets the
// question count neither in the points nor in the maximum. Marks by hand are no exception.
const (
	ByKey     Treatment = ""
	FullMarks Treatment = "full"
	Excluded  Treatment = "drop"
)

// Key is what marking needs to know of one question version. It may be corrected after the exam:
// Revision counts from 1.
type Key struct {
	Revision int `json:"revision"`
	// Options holds weights by option ID for choice questions (-FullCredit..FullCredit).
	// An absent option weighs 0.
	Options map[string]int `json:"options,omitempty"`
	// Weighted says that Options came with weights of their own (GIFT, Moodle), which
	// partial scoring then sums; else every right option weighs the same.
	Weighted bool              `json:"weighted,omitempty"`
	Texts    []TextKey         `json:"texts,omitempty"`
	Numbers  []NumberKey       `json:"numbers,omitempty"`
	Pairs    map[string]string `json:"pairs,omitempty"` // matching: prompt ID to option ID
	Order    []string          `json:"order,omitempty"` // ordering: prompt IDs in the right order
	// Gaps holds the accepted texts of each gap by prompt ID; for choice gaps the pattern is
	// an option ID and is compared as it is.
	Gaps map[string][]TextKey `json:"gaps,omitempty"`
	// GapNumbers holds the accepted ranges of each gap that takes a number, by prompt ID.
	GapNumbers map[string][]NumberKey `json:"gap_numbers,omitempty"`
	// Rule is how the source scores the question.
	Rule ScoringRule `json:"rule,omitempty"`
	// Weights is how much each prompt counts beside the others, by prompt ID: 1..1,000, absent = 1.
	Weights map[string]int `json:"weights,omitempty"`
	// PairWeights holds, for matching with Rule Sum, what each pair earns of the question's full
	// credit (-FullCredit..FullCredit), by prompt ID and option ID. Absent pairs earn 0.
	PairWeights map[string]map[string]int `json:"pair_weights,omitempty"`
	// Treatment of the question whatever the answers are; the rest of the key stays as it was.
	Treatment Treatment `json:"treatment,omitempty"`
	// Either holds further keys by which the whole answer may be right: it earns the most that any
	// gives. They have neither treatment nor further keys of their own.
	Either []Key `json:"either,omitempty"`
	// Guide is what a person who marks an essay should know; it is never shown to candidates.
	Guide Text `json:"guide,omitzero"`
}

// Feedback is what is shown of a question after release, or after a check in practice.
type Feedback struct {
	Explanation Text            `json:"explanation,omitempty"`
	Options     map[string]Text `json:"options,omitempty"` // by option ID
}
