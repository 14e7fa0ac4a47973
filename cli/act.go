package cli

import (
	"context"
	"os/user"
	"path/filepath"
	"strings"

	"shiken/accounts"
	"shiken/desk"
	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// nobody stands for an account of the machine that has no name.
const nobody = "terminal"

// act is what somebody at the terminal does, under the name of the machine's account. A start of the
// program is one's, too.
func act(action store.Action, object string, details any) store.Act {
	name := nobody
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	}
	return store.Act{ActorName: text(name), Action: action, Object: text(object), Details: details}
}

// text is what a machine calls something, in whatever encoding, as a database keeps it.
func text(name string) string { return strings.ToValidUTF8(name, "\uFFFD") }

// putUser stores a new user.
func putUser(ctx context.Context, s store.Recorder, u *store.User) error {
	return s.By(act(store.ActCreateUser, u.ID, accounts.Describe(u))).CreateUser(ctx, *u)
}

// putQuestions stores the questions of a file in a set, as was chosen.
func putQuestions(ctx context.Context, s store.Recorder, set string, f *desk.Reading, choice store.LoadChoice) (store.LoadResult, error) {
	details := map[string]any{
		"file": filepath.Base(f.Name), "questions": len(f.Names), "refused": f.Report.Counts.Refused,
		"replace": choice.ReplaceAll, "retire": choice.RetireAll,
	}
	a := act(store.ActLoadQuestions, set, details)
	choice.Editor = a.ActorName
	return s.By(a).LoadQuestions(ctx, f.Load(set, choice))
}

// putExam stores an exam of a file.
func putExam(ctx context.Context, s store.Recorder, f *questionset.File, d *exam.Definition) error {
	details := map[string]any{"file": filepath.Base(f.Name), "published": d.Published, "attachments": len(d.Attachments)}
	return s.By(act(store.ActSaveExam, d.Slug, details)).PutDefinition(ctx, *d, desk.AttachedMedia(f, d)...)
}
