package cli

import (
	"context"
	"errors"
	"io"
	"strings"

	"shiken/backup"
	"shiken/store"
)

// ErrClusterData wraps the refusal to copy the data of a cluster: Postgres has tools for that.
var ErrClusterData = errors.New("cli: the data of a cluster stands in Postgres")

func runBackup(ctx context.Context, t *Terminal, args []string) error {
	return t.copyFolder(ctx, args, t.Backup, "backup.done", "backup.secret")
}

func runRestore(ctx context.Context, t *Terminal, args []string) error {
	return t.copyFolder(ctx, args, t.Restore, "backup.restored")
}

// copyFolder copies to or from the one folder that the arguments name, and says what is done. Faults of
// journals come with what was copied: they are told after the copy is made, and in the exit code.
func (t *Terminal) copyFolder(ctx context.Context, args []string,
	copyData func(context.Context, string, io.Writer) (backup.Copied, error), done ...string) error {
	switch {
	case len(args) == 0 || args[0] == "":
		return usage("usage.missing", "argument", t.Language.T("backup.folder"))
	case strings.HasPrefix(args[0], "-"):
		return unknownFlag(args[0])
	case len(args) > 1:
		return usage("usage.surplus", "argument", args[1])
	}
	copied, err := copyData(ctx, args[0], t.Out)
	if err != nil {
		return inBackup(err)
	}
	for _, key := range done {
		t.say(t.Language.T(key, "folder", args[0]))
	}
	if !copied.Secret {
		t.say(t.Language.T("backup.no_secret"))
	}
	if copied.Old {
		t.say(t.Language.T("backup.old"))
		return nil
	}
	return t.tell(copied.Verified)
}

// inBackup puts what is refused into words.
func inBackup(err error) error {
	switch {
	case errors.Is(err, ErrClusterData):
		return refused("backup.cluster")
	case errors.Is(err, backup.ErrOccupied):
		return refused("backup.occupied", "detail", err.Error())
	case errors.Is(err, backup.ErrDamaged):
		return refused("backup.damaged", "detail", err.Error())
	case errors.Is(err, store.ErrNoDatabase):
		return refused("backup.no_database", "detail", err.Error())
	}
	return err
}
