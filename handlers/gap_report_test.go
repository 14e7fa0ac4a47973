package handlers_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/templates"
)

func (c *client) reports(attempt, body string) *answer {
	c.t.Helper()
	return c.do(http.MethodPost, "/api/v1"+attempt+"/gaps", "application/json", body)
}

func gapBody(id string, lasted any) string {
	return fmt.Sprintf(`{"id":%q,"lasted_ms":%v}`, id, lasted)
}

// R16: what a candidate's page reports of its connection is shown to the invigilators, beside what the
// server has heard, and leads to more time for the candidate. The attempt stays as it is.
func TestAReportedGapIsShownAndChangesNothing(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 2)
	ann := s.signedIn("c1")
	s.exec(`UPDATE sign_ins SET last_seen = ? WHERE id = ?`, int64(before(58*exam.Second)), ann.signIn)
	was := s.stored(attempts[0])
	body := gapBody(uuid.NewString(), 54_321)
	for range 2 {
		ann.reports(attempts[0], body).status(http.StatusOK)
	}
	if is := s.stored(attempts[0]); is.Attempt.Head != was.Attempt.Head || is.Deadline != was.Deadline || is.Version != was.Version {
		t.Errorf("the attempt was %+v, is %+v", was.Attempt, is.Attempt)
	}
	for _, path := range []string{sittingOfTest, templates.StoryPath(idOf(attempts[0]))} {
		page := dora.get(path).status(http.StatusOK)
		rows := page.doc().Find("[data-gap='" + idOf(attempts[0]) + "']")
		if rows.Length() != 1 || !contains(rows.Text(), "54 s") || !contains(rows.Text(), "58 s") {
			t.Fatalf("%s shows %q", path, rows.Text())
		}
		plan := dora.post(templates.PlanPath("test"), fieldsIn(rows.Find("form"))).status(http.StatusOK).has("affected", "1")
		if !contains(plan.text("h1"), "55 s") || !contains(plan.text(".seat-names"), "c1") {
			t.Errorf("%s leads to %q for %q", path, plan.text("h1"), plan.text(".seat-names"))
		}
	}
	if other := dora.get(templates.StoryPath(idOf(attempts[1]))); other.doc().Find("[data-gap]").Length() != 0 {
		t.Error("another attempt shows the gap")
	}
	s.admin(attempts[0], exam.Command{Kind: exam.ForceSubmit})
	if dora.get(sittingOfTest).doc().Find("[data-gap] form").Length() != 0 {
		t.Error("offers to extend who has handed in")
	}
}

func TestMalformedGapReports(t *testing.T) {
	t.Parallel()
	s, _, attempts := invigilated(t, 2)
	ann := s.signedIn("c1")
	for name, body := range map[string]string{
		"no id": gapBody("", 5_000), "other id": gapBody("x", 5_000), "no time": fmt.Sprintf(`{"id":%q}`, uuid.NewString()),
		"zero": gapBody(uuid.NewString(), 0), "negative": gapBody(uuid.NewString(), -1),
		"a day and more": gapBody(uuid.NewString(), 86_400_001), "huge": gapBody(uuid.NewString(), "1e30"),
		"a fraction": gapBody(uuid.NewString(), 1.5), "text": gapBody(uuid.NewString(), `"5000"`), "no object": "[]", "no JSON": "{",
	} {
		if got := ann.reports(attempts[0], body); got.code != http.StatusBadRequest || got.json()["error_code"] != "MALFORMED" {
			t.Errorf("%s: %d %s", name, got.code, got.body)
		}
	}
	ann.reports(attempts[1], gapBody(uuid.NewString(), 5_000)).status(http.StatusNotFound)
	s.client().reports(attempts[0], gapBody(uuid.NewString(), 5_000)).status(http.StatusUnauthorized)
	for _, attempt := range attempts {
		if gaps, err := s.store.GapsOf(t.Context(), idOf(attempt)); err != nil || len(gaps) > 0 {
			t.Errorf("kept %+v, %v", gaps, err)
		}
	}
}
