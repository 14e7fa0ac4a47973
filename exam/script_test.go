package exam_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"shiken/exam"
)

var update = flag.Bool("update", false, "write the outcomes into testdata/*.txt")

// TestScripts runs the golden scripts in testdata and compares the outcome beside each line; every
// step is held against the rules and the twin as well. testdata/README.md tells the language.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d scripts, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := playScript(t, string(source))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil { //nolint:gosec // test data
					t.Fatal(err)
				}
				return
			}
			was := strings.Split(string(source), "\n")
			for i, line := range strings.Split(got, "\n") {
				if i >= len(was) || line != was[i] {
					t.Errorf("line %d is now\n%s\nwas\n%s", i+1, line, was[min(i, len(was)-1)])
				}
			}
		})
	}
}

// tab is a browser's tab: the page that it shows.
type tab struct {
	device   string
	page     string
	position int
	rev      int64
	seq      int64
	changes  int64
	opening  int
}

// player plays one script.
type player struct {
	s     sitting
	twin  twin
	now   exam.Instant
	tabs  map[string]*tab
	sent  map[string]exam.Command
	pages int
	out   map[string]bool // devices that have signed out
}

func playScript(t *testing.T, source string) string {
	t.Helper()
	pl := &player{now: t0, out: map[string]bool{}, tabs: map[string]*tab{}, sent: map[string]exam.Command{}}
	var out []string
	for i, line := range strings.Split(source, "\n") {
		asked, _, _ := strings.Cut(line, "=>")
		asked = strings.TrimRight(asked, " ")
		if asked == "" || strings.HasPrefix(asked, "#") {
			out = append(out, line)
			continue
		}
		outcome, err := pl.line(t, asked)
		if err != nil {
			t.Fatalf("line %d, %s: %v", i+1, asked, err)
		}
		if outcome != "" {
			asked = fmt.Sprintf("%-34s => %s", asked, outcome)
		}
		out = append(out, asked)
	}
	if err := checkReplay(&pl.s); err != nil {
		t.Error(err)
	}
	return strings.Join(out, "\n")
}

func (pl *player) line(t *testing.T, line string) (string, error) {
	t.Helper()
	label, rest, labelled := strings.Cut(line, ": ")
	if !labelled {
		label, rest = fmt.Sprintf("line%d", len(pl.sent)), line
	}
	rest, later := strings.CutSuffix(rest, ", later")
	words := strings.Fields(rest)
	switch {
	case words[0] == "paper":
		return "", pl.paper(t, words[1:])
	case words[0] == "at":
		d, err := time.ParseDuration(words[1])
		pl.now = t0.Add(exam.Micros(d.Microseconds()))
		return "", err
	case words[0] == "state":
		return pl.state(), nil
	case words[1] == "arrives":
		return pl.deliver(pl.sent[words[0]])
	case words[1] == "opens":
		return pl.open(words[0], words[2])
	case words[1] == "signs":
		pl.out[words[0]] = true
		return "", nil
	}
	c, err := pl.command(label, words)
	if err != nil {
		return "", err
	}
	pl.sent[label] = c
	if later {
		return "", nil
	}
	return pl.deliver(c)
}

// firstDevice is where a script's attempt is begun.
const firstDevice = "laptop"

// paper reads navigation, feedback, question types and the limit.
func (pl *player) paper(t *testing.T, words []string) error {
	t.Helper()
	p := paperOf(exam.Navigation(words[0]), exam.FeedbackMode(words[1]))
	for _, w := range words[2:] {
		if w == string(exam.OneDevice) {
			p.Rules.Devices, pl.twin.began = exam.OneDevice, firstDevice
			continue
		}
		p.Items = append(p.Items, itemOf(exam.QuestionType(w)))
	}
	pl.s = beginOn(t, p, firstDevice)
	pl.twin.p = pl.s.p
	return nil
}

// open renders a question in a tab; review is a position of its own.
func (pl *player) open(name, where string) (string, error) {
	pl.pages++
	device, _, named := strings.Cut(name, "/")
	if !named {
		device = firstDevice
	}
	shown := &tab{device: device, page: fmt.Sprintf("%s%d", name, pl.pages), changes: pl.s.a.Changes, opening: pl.s.a.Opening}
	pl.tabs[name] = shown
	if where == "review" {
		return fmt.Sprintf("%d changes", shown.changes), nil
	}
	position, err := strconv.Atoi(where)
	shown.position, shown.rev = position, pl.s.a.Response(position).Rev
	return pl.saved(position), err
}

func (pl *player) command(label string, words []string) (exam.Command, error) {
	switch words[0] {
	case "admin":
		return pl.others(byAdmin(label, ""), words)
	case "server":
		return pl.others(byServer(label, ""), words)
	}
	shown := pl.tabs[words[0]]
	if shown == nil {
		return exam.Command{}, fmt.Errorf("tab %s has opened nothing", words[0])
	}
	if words[1] == "submits" {
		c := on(shown.device, submit(label, shown.changes))
		c.Opening = shown.opening
		return c, nil
	}
	if words[1] == "takes" {
		c := takeOver(label, shown.device)
		c.Opening = shown.opening
		return c, nil
	}
	return shown.command(label, words[1:])
}

var verbs = map[string]exam.Kind{
	"saves": exam.Save, "drafts": exam.Save, "moves": exam.Move, "skips": exam.Move, "flags": exam.Flag,
	"unflags": exam.Flag, "checks": exam.Check, "ends": exam.TimeUp,
	"pauses": exam.Pause, "resumes": exam.Resume, "extends": exam.Extend, "forces": exam.ForceSubmit,
	"reopens": exam.Reopen, "voids": exam.Void, "unvoids": exam.Unvoid, "regrades": exam.Regrade,
	"accepts": exam.AcceptLate, "marks": exam.MarkByHand, "expires": exam.Expire, "grades": exam.Grade,
}

// command is what the page in the tab sends: "saves x", "moves x to 2", "skips to 2", "flags x".
func (shown *tab) command(id string, words []string) (exam.Command, error) {
	kind, known := verbs[words[0]]
	if !known {
		return exam.Command{}, fmt.Errorf("verb %s", words[0])
	}
	shown.seq++
	c := on(shown.device, onQuestion(id, kind, shown.position, shown.page, shown.seq, shown.rev, ""))
	c.Opening = shown.opening
	if words[0] != "skips" && words[1] != "nothing" {
		c.Answer = exam.TextAnswer(words[1])
	}
	c.Draft, c.Skip = words[0] == "drafts", words[0] == "skips"
	switch words[0] {
	case "flags":
		c.Flagged = ptr(true)
	case "unflags":
		c.Flagged = ptr(false)
	}
	c.Target = c.Position
	if kind != exam.Move {
		return c, nil
	}
	target, err := strconv.Atoi(words[len(words)-1])
	c.Target = target
	return c, err
}

// others are commands of admins and of the server: "extends 5m", "accepts 1", "marks 2 5000".
func (pl *player) others(c exam.Command, words []string) (exam.Command, error) {
	kind, known := verbs[words[1]]
	if !known {
		return c, fmt.Errorf("verb %s", words[1])
	}
	c.Kind = kind
	numbers := []int{0, 0}
	for i, w := range words[2:] {
		if d, err := time.ParseDuration(w); err == nil {
			c.Amount = exam.Micros(d.Microseconds())
			continue
		}
		n, err := strconv.Atoi(w)
		if err != nil {
			return c, err
		}
		numbers[i] = n
	}
	switch kind {
	case exam.AcceptLate:
		return accept(c.ID, pl.s.kept[numbers[0]-1]), nil
	case exam.MarkByHand:
		saved := pl.s.a.Response(numbers[0]) // what the marker sees when the command is made
		c.Position, c.Points, c.Rev, c.Marked = numbers[0], numbers[1], saved.Rev, saved.Marked
	case exam.Grade:
		return grading(c.ID, exam.Grader{}.Mark(pl.s.p, &pl.s.a, map[string]exam.Key{
			"v-short_text": {Revision: 1, Texts: []exam.TextKey{{Pattern: "right", Weight: exam.FullCredit}}},
		})), nil
	}
	return c, nil
}

// deliver gives a command to Apply, holds the step against the rules and tells what came of it.
func (pl *player) deliver(c exam.Command) (string, error) {
	before := pl.s.a
	c.Released = pl.out[before.Device]
	o, err := pl.s.send(c, pl.now)
	if err != nil {
		return "", err
	}
	marking := c.Kind == exam.MarkByHand || c.Kind == exam.Grade // the twin does not mark
	if v := pl.twin.judge(c, pl.now); !marking && v != (verdict{o.Result, o.Reason, o.Rev}) {
		err = fmt.Errorf("%s %s, the twin says %s", o.Result, o.Reason, v)
	}
	return pl.tell(&before, &c, &o), errors.Join(err, checkStep(pl.s.p, before, pl.s.a, c, o, pl.now), pl.twin.compare(&pl.s.a))
}

func (pl *player) tell(before *exam.Attempt, c *exam.Command, o *exam.Outcome) string {
	a := &pl.s.a
	said := string(o.Result)
	if o.Reason != "" {
		said += " " + string(o.Reason)
	}
	if rev := pl.s.a.Response(c.Position).Rev; o.Result != exam.Rejected && c.Position != 0 && o.Rev != rev {
		said += fmt.Sprintf(" rev %d", o.Rev)
	}
	if pl.s.p.Item(c.Position) != nil {
		said += ", " + pl.saved(c.Position)
	}
	if o.Target != 0 && o.Result != exam.Rejected {
		said += fmt.Sprintf(", to %d", o.Target)
	}
	if o.Rejection != nil {
		said += fmt.Sprintf(", kept as %d", o.Rejection.Number)
	}
	if a.Cursor != before.Cursor {
		said += fmt.Sprintf("; cursor %d", a.Cursor)
	}
	if a.Device != before.Device {
		said += "; on " + a.Device
	}
	if a.Status != before.Status {
		said += fmt.Sprintf("; %s", a.Status)
	}
	if was, now := pl.deadline(before), pl.deadline(a); was != now {
		said += "; deadline " + now
	}
	if a.Marking != before.Marking {
		said += fmt.Sprintf("; marking %s", a.Marking)
	}
	if a.Score != nil && a.Score != before.Score {
		said += fmt.Sprintf(", %d of %d", a.Score.Total, a.Score.Max)
	}
	return said
}

func (pl *player) deadline(a *exam.Attempt) string {
	d, _ := a.Deadline(pl.s.p)
	return (time.Duration(d.Sub(t0)) * time.Microsecond).String()
}

func (pl *player) saved(position int) string {
	r := pl.s.a.Response(position)
	said := fmt.Sprintf("%q rev %d", r.Answer.Text, r.Rev)
	if r.Flagged {
		said += " flagged"
	}
	if r.Checked {
		said += " checked"
	}
	return said
}

func (pl *player) state() string {
	a := &pl.s.a
	said := fmt.Sprintf("%s, opening %d, cursor %d, deadline %s, %d entries", a.Status, a.Opening, a.Cursor, pl.deadline(a), a.Head.Seq)
	for i := 1; i <= pl.s.p.Len(); i++ {
		said += fmt.Sprintf("; %d: %s", i, pl.saved(i))
	}
	return said
}
