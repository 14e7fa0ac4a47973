package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"shiken/devtools/cluster"
	"shiken/devtools/deps"
	"shiken/devtools/tape"
	"shiken/devtools/wire"
	_ "shiken/store/sqlite" // the function shiken_now, which statements call
)

// buildTaped compiles the program once more, with a SQLite driver that records.
// The tree stays as it is: the compiler reads one file with another line in it.
func buildTaped(ctx context.Context, dir string) (string, error) {
	root, err := deps.Root()
	if err != nil {
		return "", err
	}
	name := filepath.Join(root, "store", "sqlite", "sqlite.go")
	source, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	const opens, begins = `sql.Open("sqlite", `, "import (\n"
	text := string(source)
	if strings.Count(text, opens) != 1 || strings.Count(text, begins) != 1 {
		return "", fmt.Errorf("bench: %s does not open its file by %q once", name, opens)
	}
	text = strings.Replace(text, opens, fmt.Sprintf("sql.Open(%q, ", tape.DriverName), 1)
	text = strings.Replace(text, begins, begins+"\t_ \"shiken/devtools/tape\"\n", 1)
	replaced := filepath.Join(dir, "sqlite.go")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{name: replaced}})
	if err != nil {
		return "", err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := errors.Join(os.WriteFile(replaced, []byte(text), 0o600), os.WriteFile(list, overlay, 0o600)); err != nil {
		return "", err
	}
	return cluster.Build(ctx, dir, "-overlay="+list)
}

// tapedSitting is one candidate's sitting: the way to the first question, then
// the answered pages.
type tapedSitting struct {
	before, answers []tape.Statement
	pages           int
}

// taping is an instance whose statements are recorded.
type taping struct {
	instance *cluster.Instance
	reader   *tape.Reader
	idle     map[string]bool // statements that come by themselves
	// options of the connections that write and read
	writing, reading string
}

// start waits until the instance serves, and learns what it sends when nobody
// asks for anything: that is no part of an answer.
func (tp *taping) start(ctx context.Context) error {
	if err := tp.instance.Start(ctx); err != nil {
		return err
	}
	list, err := tp.reader.Take()
	if err != nil {
		return err
	}
	tp.learnOptions(list)
	if err := idleSpan(ctx); err != nil {
		return err
	}
	list, err = tp.reader.Take()
	tp.idle = map[string]bool{}
	for i := range list {
		if !list[i].Control() {
			tp.idle[list[i].SQL] = true
		}
	}
	return err
}

func (tp *taping) learnOptions(list []tape.Statement) {
	for _, s := range list {
		switch {
		case s.Options != "" && s.Writes:
			tp.writing = s.Options
		case s.Options != "":
			tp.reading = s.Options
		}
	}
}

// take is what was recorded since, without what came by itself.
func (tp *taping) take() ([]tape.Statement, error) {
	list, err := tp.reader.Take()
	tp.learnOptions(list)
	return slices.DeleteFunc(list, func(s tape.Statement) bool { return s.Options != "" || tp.idle[s.SQL] }), err
}

// sit records one sitting, up to its last answer.
func (tp *taping) sit(ctx context.Context, c *candidate) (tapedSitting, error) {
	var s tapedSitting
	if _, err := c.SignIn(ctx, c.username, c.password); err != nil {
		return s, err
	}
	page, err := c.Begin(ctx, sampleExam)
	if err != nil {
		return s, err
	}
	if s.before, err = tp.take(); err != nil {
		return s, err
	}
	for page.IsQuestion() {
		if page, err = c.Answer(ctx, page, c.rng.IntN, "next"); err != nil {
			return s, err
		}
		s.pages++
	}
	s.answers, err = tp.take()
	return s, err
}

// bareSQLite executes recorded statements on copies of the database as it was
// before them, through database/sql, in this process.
type bareSQLite struct {
	folder           string // the data as they were
	writing, reading string // options of the connections
	hands            int
	sittings         []tapedSitting
}

func (b *bareSQLite) run(ctx context.Context) (wire.Result, error) {
	copied := b.folder + "-copy"
	if err := os.CopyFS(copied, os.DirFS(b.folder)); err != nil {
		return wire.Result{}, err
	}
	file := "file:" + filepath.Join(copied, "shiken.db") + "?"
	player, err := tape.NewPlayer(ctx, file+b.writing, file+b.reading, min(b.hands, len(b.sittings)))
	if err != nil {
		return wire.Result{}, errors.Join(err, os.RemoveAll(copied))
	}
	result, err := b.measure(ctx, player.Hands())
	return result, errors.Join(err, player.Close(), os.RemoveAll(copied))
}

func (b *bareSQLite) measure(ctx context.Context, hands []*tape.Hand) (wire.Result, error) {
	var r wire.Result
	for i, s := range b.sittings {
		if err := hands[i%len(hands)].Play(ctx, s.before); err != nil {
			return r, err
		}
		r.Pages += s.pages
	}
	errs := make([]error, len(hands))
	before, begun := ownCPU(), time.Now()
	var wg sync.WaitGroup
	for n, h := range hands {
		h.Differs = 0
		wg.Go(func() {
			for i := n; i < len(b.sittings) && errs[n] == nil; i += len(hands) {
				errs[n] = h.Play(ctx, b.sittings[i].answers)
			}
		})
	}
	wg.Wait()
	r.Wall, r.CPU = time.Since(begun), ownCPU()-before
	for _, h := range hands {
		r.Differs += h.Differs
	}
	return r, errors.Join(errs...)
}

// ownCPU is the processor time of this process, without its children.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
