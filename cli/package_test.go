package cli_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shiken/cli"
	"shiken/cli/phrase"
	"shiken/store"
)

const dotsExam = `exam: dots-exam
title: {ja: 点, en: Dots}
navigation: linear
open_to: [everyone]
published: true
sections:
  - from: {set: 点と線}
    points: 2
  - draw: 1
    from: {set: more dots}
    points: 1
`

const moreDots = "::one::First{~a =b ~c}\n\n::two::Second{T}\n"

// An exam goes to another installation with its sets, and comes from there as the same file.
func TestPackageGoesAndComes(t *testing.T) {
	folder := t.TempDir()
	from := newShell(t)
	from.run(cli.ExitOK, dots, "load", "-", "--set=点と線")
	from.run(cli.ExitOK, moreDots, "load", "-", "--set=more dots", "--format=gift")
	from.run(cli.ExitOK, dotsExam, "load", "-", "--format=exam")
	first := filepath.Join(folder, "first.shiken.zip")
	_, said := from.run(cli.ExitOK, "", "export", "--package", "dots-exam", "-o", first)
	wantContains(t, said, "Exam dots-exam with its sets: 3 of 3 questions were written.")

	to := newShell(t)
	out, _ := to.run(cli.ExitOK, "", "load", first)
	wantContains(t, out, "4 seen, 4 taken", "Question set 点と線: 1 new", "Question set more dots: 2 new", "(image/png, 1 KB)", "dots-exam")
	again, _ := to.run(cli.ExitOK, "", "export", "--package", "dots-exam")
	written, err := os.ReadFile(first) //nolint:gosec // of this test
	if err != nil || again != string(written) {
		t.Errorf("exported again it is other: %d and %d bytes, %v", len(again), len(written), err)
	}
	for _, sh := range []*shell{from, to} {
		out, _ := sh.run(cli.ExitOK, "", "load", first, "--retire-absent")
		wantContains(t, out, "Question set 点と線: 0 new, 0 changed, 1 unchanged", "Question set more dots: 0 new, 0 changed, 2 unchanged")
	}
}

// unmediated is a store whose media cannot be read.
type unmediated struct{ store.Store }

func (unmediated) MediaPart(context.Context, string, int) ([]byte, error) {
	return nil, errors.New("no media today")
}

// A package that fails on its way leaves nothing on the standard output that would pass for one.
func TestPackageThatFailsWritesNothing(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, dots, "load", "-", "--set=点と線")
	var more strings.Builder
	for i := range 400 { // more than any buffer on the way holds
		fmt.Fprintf(&more, "::%d::%x{T}\n\n", i, sha256.Sum256([]byte{byte(i), byte(i >> 8)}))
	}
	sh.run(cli.ExitOK, more.String(), "load", "-", "--set=more dots", "--format=gift")
	sh.run(cli.ExitOK, dotsExam, "load", "-", "--format=exam")
	var out, said strings.Builder
	open := func(ctx context.Context) (store.Store, error) {
		s, err := sh.open(ctx)
		return unmediated{s}, err
	}
	terminal := &cli.Terminal{Out: &out, Err: &said, Language: phrase.English, Open: open, Inspect: open}
	t.Setenv("TMPDIR", t.TempDir())
	if code := cli.Run(t.Context(), terminal, "export", []string{"--package", "dots-exam"}); code == cli.ExitOK || out.Len() > 0 {
		t.Errorf("exit %d, %d bytes were written: %s", code, out.Len(), said.String())
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), ".shiken-export-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A set goes in the form of our own, too: alone, or with its pictures in a package; its name goes with it.
func TestNativeSetGoesAndComes(t *testing.T) {
	from, to := newShell(t), newShell(t)
	from.run(cli.ExitOK, dots, "load", "-", "--set=点/線")
	from.run(cli.ExitOK, moreDots, "load", "-", "--set=more", "--format=gift")
	for set, ending := range map[string]string{"点/線": "PK", "more": `{"format":"shiken-questions","version":1,"set":"more"}`} {
		out, _ := from.run(cli.ExitOK, "", "export", "--set", set, "--format=shiken")
		if !strings.HasPrefix(out, ending) {
			t.Errorf("%s begins %.40q", set, out)
		}
		loaded, _ := to.run(cli.ExitOK, out, "load", "-")
		wantContains(t, loaded, "Question set "+set+": ", " new, 0 changed, 0 unchanged")
		if again, _ := to.run(cli.ExitOK, "", "export", "--set", set, "--format=shiken"); again != out {
			t.Errorf("%s: exported again it is other", set)
		}
	}
}

// A package is loaded whole or not at all.
func TestPackageIsLoadedWhole(t *testing.T) {
	from, to := newShell(t), newShell(t)
	from.run(cli.ExitOK, dots, "load", "-", "--set=点と線")
	from.run(cli.ExitOK, moreDots, "load", "-", "--set=more dots", "--format=gift")
	from.run(cli.ExitOK, dotsExam, "load", "-", "--format=exam")
	out, _ := from.run(cli.ExitOK, "", "export", "--package", "dots-exam")
	_, said := to.run(cli.ExitUsage, out, "load", "-", "--set=other")
	wantContains(t, said, "names its question sets itself")
	to.run(cli.ExitOK, out, "load", "-", "--dry-run")
	for name, words := range map[string][]string{
		`no exam "none"`: {"export", "--package", "none"}, `no question set "more dots"`: {"export", "--set=more dots", "--format=gift"},
	} {
		_, said := to.run(cli.ExitRefused, "", words...)
		wantContains(t, said, name)
	}
	to.run(cli.ExitRefused, strings.ReplaceAll(out, "sets/2.jsonl", "sets/3.jsonl"), "load", "-")
}
