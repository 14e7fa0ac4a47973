package exam

import (
	"errors"
	"maps"
	"slices"
)

// Navigation says in which order questions may be answered.
type Navigation string

// Free: any position, answers may be changed until submission.
// Linear: forward only, a question that was left is closed.
const (
	Free   Navigation = "free"
	Linear Navigation = "linear"
)

// FeedbackMode says what is revealed while the attempt is open.
type FeedbackMode string

// ExamFeedback reveals nothing before release; PracticeFeedback lets `check` close a question and
// show its key and explanation.
const (
	ExamFeedback     FeedbackMode = "exam"
	PracticeFeedback FeedbackMode = "practice"
)

// Devices says how many of a candidate's devices may write an attempt at a time. A device is a sign-in:
// all tabs of a browser share it.
type Devices string

// AnyDevice lets all of them, OneDevice that which began the attempt, or took it over since.
const (
	AnyDevice Devices = ""
	OneDevice Devices = "one"
)

// Multiple says how multiple-choice questions are scored, as far as their source has no rule of its
// own (Key.Rule). Empty means AllOrNothing.
type Multiple string

// BySource adds the weights of a key that has its own, and is AllOrNothing for others. AllOrNothing
// gives full points for exactly the right options; Partial adds and subtracts.
const (
	BySource     Multiple = "source"
	AllOrNothing Multiple = "all_or_nothing"
	Partial      Multiple = "partial"
)

// ReleaseWhen names the moment from which something may be shown to the candidate.
type ReleaseWhen string

// The moments of release. At uses Release.At.
const (
	Immediately ReleaseWhen = "immediately" // once the attempt is closed and marked
	AfterClose  ReleaseWhen = "after_close" // once the exam's window has closed
	At          ReleaseWhen = "at"
	Manually    ReleaseWhen = "manually"
	Never       ReleaseWhen = "never"
)

// Release is the moment of release of one thing (score, answers or keys).
type Release struct {
	When ReleaseWhen `json:"when"`
	At   Instant     `json:"at,omitempty"`
}

// ReleaseRules says when score, the candidate's own answers, and keys with explanations are shown.
type ReleaseRules struct {
	Score   Release `json:"score"`
	Answers Release `json:"answers"`
	Keys    Release `json:"keys"`
}

// Window bounds when attempts may be started and worked on. Zero instants mean no bound.
type Window struct {
	Open      Instant `json:"open,omitempty"`
	LastStart Instant `json:"last_start,omitempty"`
	Close     Instant `json:"close,omitempty"`
}

// Rules are the rules of a sitting, copied to the paper at its start.
type Rules struct {
	Navigation   Navigation   `json:"navigation"`
	Feedback     FeedbackMode `json:"feedback"`
	TimeLimit    Micros       `json:"time_limit,omitempty"` // 0 = untimed
	Grace        Micros       `json:"grace,omitempty"`
	ExtraPercent int          `json:"extra_percent,omitempty"` // of the candidate, 0..300
	Window       Window       `json:"window"`
	// ExamClose is the exam's close where Window has one that is the candidate's own; 0 else.
	ExamClose Instant      `json:"exam_close,omitempty"`
	Release   ReleaseRules `json:"release"`
	PassMark  int          `json:"pass_mark,omitempty"` // percent of all points; 0 = none
	Devices   Devices      `json:"devices,omitempty"`
}

// Title is a text by language tag ("ja", "en"); "" is the fallback.
type Title map[string]string

// In returns the title in the language lang, else the fallback, English, Japanese or the first of
// the others by tag.
func (t Title) In(lang string) string {
	for _, l := range []string{lang, "", "en", "ja"} {
		if s := t[l]; s != "" {
			return s
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		if t[l] != "" {
			return t[l]
		}
	}
	return ""
}

// Source names the questions a section draws from. Empty lists do not filter.
type Source struct {
	Set      string   `json:"set"`
	Category []string `json:"category,omitempty"`
	Year     []int    `json:"year,omitempty"`
	Tag      []string `json:"tag,omitempty"` // any of them
}

// Takes reports whether a question of the source's set, in the given category and year (0 = none) and
// with the given tags, passes the filters.
func (s *Source) Takes(category string, year int, tags []string) bool {
	return (len(s.Category) == 0 || slices.Contains(s.Category, category)) &&
		(len(s.Year) == 0 || slices.Contains(s.Year, year)) &&
		(len(s.Tag) == 0 || slices.ContainsFunc(s.Tag, func(t string) bool { return slices.Contains(tags, t) }))
}

// Pick says whose draw a section's questions are.
type Pick string

// PickRandom ("") draws for each candidate. PickSame draws once, for every candidate of a publication.
const (
	PickRandom Pick = ""
	PickSame   Pick = "same"
)

// SectionDefinition is one section of an exam definition.
type SectionDefinition struct {
	Title  Title  `json:"title,omitempty"`
	Draw   int    `json:"draw,omitempty"` // 0 = all
	Pick   Pick   `json:"pick,omitempty"`
	From   Source `json:"from"`
	Points int    `json:"points"` // for each question, in 1/10,000 point
	// Wrong is taken off for a wrong answer to a choice question: 0, or MinWrong..Points.
	Wrong    int      `json:"wrong,omitempty"`
	Multiple Multiple `json:"multiple"`
	Minimum  int      `json:"minimum,omitempty"` // percent of the section needed to pass; 0 = none
}

// Shuffle says what is put into a random order at the start.
type Shuffle struct {
	Questions bool `json:"questions,omitempty"`
	Options   bool `json:"options,omitempty"`
}

// Definition is an exam as its author wrote it. Rules.ExtraPercent is always 0 here.
type Definition struct {
	Slug      string              `json:"slug"`
	Title     Title               `json:"title"`
	Rules     Rules               `json:"rules"`
	Attempts  int                 `json:"attempts"`         // 0 = unlimited
	Counts    Counting            `json:"counts,omitempty"` // where a candidate has several
	Shuffle   Shuffle             `json:"shuffle"`
	Labels    OptionLabels        `json:"labels,omitempty"`  // of the options of choice questions
	OpenTo    []string            `json:"open_to,omitempty"` // group names; "everyone" opens it to all
	Published bool                `json:"published"`
	Sections  []SectionDefinition `json:"sections"`

	Attachments []Attachment `json:"attachments,omitempty"` // in the order shown
}

// Everyone in OpenTo opens an exam to every candidate.
const Everyone = "everyone"

// OpenToAny reports whether a candidate in the given groups may see the exam.
func (d *Definition) OpenToAny(groups []string) bool {
	for _, o := range d.OpenTo {
		if o == Everyone {
			return true
		}
		for _, g := range groups {
			if o == g {
				return true
			}
		}
	}
	return false
}

// Limits of a definition and of a paper.
const (
	MaxQuestions    = 1_000
	MaxExtraPercent = 300
	MaxTimeLimit    = 14 * 24 * 60 * Minute
	MaxGrace        = 60 * Minute
	MaxAmount       = 3_650 * 24 * 60 * Minute // given at once: ten years, longer than any outage
	MaxPoints       = 1_000 * FullCredit
	MinWrong        = FullCredit / 1_000 // so that no mark is one of those that say something else (Awaiting)
)

// ErrDefinition is wrapped by every error of Draw.
var ErrDefinition = errors.New("exam: definition cannot be used")
