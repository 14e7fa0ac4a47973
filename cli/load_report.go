package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"shiken/cli/phrase"
	"shiken/desk"
	"shiken/internal/printable"
	"shiken/store"
)

// report writes what became of every file to the standard output. err is what the command ends
// with; it is told elsewhere.
func (ld *loading) report(err error) error {
	if ld.asJSON {
		return ld.reportJSON(err == nil)
	}
	for _, f := range ld.files {
		if !f.within {
			if err := f.Report.WriteText(ld.t.Out, ld.t.Language.Tag()); err != nil {
				return err
			}
		}
		for _, line := range ld.outcome(f) {
			if _, err := fmt.Fprintln(ld.t.Out, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// outcome says in words what became of a file that was judged.
func (ld *loading) outcome(f *fileLoad) []string {
	l := ld.t.Language
	var lines []string
	for _, m := range f.ShownMedia() {
		lines = append(lines, l.T("load.media", "file", f.Name, "name", m.Name, "type", m.Type, "kb", (len(m.Data)+1023)>>10))
	}
	if r := f.result; r != nil {
		key := "load.set"
		if ld.dryRun {
			key = "load.plan"
		}
		lines = append(lines, l.T(key, "set", f.set, "new", r.New, "changed", r.Changed,
			"unchanged", r.Unchanged, "edited", r.Edited, "absent", r.Absent, "retired", r.Retired))
		lines = append(lines, differenceLines(l, f)...)
		lines = append(lines, editedLines(l, f.set, r)...)
		switch {
		case !ld.choice.RetireAll:
		case f.Report.Counts.Refused > 0:
			lines = append(lines, l.T("load.not_retired", "set", f.set, "n", f.Report.Counts.Refused))
		case !f.Report.Sound():
			lines = append(lines, l.T("load.not_retired_cut", "set", f.set))
		}
		if r.Retired < r.Absent {
			lines = append(lines, absentLines(l, f.set, r)...)
		}
	}
	for _, slug := range f.short {
		lines = append(lines, l.T("load.short", "set", f.set, "exam", slug))
	}
	for i := range f.exams {
		e := &f.exams[i]
		for _, fault := range slices.Concat(e.faults, e.notices) {
			lines = append(lines, printable.Text(f.Name)+": "+ld.faultText(l, e, fault))
		}
		for _, a := range e.definition.Attachments {
			lines = append(lines, l.T("load.attachment", "exam", e.definition.Slug, "name", a.File, "type", a.Type, "kb", (a.Size+1023)>>10))
		}
		switch {
		case e.loaded:
			lines = append(lines, l.T("load.exam", "exam", e.definition.Slug))
		case ld.dryRun && !e.refused():
			lines = append(lines, l.T("load.exam_sound", "exam", e.definition.Slug))
		}
	}
	return lines
}

// absentLines lists the questions of a set that its file lacks, as far as the store does.
func absentLines(l phrase.Language, set string, r *store.LoadResult) []string {
	var lines []string
	for _, question := range r.AbsentList {
		lines = append(lines, l.T("load.absent", "set", set, "question", question))
	}
	if more := r.Absent - len(r.AbsentList); more > 0 {
		lines = append(lines, l.T("load.absent_more", "set", set, "n", more))
	}
	return lines
}

// editedLines lists the questions that were edited here and kept, as far as the store does.
func editedLines(l phrase.Language, set string, r *store.LoadResult) []string {
	var lines []string
	for _, question := range r.EditedList {
		lines = append(lines, l.T("load.edited", "set", set, "question", question))
	}
	if more := r.Edited - len(r.EditedList); more > 0 {
		lines = append(lines, l.T("load.edited_more", "set", set, "n", more))
	}
	return lines
}

func (ld *loading) faultText(l phrase.Language, e *examLoad, f desk.Fault) string {
	args := append([]any{"exam", e.definition.Slug, "section", f.Section}, f.Args...)
	return l.T("load.exam."+string(f.Code), args...)
}

// The report for programs. Texts stand beside codes in every language.
type (
	jsonReport struct {
		Loaded bool       `json:"loaded"` // nothing was refused, and everything is stored
		DryRun bool       `json:"dry_run"`
		Files  []jsonFile `json:"files"`
	}
	jsonFile struct {
		Report json.RawMessage `json:"report"`
		Set    string          `json:"set,omitempty"`
		// Result is what was done, with dry_run what would be.
		Result *jsonResult `json:"result,omitempty"`
		// Different are questions that are other in the file than here, the first maxDifferent of them;
		// DifferentMore counts the others.
		Different     []jsonQuestion `json:"different,omitempty"`
		DifferentMore int            `json:"different_more,omitempty"`
		// Short are slugs of published exams that cannot be drawn any more once the absent ones are retired.
		Short []string    `json:"short,omitempty"`
		Media []jsonMedia `json:"media,omitempty"` // that the questions show
		Exams []jsonExam  `json:"exams,omitempty"`
	}
	jsonMedia struct {
		Hash  string `json:"hash"` // SHA-256
		Name  string `json:"name"` // in the file
		Type  string `json:"type"`
		Bytes int    `json:"bytes"`
	}
	jsonResult struct {
		New       int `json:"new"`
		Changed   int `json:"changed"`
		Unchanged int `json:"unchanged"`
		Absent    int `json:"absent"`
		Retired   int `json:"retired"` // of the absent ones
		// Edited counts those that were edited here since and kept; EditedList names them.
		Edited     int      `json:"edited"`
		EditedList []string `json:"edited_list"`
		// AbsentList names the absent ones, the first store.MaxAbsentListed of them.
		AbsentList []string `json:"absent_list"`
	}
	jsonExam struct {
		Exam   string          `json:"exam"`
		Loaded bool            `json:"loaded"`
		Faults []jsonExamFault `json:"faults"`
		// Notices keep nothing from being drawn.
		Notices []jsonExamFault `json:"notices"`

		Attachments []jsonMedia `json:"attachments,omitempty"`
	}
	jsonExamFault struct {
		desk.Fault
		Text map[string]string `json:"text"`
	}
)

func (ld *loading) reportJSON(sound bool) error {
	out := jsonReport{Loaded: sound && !ld.dryRun, DryRun: ld.dryRun}
	for _, f := range ld.files {
		var report bytes.Buffer
		if err := f.Report.WriteJSON(&report); err != nil {
			return err
		}
		file := jsonFile{Report: report.Bytes(), Set: f.set, Result: resultJSON(f.result),
			Different: differencesJSON(f.different), DifferentMore: f.moreDifferent, Short: f.short}
		for _, m := range f.ShownMedia() {
			file.Media = append(file.Media, jsonMedia{m.Hash, m.Name, m.Type, len(m.Data)})
		}
		for i := range f.exams {
			file.Exams = append(file.Exams, ld.examJSON(&f.exams[i]))
		}
		out.Files = append(out.Files, file)
	}
	e := json.NewEncoder(ld.t.Out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

func resultJSON(r *store.LoadResult) *jsonResult {
	if r == nil {
		return nil
	}
	return &jsonResult{New: r.New, Changed: r.Changed, Unchanged: r.Unchanged, Absent: r.Absent, Retired: r.Retired,
		AbsentList: append([]string{}, r.AbsentList...),
		Edited:     r.Edited, EditedList: append([]string{}, r.EditedList...)}
}

func (ld *loading) examJSON(e *examLoad) jsonExam {
	out := jsonExam{
		Exam: e.definition.Slug, Loaded: e.loaded,
		Faults: ld.faultsJSON(e, e.faults), Notices: ld.faultsJSON(e, e.notices),
	}
	for _, a := range e.definition.Attachments {
		out.Attachments = append(out.Attachments, jsonMedia{a.Media, a.File, a.Type, int(a.Size)})
	}
	return out
}

func (ld *loading) faultsJSON(e *examLoad, faults []desk.Fault) []jsonExamFault {
	out := []jsonExamFault{}
	for _, fault := range faults {
		text := map[string]string{}
		for _, tag := range []string{"en", "ja"} {
			language, _ := phrase.Named(tag)
			text[tag] = strings.TrimSpace(ld.faultText(language, e, fault))
		}
		out = append(out, jsonExamFault{fault, text})
	}
	return out
}
