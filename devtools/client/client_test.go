package client_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"shiken/devtools/client"
)

// site answers every GET with the page and every POST with the fields it got.
func site(t *testing.T, page string) (*client.Client, *[]url.Values) {
	t.Helper()
	var posts []url.Values
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			if err := r.ParseForm(); err != nil {
				t.Error(err)
			}
			posts = append(posts, r.PostForm)
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes"})
			http.Redirect(w, r, "/next", http.StatusSeeOther)
			return
		}
		_, _ = fmt.Fprint(w, page)
	}))
	t.Cleanup(s.Close)
	c, err := client.New(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, &posts
}

const hidden = `<input type="hidden" name="seq" value="1"><input type="hidden" name="rev" value="2"><input type="hidden" name="command_id" value="abc">`

func TestAnswerSendsWhatABrowserWould(t *testing.T) {
	tests := []struct {
		name, controls string
		want           string
	}{
		{"single choice", `<input type="radio" name="answer" value="x"><input type="radio" name="answer" value="y" checked>`, "answer=x"},
		{"multiple choice", `<input type="checkbox" name="answer" value="x"><input type="checkbox" name="answer" value="y">`, "answer=x"},
		{"text", `<input type="text" name="answer" value="old">`, "answer=0"},
		{"textarea", `<textarea name="answer">old</textarea>`, "answer=0"},
		{"ordering", `<select name="answer.a"><option value=""></option><option>1</option><option>2</option></select>
			<select name="answer.b"><option value=""></option><option>1</option><option>2</option></select>`, "answer.a=1&answer.b=2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, posts := site(t, `<main data-position="3"><form method="get"><input name="q"></form>
				<form method="post">`+hidden+tt.controls+`<button name="action" value="save"></button>
				<button name="action" value="next"></button></form></main>`)
			page, err := c.Get(t.Context(), "/q/3")
			if err != nil {
				t.Fatal(err)
			}
			if page.Data("position") != "3" || !page.IsQuestion() {
				t.Fatalf("not read as question 3: %s", page)
			}
			if _, err := c.Answer(t.Context(), page, func(int) int { return 0 }, "next"); err != nil {
				t.Fatal(err)
			}
			want := "action=next&" + tt.want + "&command_id=abc&rev=2&seq=1"
			if got := (*posts)[0].Encode(); got != want {
				t.Errorf("sent %s, want %s", got, want)
			}
		})
	}
}

func TestAnswerRefusedIsAnError(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusConflict)
		}
		_, _ = fmt.Fprint(w, `<main data-outcome="rejected" data-reason="stale"><form method="post">`+hidden+`</form></main>`)
	}))
	t.Cleanup(s.Close)
	c, err := client.New(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	page, err := c.Get(t.Context(), "/")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.Answer(t.Context(), page, func(int) int { return 0 }, ""); err == nil || !strings.Contains(err.Error(), "stale") {
		t.Errorf("err = %v, want the reason", err)
	}
}

func TestCookiesAreKept(t *testing.T) {
	c, _ := site(t, "<main></main>")
	if _, err := c.Post(t.Context(), "/", nil); err != nil {
		t.Fatal(err)
	}
	if len(c.Cookies()) != 1 {
		t.Errorf("cookies %v, want one", c.Cookies())
	}
}

func TestDraftGoesBeforeTheForm(t *testing.T) {
	tests := []struct{ name, controls, answer string }{
		{"single choice", `<input type="radio" name="answer" value="x" checked>`, `"x"`},
		{"multiple choice", `<input type="checkbox" name="answer" value="x" checked><input type="checkbox" name="answer" value="y">`, `["x"]`},
		{"nothing typed", `<input type="text" name="answer" value="">`, `null`},
		{"gaps", `<input name="answer.a" value="1"><input name="answer.b" value="2">`, `{"a":"1","b":"2"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form, sent := draft(t, tt.controls)
			if got := string(sent["answer"]); got != tt.answer {
				t.Errorf("answer %s, want %s", got, tt.answer)
			}
			if string(sent["rev"]) != "2" || string(sent["seq"]) != "2" || string(sent["draft"]) != "true" {
				t.Errorf("sent %s", sent)
			}
			if f := form.Fields; f.Get("rev") != "7" || f.Get("seq") != "3" || f.Get("command_id") == "abc" {
				t.Errorf("the form goes on with %v", f)
			}
		})
	}
}

// draft sends a question's draft and returns the form after it, and what was sent.
func draft(t *testing.T, controls string) (*client.Form, map[string]json.RawMessage) {
	t.Helper()
	var sent map[string]json.RawMessage
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && r.URL.Path == "/api/here" {
			if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
				t.Error(err)
			}
			_, _ = fmt.Fprint(w, `{"success": true, "rev": 7}`)
			return
		}
		_, _ = fmt.Fprint(w, `<main><form method="post" data-response="/api/here">`+hidden+
			`<input type="hidden" name="opening" value="1"><input type="hidden" name="page" value="p">`+controls+`</form></main>`)
	}))
	t.Cleanup(s.Close)
	c, err := client.New(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	page, err := c.Get(t.Context(), "/")
	if err != nil {
		t.Fatal(err)
	}
	form := page.Form(client.QuestionForm)
	if err := c.Draft(t.Context(), form); err != nil {
		t.Fatal(err)
	}
	return form, sent
}
