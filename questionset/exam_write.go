package questionset

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"shiken/exam"
)

// The fields of an exam file, in the order in which it is documented.
type (
	examFile struct {
		Exam       string        `yaml:"exam"`
		Title      any           `yaml:"title"`
		Navigation string        `yaml:"navigation"`
		Feedback   string        `yaml:"feedback"`
		Devices    string        `yaml:"devices,omitempty"`
		TimeLimit  string        `yaml:"time_limit,omitempty"`
		Grace      string        `yaml:"grace,omitempty"`
		Attempts   int           `yaml:"attempts"`
		Counts     string        `yaml:"counts,omitempty"`
		Shuffle    shuffleFields `yaml:"shuffle"`
		Labels     string        `yaml:"labels,omitempty"`
		PassMark   int           `yaml:"pass_mark,omitempty"`
		Release    releaseFields `yaml:"release"`
		Window     windowFields  `yaml:"window,omitempty"`
		OpenTo     []string      `yaml:"open_to,omitempty"`

		Attachments []attachmentFile `yaml:"attachments,omitempty"`

		Published bool          `yaml:"published"`
		Sections  []sectionFile `yaml:"sections"`
	}
	attachmentFile struct {
		File   string `yaml:"file"`
		Title  any    `yaml:"title,omitempty"`
		SHA256 string `yaml:"sha256"`
	}
	shuffleFields struct {
		Questions bool `yaml:"questions"`
		Options   bool `yaml:"options"`
	}
	releaseFields struct {
		Score   string `yaml:"score"`
		Answers string `yaml:"answers"`
		Keys    string `yaml:"keys"`
	}
	windowFields struct {
		Open      string `yaml:"open,omitempty"`
		LastStart string `yaml:"last_start,omitempty"`
		Close     string `yaml:"close,omitempty"`
	}
	sectionFile struct {
		Title    any          `yaml:"title,omitempty"`
		Draw     int          `yaml:"draw,omitempty"`
		Pick     string       `yaml:"pick,omitempty"`
		From     sourceFields `yaml:"from"`
		Points   *yaml.Node   `yaml:"points"`
		Wrong    *yaml.Node   `yaml:"wrong,omitempty"`
		Multiple string       `yaml:"multiple"`
		Minimum  int          `yaml:"minimum,omitempty"`
	}
	sourceFields struct {
		Set      string   `yaml:"set"`
		Category []string `yaml:"category,omitempty"`
		Year     []int    `yaml:"year,omitempty"`
		Tag      []string `yaml:"tag,omitempty"`
	}
)

// WriteExam writes an exam as the exam file that Parse reads (docs/design.md §10): what is read of it
// is the same definition. Its attachments are named as files beside it.
func WriteExam(w io.Writer, d *exam.Definition) error { return writeExam(w, d, "") }

// writeExam is WriteExam with the attachments in a folder ("attachments/").
func writeExam(w io.Writer, d *exam.Definition, folder string) error {
	r := &d.Rules
	out := examFile{
		Exam: d.Slug, Title: titleField(d.Title), Navigation: string(r.Navigation), Feedback: string(r.Feedback), Devices: string(r.Devices),
		TimeLimit: durationField(r.TimeLimit), Grace: durationField(r.Grace), Attempts: d.Attempts, Counts: string(d.Counts),
		Shuffle: shuffleFields(d.Shuffle), Labels: string(d.Labels), PassMark: r.PassMark, OpenTo: d.OpenTo, Published: d.Published,
		Release: releaseFields{releaseField(r.Release.Score), releaseField(r.Release.Answers), releaseField(r.Release.Keys)},
		Window:  windowFields{instantField(r.Window.Open), instantField(r.Window.LastStart), instantField(r.Window.Close)},
	}
	for i := range d.Attachments {
		a := &d.Attachments[i]
		out.Attachments = append(out.Attachments, attachmentFile{folder + a.File, titleField(a.Title), a.Media})
	}
	for i := range d.Sections {
		s := &d.Sections[i]
		out.Sections = append(out.Sections, sectionFile{
			Title: titleField(s.Title), Draw: s.Draw, Pick: string(s.Pick), From: sourceFields(s.From),
			Points: pointsField(s.Points), Wrong: wrongField(s.Wrong), Multiple: string(s.Multiple), Minimum: s.Minimum,
		})
	}
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	return errors.Join(e.Encode(out), e.Close())
}

// titleField writes a title of one unnamed language as the text alone.
func titleField(t exam.Title) any {
	if text, only := t[""]; only && len(t) == 1 {
		return text
	}
	if len(t) == 0 {
		return nil
	}
	return map[string]string(t)
}

// durationField writes 1h30m0s as 1h30m.
func durationField(m exam.Micros) string {
	if m == 0 {
		return ""
	}
	text := (time.Duration(m) * time.Microsecond).String()
	if short, ok := strings.CutSuffix(text, "m0s"); ok {
		text = short + "m"
	}
	if short, ok := strings.CutSuffix(text, "h0m"); ok {
		text = short + "h"
	}
	return text
}

func instantField(i exam.Instant) string {
	if i == 0 {
		return ""
	}
	return time.UnixMicro(int64(i)).UTC().Format(time.RFC3339Nano)
}

func releaseField(r exam.Release) string {
	if r.When == exam.At {
		return instantField(r.At)
	}
	return string(r.When)
}

// pointsField writes points as a number that is no text.
func pointsField(units int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: pointsText(units)}
}

// wrongField leaves out what takes nothing off.
func wrongField(units int) *yaml.Node {
	if units == 0 {
		return nil
	}
	return pointsField(units)
}

// pointsText writes points as a decimal number, which a binary one would not always be.
func pointsText(units int) string {
	text := strconv.Itoa(units / exam.FullCredit)
	if part := units % exam.FullCredit; part != 0 {
		digits := strconv.Itoa(exam.FullCredit + part)[1:]
		text += "." + strings.TrimRight(digits, "0")
	}
	return text
}
