package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"shiken/store"
)

// runVerify compares every attempt with its journal (R11, R16), and checks the audit log.
func runVerify(ctx context.Context, t *Terminal, args []string) error {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	receipts := flags.String("receipts", "", "")
	rest, err := parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usage("usage.surplus", "argument", rest[0])
	}
	var from io.Reader
	if *receipts != "" {
		file, err := os.Open(*receipts)
		if err != nil {
			return err
		}
		defer file.Close() //nolint:errcheck // only read
		from = file
	}
	return t.withExisting(ctx, func(s store.Store) error {
		found, err := store.Verify(ctx, s, from, t.Out)
		if err != nil {
			return err
		}
		return t.tell(found)
	})
}

// tell says what was verified; faults are a refusal.
func (t *Terminal) tell(found store.Verified) error {
	t.say(t.Language.T("verify.checked", "n", found.Attempts))
	t.say(t.Language.T("verify.audited", "n", found.Entries))
	t.tellReceipts(found)
	if found.Faults > 0 {
		return refused("verify.faults", "n", found.Faults)
	}
	t.say(t.Language.T("verify.sound"))
	return nil
}

// maxDenied bounds the receipts that are worded one by one; the report has a line for each.
const maxDenied = 100

// denials are the messages for receipts that a journal does not confirm.
var denials = map[store.Denial]string{
	store.NoAttempt: "verify.receipt.no_attempt", store.NoEntry: "verify.receipt.no_entry",
	store.OtherEntry: "verify.receipt.other", store.Unreadable: "verify.receipt.unreadable",
}

// tellReceipts words what became of the receipts of a file.
func (t *Terminal) tellReceipts(found store.Verified) {
	if found.Receipts == 0 {
		return
	}
	for _, d := range found.Denied[:min(len(found.Denied), maxDenied)] {
		t.say(t.Language.T(denials[d.Why], "line", d.Line, "attempt", d.Attempt, "seq", d.Seq))
	}
	t.say(t.Language.T("verify.receipts", "n", found.Receipts, "good", found.Receipts-len(found.Denied)))
}

func runMigrate(ctx context.Context, t *Terminal, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	steps, err := t.Migrate(ctx)
	if err != nil {
		return err
	}
	key := "migrate.done"
	if steps == 0 {
		key = "migrate.nothing"
	}
	t.say(t.Language.T(key, "n", steps))
	return nil
}

// runVersion writes what the build knows of itself.
func runVersion(_ context.Context, t *Terminal, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	version, revision := "(devel)", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			version = info.Main.Version
		}
		revision = revisionOf(info.Settings)
	}
	_, err := fmt.Fprintf(t.Out, "shiken %s%s %s %s/%s\n", version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

func revisionOf(settings []debug.BuildSetting) string {
	var revision, when, modified string
	for _, s := range settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value
		case "vcs.time":
			when = " " + s.Value
		case "vcs.modified":
			if s.Value == "true" {
				modified = " +"
			}
		}
	}
	if revision == "" {
		return ""
	}
	return " (" + revision + when + modified + ")"
}
