package templates

import "time"

// BankView is a list of questions over all sets, or one.
type BankView struct {
	Filter   BankFilter
	Filtered bool
	Rows     []BankRow
	Pager    Pager
	// Sets, Categories, Years, Tags and Kinds are what may be chosen, of the chosen set where there is one. What there
	// is more of is typed.
	Sets, Categories, Tags    []string
	Years                     []int
	MoreCategories, MoreYears bool
	Kinds                     []AnswerKind
	Now                       time.Time
}

// BankFilter is what the list is narrowed to; zero fields do not.
type BankFilter struct {
	Search, Set, Category, Tag, State string // State: of a question, or "retired"
	Year                              int
	Kind                              AnswerKind
}

// BankRow is a question in a list.
type BankRow struct {
	Identity, Set, Number, Category, Text string
	Year                                  int
	Kind                                  AnswerKind
	Tags                                  []string
	State                                 string // or "retired"
	Edited                                time.Time
	EditedBy                              string
}

// BankQuestionView is a question with its history.
type BankQuestionView struct {
	Identity, Set string
	Title         string
	State         string // without regard to Retired
	Retired       bool
	Edition       int
	Event         string // id of the form that marks the question
	Question      DeskQuestion
	Guide         SafeHTML
	Group         string
	Revision      int
	Edited        time.Time
	EditedBy      string
	Versions      []BankVersion
	Events        []BankEvent
	Now           time.Time
	// Moved: the form was refused, since the question is another by now; Note is what was typed.
	Moved bool
	Note  string
	// NoteProblem: the comment is missing or too long.
	NoteProblem bool
	MaxNote     int
}

// BankVersion is a version in the list of a question's versions.
type BankVersion struct {
	Revision, KeyRevision int
	Created               time.Time
	By                    string // empty: loaded from a file
	Path                  string
	Differences           []FieldDifference // to the version before
	First                 bool
	KeyPath               string // where its key is corrected for attempts that drew it; empty for who may not
}

// BankEvent is what an author did or said.
type BankEvent struct {
	At                    time.Time
	By, Kind, Note        string
	Revision, KeyRevision int
}

// BankVersionView is an earlier version of a question.
type BankVersionView struct {
	Identity, Title, Set string
	Version              BankVersion
	Question             DeskQuestion
	Now                  time.Time
}

// BankEditView is a question in its editor.
type BankEditView struct {
	// Identity is empty for a new question, whose id NewID then is.
	Identity, NewID string
	Title           string
	Set             string
	Sets            []string
	Edition         int
	KeyRevision     int
	Event           string
	State, Note     string
	Retired         bool
	Fields          map[string][]string
	Rows            int
	Kind            AnswerKind
	Types           []string // as forms name them
	Rules           []string
	Findings        []DeskFinding
	Refused         bool
	SetProblem      bool
	PairsKept       bool // what each pair earns comes from a file
	Preview         *DeskQuestion
	Mends           bool // it is of an uploaded file, and in no set
	Pictures        bool // the question is stored, so that pictures can be added
	MaxText         int
	MaxNote         int
}

// BankConflictView is what another author has saved of a question, beside what was sent.
type BankConflictView struct {
	Identity, Title string
	Saved           time.Time
	By              string
	Theirs, Mine    DeskQuestion
	Differences     []FieldDifference
	Now             time.Time
	Action          string
	Fields          []Field // of what was sent, but for the action
	// Text says what has happened, and Back leads to what is kept without what was sent, where that is no
	// question of a set.
	Text, Back string
}

// crumbs lead back from the conflict.
func (v BankConflictView) crumbs(page Page) []Crumb {
	if v.Back != "" {
		return []Crumb{{Text: page.T("desk.upload"), Path: UploadPath()}, {Text: v.Title, Path: v.Back}}
	}
	return []Crumb{{Text: page.T("edit.questions"), Path: BankPath()}, {Text: v.Title, Path: BankQuestionPath(v.Identity)}}
}

// back is where what is kept stands.
func (v BankConflictView) back() string {
	if v.Back != "" {
		return v.Back
	}
	return BankQuestionPath(v.Identity)
}

// PictureView is the form that adds a picture to a question.
type PictureView struct {
	Identity, Title string
	Edition         int
	KeyRevision     int
	Event           string
	Places          []Field // by path: where it may go
	Place, Alt      string
	Problem         string // of file, alt, place or moved; empty: none
	MB              int
}
