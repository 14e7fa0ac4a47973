package store

// LoadResult counts what became of the questions of a file.
type LoadResult struct {
	// New, Changed and Unchanged count those of the file; a changed one differs in content, key or
	// explanation, which makes a new version, or in what it is filtered and called by alone.
	New, Changed, Unchanged int
	Absent                  int // of the set's, that are not retired
	// Retired counts those of the absent ones that were retired now.
	Retired int
	// Edited counts those that were edited here since they were loaded, say something else than the file and
	// were kept; EditedList names them as AbsentList does, the first MaxAbsentListed of them.
	Edited     int
	EditedList []string
	// AbsentList names the absent ones in the set's order, by their number in the source, else by
	// their source key, else (the key went to another question) by their identity; the first
	// MaxAbsentListed of them.
	AbsentList []string
}

// MaxAbsentListed bounds LoadResult.AbsentList and LoadResult.EditedList.
const MaxAbsentListed = 1_000

// LoadChange says what a load makes of a question of its file.
type LoadChange string

// The changes.
const (
	LoadUnchanged LoadChange = ""
	LoadNew       LoadChange = "new"
	LoadChanged   LoadChange = "changed"
	LoadEdited    LoadChange = "edited" // here, since it was loaded: kept unless its author wants the file's
)

// LoadPlan is what a load without choices would do.
type LoadPlan struct {
	LoadResult
	Questions []PlannedQuestion // in the order of the file
	// AbsentQuestions are those that AbsentList names the first of.
	AbsentQuestions []AbsentQuestion
}

// PlannedQuestion is what a load would make of one question of its file.
type PlannedQuestion struct {
	Identity string // of the stored question that it is; empty: it is new
	Edition  int    // of the stored question
	Change   LoadChange
}

// AbsentQuestion is a question of a set that a file lacks.
type AbsentQuestion struct {
	Identity, Name string
	Edited         bool // here, or written here: no file had it so
}

// LoadChoice is what an author chose for questions of the set that a load meets. The zero LoadChoice keeps
// what was edited here, and leaves what is absent.
type LoadChoice struct {
	// ReplaceAll gives the file's for all that was edited here but Keep; Replace for those that have the
	// edition that the author saw, by identity.
	ReplaceAll bool           `json:"replace_all,omitempty"`
	Replace    map[string]int `json:"replace,omitempty"`
	Keep       []string       `json:"keep,omitempty"`
	// RetireAll retires all that is absent but Leave, Retire what of it is named by its identity.
	RetireAll bool     `json:"retire_all,omitempty"`
	Retire    []string `json:"retire,omitempty"`
	Leave     []string `json:"leave,omitempty"`
	// Editor is the username that the history of the retired ones names.
	Editor string `json:"editor,omitempty"`
}

// Chosen is a LoadChoice made ready to be asked about each question of a load: a choice may name thousands, and
// a set has a hundred times as many.
type Chosen struct {
	choice              *LoadChoice
	keep, retire, leave map[string]bool
}

// Chosen makes the choice ready. It is as the choice is now.
func (c *LoadChoice) Chosen() *Chosen {
	return &Chosen{choice: c, keep: setOf(c.Keep), retire: setOf(c.Retire), leave: setOf(c.Leave)}
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// Replaces tells whether the choice gives the file's for a question that was edited here.
func (c *Chosen) Replaces(identity string, edition int) bool {
	if c.choice.ReplaceAll {
		return !c.keep[identity]
	}
	seen, chosen := c.choice.Replace[identity]
	return chosen && seen == edition
}

// Retires tells whether the choice retires a question that is absent.
func (c *Chosen) Retires(identity string) bool {
	if c.choice.RetireAll {
		return !c.leave[identity]
	}
	return c.retire[identity]
}
