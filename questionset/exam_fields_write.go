package questionset

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"shiken/exam"
)

// FieldsOf writes an exam as the fields of a form, in a zone: ReadFields gives the same definition.
func FieldsOf(d *exam.Definition, zone *time.Location) Fields {
	f, r := Fields{}, &d.Rules
	f.set("exam", d.Slug)
	f.putTitle("title", d.Title)
	f.set("navigation", string(r.Navigation))
	f.set("feedback", string(r.Feedback))
	f.set("devices", string(r.Devices))
	f.set("time_limit", lengthIn(r.TimeLimit, exam.Minute))
	f.set("grace", lengthIn(r.Grace, exam.Second))
	f.set("attempts", strconv.Itoa(d.Attempts))
	f.set("pass_mark", positive(r.PassMark))
	f.set("shuffle.questions", truth(d.Shuffle.Questions))
	f.set("shuffle.options", truth(d.Shuffle.Options))
	f.set("counts", string(d.Counts))
	f.set("labels", string(d.Labels))
	f.putRelease("release.score", r.Release.Score, zone)
	f.putRelease("release.answers", r.Release.Answers, zone)
	f.putRelease("release.keys", r.Release.Keys, zone)
	f.putTime("window.open", r.Window.Open, zone)
	f.putTime("window.last_start", r.Window.LastStart, zone)
	f.putTime("window.close", r.Window.Close, zone)
	if len(d.OpenTo) > 0 {
		f["open_to"] = slices.Clone(d.OpenTo)
	}
	for i := range d.Attachments {
		a, path := &d.Attachments[i], attachmentPath(i+1)
		f.putTitle(path+".title", a.Title)
		f.set(path+".file", a.File)
		f.set(path+".sha256", a.Media)
	}
	f.set("published", truth(d.Published))
	for i := range d.Sections {
		f.putSection(sectionPath(i+1), &d.Sections[i])
	}
	return f
}

func (f Fields) putSection(path string, s *exam.SectionDefinition) {
	f.putTitle(path+".title", s.Title)
	f.set(path+".draw", positive(s.Draw))
	f.set(path+".pick", string(s.Pick))
	f.set(path+".from.set", s.From.Set)
	if len(s.From.Category) > 0 {
		f[path+".from.category"] = slices.Clone(s.From.Category)
	}
	for _, year := range s.From.Year {
		f[path+".from.year"] = append(f[path+".from.year"], strconv.Itoa(year))
	}
	if len(s.From.Tag) > 0 {
		f[path+".from.tag"] = slices.Clone(s.From.Tag)
	}
	f.set(path+".points", pointsText(s.Points))
	if s.Wrong > 0 {
		f.set(path+".wrong", pointsText(s.Wrong))
	}
	f.set(path+".multiple", string(s.Multiple))
	f.set(path+".minimum", positive(s.Minimum))
}

func (f Fields) putTitle(path string, t exam.Title) {
	f.set(path, t[""])
	var more []string
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		switch {
		case slices.Contains(titleInputs, lang):
			f.set(path+"."+lang, t[lang])
		case lang != "":
			more = append(more, lang+": "+t[lang])
		}
	}
	f.set(path+".more", strings.Join(more, "\n"))
}

func (f Fields) putRelease(path string, r exam.Release, zone *time.Location) {
	f.set(path, string(r.When))
	if r.When == exam.At {
		f.putTime(path+".at", r.At, zone)
	}
}

func (f Fields) putTime(path string, at exam.Instant, zone *time.Location) {
	f.set(path, LocalTime(at, zone))
	f.set(path+".exact", instantField(at))
}

// lengthIn writes a length of time as a bare number of a unit, or as the exam file does.
func lengthIn(m, unit exam.Micros) string {
	if m > 0 && m%unit == 0 {
		return strconv.FormatInt(int64(m/unit), 10)
	}
	return durationField(m)
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return ""
}
