package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"shiken/accounts"
	"shiken/backup"
	"shiken/cli/phrase"
	"shiken/config"
	"shiken/store"
)

// Exit codes (docs/design.md §10).
const (
	ExitOK      = 0
	ExitRefused = 1 // what was asked for is refused, or failed
	ExitUsage   = 2 // the command line cannot be understood
)

// Terminal is what a command reads, writes and works on.
type Terminal struct {
	In       io.Reader
	Out, Err io.Writer // results; and what is said about them
	Language phrase.Language
	// Progress: somebody looks at Err, and is told how far a long work is.
	Progress bool
	Zone     *time.Location // of times without an offset; nil: the machine's
	// Open opens the store with its schema up to date. A command calls it at most once and closes
	// the store; commands that need none never call it.
	Open func(context.Context) (store.Store, error)
	// Inspect opens the store for a command that only reads. It MUST make and migrate nothing: where
	// there is no database, or an older one, it returns an error that wraps store.ErrNoDatabase or
	// store.ErrNotMigrated. So a mistyped data folder is told as such, not found empty and sound.
	Inspect func(context.Context) (store.Store, error)
	// Migrate brings the schema up to date and returns how many steps that took.
	Migrate func(context.Context) (steps int, err error)
	// Backup copies the data folder to a new folder, and Restore makes a copy the data folder; in a
	// cluster both return ErrClusterData.
	Backup, Restore func(ctx context.Context, folder string, faults io.Writer) (backup.Copied, error)
	// Serve serves until ctx ends.
	Serve func(context.Context) error
	// Ready asks the instance that listens on the configured address whether it is ready to serve.
	Ready func(context.Context) error
}

// command is one command. Its help stands in the catalogue as "help." + name.
type command struct {
	name string
	run  func(context.Context, *Terminal, []string) error
}

// commandTable lists the commands in the order of the help.
func commandTable() []command {
	return []command{
		{"serve", runServe}, {"load", runLoad}, {"export", runExport}, {"exam", runExam}, {"user", runUser}, {"verify", runVerify},
		{"backup", runBackup}, {"restore", runRestore}, {"migrate", runMigrate}, {"healthcheck", runHealthcheck}, {"version", runVersion}, {"help", runHelp},
	}
}

// Run runs a command and returns the program's exit code.
func Run(ctx context.Context, t *Terminal, name string, args []string) int {
	if name == "-h" || name == "--help" {
		name = "help"
	}
	for _, c := range commandTable() {
		if c.name != name {
			continue
		}
		if asksForHelp(args) {
			args, c.run = helpTopic(name, args), runHelp
		}
		return t.exitCode(c.run(ctx, t, args))
	}
	if strings.HasPrefix(name, "-") {
		return t.exitCode(unknownFlag(name))
	}
	return t.exitCode(usage("usage.command", "command", name))
}

func asksForHelp(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "--help" })
}

// helpTopic is what help explains when a command line asks for help: the command, or the part of it that
// has a help of its own.
func helpTopic(name string, args []string) []string {
	if phrase.English.Has("help." + name + "." + args[0]) {
		return []string{name, args[0]}
	}
	return []string{name}
}

// usageError is a command line that cannot be understood: a key of the catalogue with arguments.
type usageError struct {
	key  string
	args []any
}

func (e *usageError) Error() string { return phrase.English.T(e.key, e.args...) }

func usage(key string, args ...any) error { return &usageError{key, args} }

// unknownFlag is the error of a flag that nothing takes; what is behind "=" may be a secret.
func unknownFlag(arg string) error {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	return usage("usage.unknown_flag", "flag", "--"+name)
}

// noArguments refuses the arguments of a command that takes none.
func noArguments(args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case strings.HasPrefix(args[0], "-"):
		return unknownFlag(args[0])
	}
	return usage("usage.surplus", "argument", args[0])
}

// refusal is what was refused for a reason of ours: a key of the catalogue with arguments.
type refusal struct {
	key  string
	args []any
}

func (e *refusal) Error() string { return phrase.English.T(e.key, e.args...) }

func refused(key string, args ...any) error { return &refusal{key, args} }

// exitCode says what went wrong, and gives its code.
func (t *Terminal) exitCode(err error) int {
	var wrongUse *usageError
	var refused *refusal
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &wrongUse):
		t.say(t.Language.T(wrongUse.key, wrongUse.args...))
		t.say(t.Language.T("usage.help"))
		return ExitUsage
	case errors.As(err, &refused):
		t.say(t.Language.T(refused.key, refused.args...))
	default:
		t.say(t.Language.T("error", "detail", t.inWords(err)))
	}
	return ExitRefused
}

// ErrFolderTaken wraps the refusal to serve a data folder that another process serves.
var ErrFolderTaken = errors.New("cli: another process serves this data folder")

// AddressTakenError is the refusal to listen where another program does.
type AddressTakenError struct{ Addr string } // host:port

func (e *AddressTakenError) Error() string { return "cli: another program listens on " + e.Addr }

// other is an address with the next port.
func (e *AddressTakenError) other() string {
	const byDefault = "127.0.0.1:8081"
	host, port, err := net.SplitHostPort(e.Addr)
	n, portErr := strconv.Atoi(port)
	if err != nil || portErr != nil || n < 1 || n >= 65535 {
		return byDefault
	}
	return net.JoinHostPort(host, strconv.Itoa(n+1))
}

// known puts errors into words that somebody at a terminal can do something about.
var known = []struct {
	err error
	key string
}{
	{context.Canceled, "error.canceled"},
	{store.ErrUnavailable, "error.unavailable"},
	{store.ErrNotDurable, "error.not_durable"},
	{store.ErrReceipts, "error.receipts"},
	{ErrFolderTaken, "error.folder_taken"},
	{accounts.ErrPasswordShort, "error.password_short"},
	{accounts.ErrPasswordLong, "error.password_long"},
}

func (t *Terminal) inWords(err error) string {
	var taken *AddressTakenError
	if errors.As(err, &taken) {
		return t.Language.T("error.address_taken", "addr", taken.Addr, "other", taken.other())
	}
	for _, k := range known {
		if errors.Is(err, k.err) {
			return t.Language.T(k.key, "detail", err.Error(),
				"min", accounts.MinPasswordRunes, "max", accounts.MaxPasswordBytes)
		}
	}
	return err.Error()
}

// say writes a line for people, beside the results.
func (t *Terminal) say(line string) {
	fmt.Fprintln(t.Err, line) //nolint:errcheck // there is nobody left to tell
}

// parse reads flags that may stand before, between and behind the other arguments, which it
// returns. Behind "--" nothing is a flag.
func parse(flags *flag.FlagSet, args []string) ([]string, error) {
	flags.SetOutput(io.Discard)
	var rest []string
	for {
		if err := flags.Parse(args); err != nil {
			// The package has no error of its own for it.
			if name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: "); unknown {
				return nil, unknownFlag(name)
			}
			return nil, usage("usage.flag", "detail", err.Error())
		}
		used := len(args) - flags.NArg()
		if flags.NArg() == 0 || used > 0 && args[used-1] == "--" {
			return append(rest, flags.Args()...), nil
		}
		rest, args = append(rest, flags.Arg(0)), flags.Args()[1:]
	}
}

// withStore opens the store for work, and closes it.
func (t *Terminal) withStore(ctx context.Context, work func(store.Store) error) error {
	return with(ctx, t.Open, work)
}

func with(ctx context.Context, open func(context.Context) (store.Store, error), work func(store.Store) error) error {
	s, err := open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(work(s), s.Close())
}

func runHelp(_ context.Context, t *Terminal, args []string) error {
	l := t.Language
	if len(args) > 0 {
		topic := "help." + strings.Join(args, ".")
		if !l.Has(topic) {
			return usage("usage.command", "command", strings.Join(args, " "))
		}
		_, err := fmt.Fprintln(t.Out, l.T(topic))
		return err
	}
	var b strings.Builder
	b.WriteString(l.T("help") + "\n\n")
	for _, name := range commandNames() {
		line, _, _ := strings.Cut(l.T("help."+name), "\n")
		fmt.Fprintf(&b, "  %-11s  %s\n", name, strings.TrimSpace(strings.TrimPrefix(line, name)))
	}
	b.WriteString("\n" + l.T("help.settings") + "\n" + config.Help(l))
	_, err := io.WriteString(t.Out, b.String())
	return err
}

func commandNames() []string {
	var names []string
	for _, c := range commandTable() {
		names = append(names, c.name)
	}
	return names
}
