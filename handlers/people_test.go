package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/store"
)

// listedUsers are the usernames in a page's table.
func (a *answer) listedUsers() []string {
	var out []string
	a.doc().Find("tr[data-user] td:nth-child(2)").Each(func(_ int, cell *selection) { out = append(out, cell.Text()) })
	return out
}

func TestPeopleAreListedAndFound(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	for i := range 120 {
		must(t, s.store.CreateUser(t.Context(), store.User{
			ID: uuid.NewString(), Username: fmt.Sprintf("cand%03d", i), Name: fmt.Sprintf("受験者 %d", i),
			Roles: []store.Role{store.RoleCandidate}, Groups: []string{fmt.Sprint("g", i%2)}, ExtraPercent: i % 3 * 25, Disabled: i == 7,
		}))
	}
	page := c.get("/admin/people").status(http.StatusOK)
	if got := page.listedUsers(); len(got) != 100 || got[0] != "cand000" {
		t.Errorf("%d people, the first %v", len(got), got[:1])
	}
	if got := page.text(".pager [data-total]"); !contains(got, "121") {
		t.Errorf("the pager says %q", got)
	}
	next := page.doc().Find(".pager a[rel=next]").AttrOr("href", "")
	if got := c.get(next).listedUsers(); len(got) != 21 || got[20] != "dora" {
		t.Errorf("the second page %v", got)
	}
	for query, want := range map[string][]string{
		"q=cand01":              {"cand010", "cand011", "cand012", "cand013", "cand014", "cand015", "cand016", "cand017", "cand018", "cand019"},
		"q=者+11&group=g1":       {"cand011", "cand111", "cand113", "cand115", "cand117", "cand119"},
		"role=admin":            {"dora"},
		"state=disabled":        {"cand007"},
		"q=%3Cscript%3E":        nil,
		"group=none":            nil,
		"role=root&q=dora":      {"dora"},
		"q=dora&state=enabled":  {"dora"},
		"q=dora&state=disabled": nil,
	} {
		got := c.get("/admin/people?" + query).status(http.StatusOK)
		if !slices.Equal(got.listedUsers(), want) || (len(want) == 0) != (got.doc().Find(".empty").Length() == 1) {
			t.Errorf("%s: %v, want %v", query, got.listedUsers(), want)
		}
	}
	c.get("/admin/people?q=dora&offset=500").leads("/admin/people?q=dora")
	if row := c.get("/admin/people?q=cand001").text("tr[data-user]"); !contains(row, "+25%") {
		t.Errorf("the extra time is not told: %q", row)
	}
}

func TestPersonIsAdded(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	c.get("/admin/people/new").status(http.StatusOK)
	form := url.Values{"username": {" Ｋen "}, "name": {"<b>健</b>"}, "role": {"candidate", "author"}, "extra": {"25"}, "new_groups": {"2026; 化学"}}
	page := c.post("/admin/people", form).status(http.StatusOK)
	made := page.text("[data-password]")
	if !s.enters("ken", made) || contains(page.body, "<b>健") {
		t.Errorf("the made password %q does not open the account, or the name is markup", made)
	}
	if got := page.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	u := s.found("ken")
	if u.Name != "<b>健</b>" || u.ExtraPercent != 25 || !slices.Equal(u.Groups, []string{"2026", "化学"}) ||
		!slices.Equal(u.Roles, []store.Role{store.RoleCandidate, store.RoleAuthor}) {
		t.Errorf("stored %+v", u)
	}
	again := c.post("/admin/people", form).status(http.StatusConflict)
	if again.doc().Find("[data-refusal=exists]").Length() != 1 || again.personForm().Get("name") != "<b>健</b>" {
		t.Errorf("the page says %q", again.text("main"))
	}
	given := c.post("/admin/people", with(form, "username", "mio", "password", "given password")).status(http.StatusSeeOther)
	if !s.enters("mio", "given password") || !strings.HasPrefix(given.location, "/admin/people/"+s.found("mio").ID) {
		t.Errorf("leads to %s", given.location)
	}
	entries := s.auditLog()
	if len(entries) != 2 || entries[0].Action != store.ActCreateUser || entries[0].ActorName != "dora" ||
		entries[0].Object != s.found("mio").ID || !contains(string(entries[1].Details), `"extra_time_percent":25`) {
		t.Errorf("the audit log holds %+v", entries)
	}
}

func TestPersonIsRefused(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	sound := url.Values{"username": {"ken"}, "name": {"Ken"}, "role": {"candidate"}, "extra": {"0"}}
	for name, form := range map[string]url.Values{
		"no username":    with(sound, "username", ""),
		"bad username":   with(sound, "username", "=cmd|x"),
		"long name":      with(sound, "name", strings.Repeat("x", 201)),
		"control":        with(sound, "name", "a\tb"),
		"short password": with(sound, "password", "short"),
		"percent":        with(sound, "extra", "301"),
		"no roles":       with(sound, "-role", ""),
		"long group":     with(sound, "new_groups", strings.Repeat("g", 101)),
	} {
		for _, lang := range []string{"ja", "en"} {
			c.lang = lang
			page := c.post("/admin/people", form).status(http.StatusUnprocessableEntity)
			if page.doc().Find("[data-problems] a").Length() == 0 || contains(page.body, "people.fault") {
				t.Errorf("%s: the page says %q", name, page.text("main"))
			}
		}
	}
	c.post("/admin/people", with(sound, "role", "root")).status(http.StatusBadRequest)
	c.post("/admin/people", url.Values{"username": {"a", "b"}}).status(http.StatusBadRequest)
	if _, n, err := s.store.FindUsers(t.Context(), store.UserQuery{Limit: 1}); err != nil || n != 1 {
		t.Errorf("%d users, %v", n, err)
	}
}

func TestPersonIsChanged(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	path := "/admin/people/" + s.user("ann").ID
	page := c.get(path).status(http.StatusOK)
	form := page.personForm()
	c.post(path, form).status(http.StatusSeeOther)
	if entries := s.auditLog(); len(entries) != 0 {
		t.Errorf("nothing was changed, but %+v", entries)
	}
	c.post(path, with(form, "name", "花子", "extra", "50", "new_groups", "2026", "role", "author")).status(http.StatusSeeOther)
	u := s.found("ann")
	if u.Name != "花子" || u.ExtraPercent != 50 || !slices.Equal(u.Groups, []string{"2026"}) || !slices.Equal(u.Roles, []store.Role{store.RoleAuthor}) {
		t.Errorf("stored %+v", u)
	}
	entry := s.auditLog()[0]
	for _, want := range []string{`"before":"Name of ann"`, `"after":"花子"`, `"extra_time_percent":{"after":50,"before":0}`, `"username":"ann"`} {
		if !contains(string(entry.Details), want) {
			t.Errorf("the entry lacks %s: %s", want, entry.Details)
		}
	}
	c.get("/admin/people/" + uuid.NewString()).status(http.StatusNotFound)
	c.get("/admin/people/x").status(http.StatusNotFound)
}

// TestPersonChangedByTwo: what another admin saved meanwhile is not undone unseen; both are shown.
func TestPersonChangedByTwo(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	path := "/admin/people/" + s.user("ann").ID
	form := c.get(path).personForm()
	u := s.found("ann")
	u.Name = "theirs"
	must(t, s.store.UpdateUser(t.Context(), u))
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		page := c.post(path, with(form, "name", "mine")).status(http.StatusConflict)
		if page.doc().Find("[data-refusal=moved]").Length() != 1 || !contains(page.text("[data-refusal]"), "theirs") ||
			page.personForm().Get("name") != "mine" {
			t.Errorf("the page says %q", page.text("main"))
		}
		form = page.personForm()
		if s.found("ann").Name != "theirs" {
			t.Fatal("the other change was undone")
		}
		form.Set("shown", "another state")
	}
	form = c.post(path, form).status(http.StatusConflict).personForm()
	c.post(path, form).status(http.StatusSeeOther)
	if got := s.found("ann").Name; got != "mine" {
		t.Errorf("stored %q", got)
	}
}

func TestLastAdminStays(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	own := "/admin/people/" + s.users["dora"].ID
	form := c.get(own).personForm()
	page := c.post(own, with(form, "role", "author")).status(http.StatusConflict)
	if page.doc().Find("[data-refusal=last_admin]").Length() != 1 {
		t.Errorf("the page says %q", page.text("main"))
	}
	page = c.post(own, with(form, "disabled", "1")).status(http.StatusConflict)
	if page.doc().Find("[data-refusal=own_disabled]").Length() != 1 {
		t.Errorf("the page says %q", page.text("main"))
	}
	eve := s.user("eve", store.RoleAdmin)
	page = c.post(own, with(form, "disabled", "1")).status(http.StatusConflict)
	if page.doc().Find("[data-refusal=own_disabled]").Length() != 1 {
		t.Error("an admin disabled herself beside another one")
	}
	other := "/admin/people/" + eve.ID
	c.post(other, with(c.get(other).personForm(), "disabled", "1")).status(http.StatusSeeOther)
	if !s.found("eve").Disabled || s.found("dora").Disabled {
		t.Error("eve is not disabled, or dora is")
	}
	page = c.post(own, with(form, "role", "candidate")).status(http.StatusConflict)
	if page.doc().Find("[data-refusal=last_admin]").Length() != 1 {
		t.Error("a disabled admin was counted")
	}
}

func TestPasswordIsReset(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	path := "/admin/people/" + s.user("ann").ID
	ann := s.signedIn("ann").inProcess(s)
	made := c.post(path+"/password", url.Values{"password": {""}}).status(http.StatusOK).text("[data-password]")
	ann.get("/").status(http.StatusSeeOther)
	if !s.enters("ann", made) || s.enters("ann", password) {
		t.Error("the made password does not open the account, or the old one does")
	}
	c.post(path+"/password", url.Values{"password": {"given password"}}).status(http.StatusSeeOther)
	if !s.enters("ann", "given password") {
		t.Error("the given password does not open the account")
	}
	page := c.post(path+"/password", url.Values{"password": {"abc-xyz"}}).status(http.StatusUnprocessableEntity)
	if page.doc().Find("[data-problems]").Length() != 1 || contains(page.body, "abc-xyz") {
		t.Errorf("the page says %q", page.text("main"))
	}
	if entries := s.auditLog(); len(entries) != 2 || entries[0].Action != store.ActSetPassword {
		t.Errorf("the audit log holds %+v", entries)
	}
	own := "/admin/people/" + s.users["dora"].ID
	c.post(own+"/password", url.Values{"password": {"given password"}}).leads("/account")
	if s.enters("dora", "given password") || c.get(own).doc().Find(`form[action$="/password"]`).Length() != 0 {
		t.Error("an admin set her own password without the current one")
	}
}

func TestSignInsOfAPersonEnd(t *testing.T) {
	t.Parallel()
	s, c := staffed(t)
	path := "/admin/people/" + s.user("ann").ID
	first, second := s.signedIn("ann").inProcess(s), s.signedIn("ann").inProcess(s)
	row, err := signInWith(s, "ann", "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0")
	must(t, err)
	page := c.get(path).status(http.StatusOK)
	if got := page.text("tr[data-sign-in='" + row + "']"); !contains(got, "Firefox on Windows") || !contains(got, "192.0.2.7") {
		t.Errorf("the sign-in is told as %q", got)
	}
	if n := page.doc().Find("tr[data-sign-in]").Length(); n != 3 {
		t.Errorf("%d sign-ins", n)
	}
	c.post(path+"/sign-out", url.Values{"sign_in": {first.signIn}}).status(http.StatusSeeOther)
	first.get("/").leads("/login")
	second.get("/").status(http.StatusOK)
	c.post(path+"/sign-out", url.Values{"sign_in": {c.signIn}}).status(http.StatusNotFound)
	c.post(path+"/sign-out", url.Values{}).status(http.StatusBadRequest)
	c.post(path+"/sign-out", url.Values{"all": {"1"}}).status(http.StatusSeeOther)
	second.get("/").leads("/login")
	if n := c.get(path).doc().Find("tr[data-sign-in]").Length(); n != 0 {
		t.Errorf("%d sign-ins are left", n)
	}
	if entries := s.auditLog(); len(entries) != 2 || !contains(string(entries[0].Details), `"all":true`) {
		t.Errorf("the audit log holds %+v", entries)
	}
}

// signInWith stores a sign-in from elsewhere.
func signInWith(s *site, name, agent string) (string, error) {
	row := store.SignIn{
		ID: uuid.NewString(), User: s.users[name].ID, TokenHash: uuid.NewString(), Agent: agent, Address: "192.0.2.7",
	}
	_, now, err := s.store.SignInsOf(s.t.Context(), row.User, 1)
	row.Created, row.LastSeen = now, now
	if err != nil {
		return "", err
	}
	return row.ID, s.store.CreateSignIn(s.t.Context(), row)
}

func TestAttemptsOfAPerson(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 1)
	s.user("dora", store.RoleAdmin)
	ann.submit(attempt)
	page := s.signedIn("dora").inProcess(s).get("/admin/people/" + s.users["ann"].ID).status(http.StatusOK)
	row := page.doc().Find("tr[data-attempt]")
	if row.Length() != 1 || row.Find("a").AttrOr("href", "") != "/admin"+attempt {
		t.Errorf("the page has %q", row.Text())
	}
}

// TestAccommodationsAreAdmins: extra time stands on no page of an author, nor on one's own account.
func TestAccommodationsAreAdmins(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam()
	u := s.user("ann")
	u.ExtraPercent = 137
	extra := regexp.MustCompile(`\b137\b`) // as a number: ids hold these digits now and then
	must(t, s.store.UpdateUser(t.Context(), u))
	s.user("cleo", store.RoleAuthor)
	s.user("dora", store.RoleAdmin)
	ann, author := s.signedIn("ann").inProcess(s), s.signedIn("cleo").inProcess(s)
	ann.start()
	if page := s.signedIn("dora").inProcess(s).get("/admin/people").status(http.StatusOK); !extra.MatchString(page.body) {
		t.Fatal("the list of people does not tell the extra time, so that this test proves nothing")
	}
	pages := 0
	for _, row := range s.server.Rows() {
		if row.Method != http.MethodGet || row.Access != "author" && row.Access != "signedIn" {
			continue
		}
		path := strings.NewReplacer("{exam}", "test", "{set}", "basics").Replace(row.Pattern)
		if a := author.get(path); extra.MatchString(a.body) {
			t.Errorf("%s tells the extra time", path)
		} else if a.code == http.StatusOK {
			pages++
		}
	}
	if pages < 5 {
		t.Errorf("only %d pages of authors were looked at", pages)
	}
	if page := ann.get("/account").status(http.StatusOK); extra.MatchString(page.body) {
		t.Error("the own account tells the extra time")
	}
}
