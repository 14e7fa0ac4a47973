package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"shiken/questionset"
	"shiken/templates"
)

// columnField begins the names of the form's fields that say what a column holds; its number from 1 follows.
const columnField = "column."

// errColumns: what is said of a table's columns contradicts itself.
var errColumns = fmt.Errorf("handlers: columns: %w", errMalformed)

// uploadOptions reads how the author wants the file of the path to be read.
func uploadOptions(r *http.Request) (questionset.Options, error) { return optionsOf(r.URL.Query()) }

// optionsOf reads how a file is to be read: its format, and which column of a table is what, in one field
// or in one for each column.
func optionsOf(values url.Values) (opts questionset.Options, err error) {
	if opts.Format, err = questionset.ParseFormat(values.Get("format")); err != nil {
		return opts, errMalformed
	}
	known := false
	if opts.Text, known = questionset.ParseTextFormat(values.Get("text")); !known {
		return opts, errMalformed
	}
	columns := values.Get("columns")
	if chosen := chosenColumns(values); chosen != "" {
		columns = chosen
	}
	if opts.Columns, err = questionset.ParseColumns(columns); err != nil {
		return opts, errColumns
	}
	return opts, nil
}

// chosenColumns writes what the form says of single columns as one text.
func chosenColumns(values url.Values) string {
	var pairs []string
	for n := 1; n <= questionset.MaxColumns; n++ {
		if field := values.Get(columnField + strconv.Itoa(n)); field != "" {
			pairs = append(pairs, field+"="+strconv.Itoa(n))
		}
	}
	if len(pairs) == 0 {
		return ""
	}
	switch header := values.Get("header"); header {
	case "":
	case "0":
		pairs = append(pairs, "header=none")
	default:
		pairs = append(pairs, "header="+header)
	}
	return strings.Join(pairs, ",")
}

// columnsView is the form that asks what the columns of a table are; nil for what is no table.
func columnsView(f *questionset.File, opts questionset.Options) *templates.ColumnsView {
	table := f.Table
	if table == nil {
		return nil
	}
	view := &templates.ColumnsView{
		Header: table.HeaderLine, Fields: questionset.TableFields(), Needed: len(f.Questions) == 0 || len(opts.Columns) > 0,
		Text: string(opts.Text),
	}
	if table.HeaderLine == 0 && opts.Columns["header"] == "" {
		view.Header = 1
	}
	for i := range max(len(table.Header), len(table.Sample)) {
		column := templates.TableColumn{Number: i + 1}
		column.Header, column.Sample = at(table.Header, i), at(table.Sample, i)
		column.Field = at(table.Fields, i)
		if len(table.Fields) == 0 {
			column.Field = fieldOf(opts.Columns, i+1)
		}
		view.Columns = append(view.Columns, column)
	}
	return view
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// fieldOf is the field that a column was given by its number.
func fieldOf(columns questionset.Columns, number int) string {
	for field, ref := range columns {
		if ref == strconv.Itoa(number) && field != "header" {
			return field
		}
	}
	return ""
}
