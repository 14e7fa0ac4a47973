package exam

// Choice is one option as it stands on a paper: an opaque value in the form, and the option meant.
type Choice struct {
	Value  string `json:"value"`
	Option string `json:"option"`
}

// PaperPrompt is one keyed input of an item: its opaque key, the prompt meant, and the values it
// takes. No values means free text.
type PaperPrompt struct {
	Key    string   `json:"key"`
	Prompt string   `json:"prompt"`
	Values []Choice `json:"values,omitempty"`
}

// option is the option ID behind an opaque value; what is no value of the prompt stands for itself.
func (p *PaperPrompt) option(value string) string {
	for i := range p.Values {
		if p.Values[i].Value == value {
			return p.Values[i].Option
		}
	}
	return value
}

func (p *PaperPrompt) allows(v string) bool {
	if len(p.Values) == 0 {
		return true
	}
	for _, c := range p.Values {
		if c.Value == v {
			return true
		}
	}
	return false
}

// Item is one position of a paper.
type Item struct {
	Version  string       `json:"version"` // question version id
	Type     QuestionType `json:"type"`
	Section  int          `json:"section"`         // index into Paper.Sections
	Points   int          `json:"points"`          // 1/10,000 point
	Wrong    int          `json:"wrong,omitempty"` // taken off for an answer that earns nothing, 1/10,000 point
	Multiple Multiple     `json:"multiple,omitempty"`
	// Exact: weights of the key near a fraction stand for it, 3333 for 1/3. Papers of before lack it.
	Exact   bool          `json:"exact,omitempty"`
	Labels  OptionLabels  `json:"labels,omitempty"`  // of the choices
	Choices []Choice      `json:"choices,omitempty"` // in the order shown
	Prompts []PaperPrompt `json:"prompts,omitempty"` // in the order shown
}

func (it *Item) choice(value string) int {
	for i := range it.Choices {
		if it.Choices[i].Value == value {
			return i
		}
	}
	return -1
}

// Option returns the option ID behind an opaque choice value, or "".
func (it *Item) Option(value string) string {
	if i := it.choice(value); i >= 0 {
		return it.Choices[i].Option
	}
	return ""
}

func (it *Item) prompt(key string) *PaperPrompt {
	for i := range it.Prompts {
		if it.Prompts[i].Key == key {
			return &it.Prompts[i]
		}
	}
	return nil
}

// PaperSection is a section as it stands on a paper.
type PaperSection struct {
	Title   Title `json:"title,omitempty"`
	Minimum int   `json:"minimum,omitempty"` // percent needed to pass; 0 = none
}

// Paper is what was drawn for one attempt at its start. It never changes (R14).
type Paper struct {
	Attempt   string         `json:"attempt"`
	Exam      string         `json:"exam"` // slug
	Title     Title          `json:"title"`
	Candidate string         `json:"candidate"` // user id
	Seed      string         `json:"seed"`      // 64 hexadecimal digits
	Rules     Rules          `json:"rules"`
	Sections  []PaperSection `json:"sections"`
	Items     []Item         `json:"items"`
	// Attachments are those of the exam as they were. Papers of before lack them.
	Attachments []Attachment `json:"attachments,omitempty"`
}

// Len is n, the number of positions.
func (p *Paper) Len() int { return len(p.Items) }

// ReviewPosition is n + 1, the position of the review page (R6).
func (p *Paper) ReviewPosition() int { return len(p.Items) + 1 }

// Item returns the item at a 1-based position, or nil outside 1..n.
func (p *Paper) Item(position int) *Item {
	if position < 1 || position > len(p.Items) {
		return nil
	}
	return &p.Items[position-1]
}

// Hash is the SHA-256 of the paper's canonical JSON; the first journal entry names it.
func (p *Paper) Hash() Hash { return hashOf(p) }
