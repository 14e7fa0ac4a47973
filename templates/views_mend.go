package templates

import (
	"net/url"
	"strconv"
)

// MendView is a question of an uploaded file that its author mends before it is loaded.
type MendView struct {
	File string
	// Report, Action and Preview are addresses.
	Report, Action, Preview string
	Nth, Line               int
	Number                  string
	Edition                 int           // of what was mended, that the author sees
	Found                   []DeskFinding // what the report says of the question
	// Source is the text of the question in the file, empty where that cannot be read by itself. Header names
	// the columns of a table.
	Source, Header string
	Taken          bool // it was sound enough to be loaded
	Readable       bool
	Mended         bool // before
	MayText        bool
	AsText         bool
	Text           string
	MaxText        int
	Sheet          bool // the text is a row of a workbook
	Refused        bool
	Full           bool // no more is kept of this upload
	Edit           BankEditView
}

func (v MendView) frame(page Page) StaffFrame {
	f := StaffFrame{
		Title:  page.T("mend.title"),
		Crumbs: []Crumb{{Text: page.T("desk.upload"), Path: UploadPath()}, {Text: page.T("desk.report.title", "file", v.File), Path: v.Report}},
		Data:   map[string]any{"data-nth": strconv.Itoa(v.Nth), "data-edition": strconv.Itoa(v.Edition)},
	}
	if v.Number != "" {
		f.Title = page.T("mend.title.number", "number", v.Number)
	}
	return f
}

// other is the page that shows the question the other way.
func (v MendView) other(as string) string {
	u, err := url.Parse(v.Action)
	if err != nil {
		return "/"
	}
	query := u.Query()
	query.Set("as", as)
	u.RawQuery = query.Encode()
	return u.String()
}

// textHint says how the text is written.
func (v MendView) textHint() string {
	if v.Header != "" {
		return "mend.text.hint.row"
	}
	return "mend.text.hint"
}
