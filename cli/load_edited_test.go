package cli_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/uuid"

	"shiken/cli"
	"shiken/store"
)

// What was edited in the browser is named and kept, until --replace-edited takes the file's.
func TestLoadKeepsWhatWasEdited(t *testing.T) {
	sh := newShell(t)
	sh.run(cli.ExitOK, basics, "load", "-", "--set=s")
	db := sh.store()
	list, _, err := db.SetQuestions(t.Context(), store.SetQuery{Set: "s", Limit: 9})
	if err != nil {
		t.Fatal(err)
	}
	q := list[1]
	m := store.QuestionMark{Identity: q.Identity, Base: q.Edition, Event: uuid.NewString(), Kind: store.QuestionRetired, Editor: "cleo"}
	if err := db.By(store.Act{ActorName: "cleo", Action: store.ActReviewQuestion, Object: q.Identity}).MarkQuestion(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	out, _ := sh.run(cli.ExitOK, basics, "load", "-", "--set=s")
	wantContains(t, out, "Question set s: question 2 was edited here since and was kept")
	out, _ = sh.run(cli.ExitOK, basics, "load", "-", "--set=s", "--lang=ja")
	wantContains(t, out, "問題セット s：問題 2 は読み込み後にここで編集されている")
	for _, tt := range []struct {
		flags           []string
		edited, changed int
		list            []string
	}{{nil, 1, 0, []string{"2"}}, {[]string{"--replace-edited"}, 0, 1, []string{}}, {nil, 0, 0, []string{}}} {
		out, _ := sh.run(cli.ExitOK, basics, append([]string{"load", "-", "--set=s", "--report=json"}, tt.flags...)...)
		var report struct {
			Files []struct {
				Result struct {
					Edited, Changed int
					List            []string `json:"edited_list"`
				}
			}
		}
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		if got := report.Files[0].Result; got.Edited != tt.edited || got.Changed != tt.changed || !slices.Equal(got.List, tt.list) || got.List == nil {
			t.Errorf("%v: %+v", tt.flags, got)
		}
	}
}
