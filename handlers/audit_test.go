package handlers_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/store"
)

// logged writes an entry by creating a group.
func (s *site) logged(actor string, action store.Action, object string, details any) {
	s.t.Helper()
	act := store.Act{ActorName: actor, Action: action, Object: object, Details: details}
	if u, ok := s.users[actor]; ok {
		act.Actor = u.ID
	}
	must(s.t, s.store.By(act).RevokeAll(s.t.Context(), s.users["dora"].ID))
}

// listedActions are the entries of a page, the newest first.
func (a *answer) listedActions() []string {
	var out []string
	a.doc().Find("tr[data-action]").Each(func(_ int, row *selection) { out = append(out, row.AttrOr("data-action", "")) })
	return out
}

func TestAuditLogIsReadable(t *testing.T) {
	t.Parallel()
	s, _ := staffed(t)
	s.user("ann")
	s.logged("root", store.ActLoadQuestions, "basics/1", map[string]any{"file": "<b>.csv", "strange": []any{1, nil, true, map[string]any{"x": "y"}}})
	s.logged("dora", store.ActUpdateUser, s.users["ann"].ID, map[string]any{"username": "ann", "changes": map[string]any{
		"extra_time_percent": map[string]any{"before": 0, "after": 25}, "roles": map[string]any{"before": []string{"candidate"}, "after": []string{}},
	}})
	s.logged("dora", store.ActPublishExam, "test", map[string]any{"changed": []string{"pass_mark", "sections[1].from.set"}})
	s.logged("dora", store.ActCommand, "test", map[string]any{"attempt": "an-attempt", "job": "a-job", "kind": "accept_late", "reason": "fire drill"})
	s.logged("dora", store.ActReleaseResults, "test", map[string]any{"score": map[string]any{"before": nil, "after": "2026-11-22T05:59:31Z"}})
	c := s.signedIn("dora").inProcess(s)
	for lang, want := range map[string][]string{
		"en": {"Changed a person ann", "Extra time (percent)before:0 → after:25", "Rolesbefore:Candidate → after:none", "root (terminal)",
			"Pass mark (%), Section 1: Question set", "CommandAccept a rejected answer", "Reasonfire drill", "22 Nov 2026 05:59 UTC"},
		"ja": {"利用者の変更 ann", "追加時間（%）変更前：0 → 変更後：25", "役割変更前：受験者 → 変更後：なし", "root（端末）",
			"合格点（%）、セクション1：問題セット", "操作不受理の解答を認める", "理由fire drill", "2026年11月22日 05:59 UTC"},
	} {
		c.lang = lang
		page := c.get("/admin/audit").status(http.StatusOK)
		for _, part := range want {
			if !contains(page.text("main"), part) {
				t.Errorf("%s lacks %q: %s", lang, part, page.text("main tbody"))
			}
		}
		if page.doc().Find("main tbody b").Length() != 0 || contains(page.body, "people.audit.act") {
			t.Error("there is markup of a file's name, or an action without words")
		}
		for _, path := range []string{"/admin/jobs/a-job", "/admin/attempts/an-attempt"} {
			if page.doc().Find("main tbody a[href='"+path+"']").Length() != 1 {
				t.Errorf("nothing leads to %s", path)
			}
		}
		if href := page.doc().Find("tr[data-action='user.update'] td:nth-child(4) a").AttrOr("href", ""); href != "/admin/people/"+s.users["ann"].ID {
			t.Errorf("the person's page is %q", href)
		}
	}
}

// What an author chose for many questions is told once, in the reader's language.
func TestAuditLogTellsOfChoices(t *testing.T) {
	t.Parallel()
	s, author := desked(t)
	s.user("dora", store.RoleAdmin)
	yes, one, two, three := true, uuid.NewString(), uuid.NewString(), uuid.NewString()
	for i, choice := range []store.ChoiceUpdate{
		{ReplaceAll: &yes, RetireAll: &yes, Replace: map[string]int{one: 0, two: 0, three: 0}},
		{Replace: map[string]int{one: 1, two: 1}, Retire: map[string]bool{one: true}},
	} {
		report := author.brings(fmt.Sprintf("set%d.csv", i), bankCSV(1, nil))
		load := report.doc().Find(`form[action$="/load"]`).AttrOr("action", "")
		upload := strings.TrimSuffix(strings.TrimPrefix(load, "/author/uploads/"), "/load")
		must(t, s.store.PutLoadChoice(t.Context(), upload, s.users["cleo"].ID, fmt.Sprint("set", i), choice))
		s.loads(author, report)
	}
	c := s.signedIn("dora").inProcess(s)
	for lang, want := range map[string][]string{
		"en": {"Edited questions replaced all but 3", "Missing questions retired all", "replaced 2 questions", "retired 1 question"},
		"ja": {"編集済みの問題の置き換え 3問を除くすべて", "ファイルにない問題の廃止 すべて", "置き換え 2問", "廃止 1問"},
	} {
		c.lang = lang
		page := c.get("/admin/audit").status(http.StatusOK)
		var told []string
		page.doc().Find("dl.details > div").Each(func(_ int, line *selection) {
			told = append(told, strings.TrimSpace(line.Find("dt").Text())+" "+strings.TrimSpace(line.Find("dd").Text()))
		})
		all := strings.Join(told, "\n")
		for _, part := range want {
			if n := strings.Count(all, part); n != 1 {
				t.Errorf("%s says %q %d times: %s", lang, part, n, all)
			}
		}
	}
}

func TestAuditLogIsFiltered(t *testing.T) {
	t.Parallel()
	s, _ := staffed(t)
	for i := range 103 {
		s.logged("dora", store.ActCreateGroup, fmt.Sprint("g", i), nil)
	}
	s.logged("cleo", store.ActSaveExam, "spring", nil)
	c := s.signedIn("dora").inProcess(s)
	today := time.Now().UTC().Format(time.DateOnly)
	for query, want := range map[string]int{
		"": 100, "q=cleo": 1, "q=CLE": 1, "q=" + s.users["dora"].ID: 100, "action=exam.save": 1, "object=spr": 1, "object=g10": 4,
		"q=cleo&action=group.create": 0, "action=root": 100, "offset=100": 4,
		"from=" + today: 100, "until=" + today + "&q=cleo": 1, "until=2020-01-01": 0, "from=2999-01-01": 0, "from=x": 100,
	} {
		page := c.get("/admin/audit?" + query).status(http.StatusOK)
		if got := len(page.listedActions()); got != want || (want == 0) != (page.doc().Find(".empty").Length() == 1) {
			t.Errorf("%q lists %d, want %d", query, got, want)
		}
		if (query == "from=x") != (page.doc().Find("[data-problems]").Length() == 1) {
			t.Errorf("%q: the page says %q", query, page.text("[data-problems]"))
		}
	}
}

func TestAuditLogIsExported(t *testing.T) {
	t.Parallel()
	s, _ := staffed(t)
	s.logged("=cmd", store.ActCreateGroup, "+g", map[string]any{"a": "ü"})
	for i := range 1_050 {
		s.logged("dora", store.ActCreateGroup, fmt.Sprint("g", i), nil)
	}
	c := s.signedIn("dora").inProcess(s)
	for query, want := range map[string]int{"": 1_051, "?object=g10": 61, "?action=exam.save": 0} {
		a := c.get("/admin/audit.csv" + query).status(http.StatusOK)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != want+1 || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%q: %d rows, %v", query, len(rows), err)
		}
		if query == "" {
			last := rows[len(rows)-1]
			if last[0] != "1" || last[2] != "'=cmd" || last[4] != "'+g" || last[5] != `{"a":"ü"}` || len(last[6]) != 64 {
				t.Errorf("the first entry is %q", last)
			}
			if !slices.IsSortedFunc(rows[1:], func(a, b []string) int { return len(b[0])*10 - len(a[0])*10 }) {
				t.Error("the newest does not come first")
			}
		}
	}
}
