package gallery

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"shiken/templates"
)

// answerer answers the requests of a page.
type answerer = func(http.ResponseWriter, *http.Request, templates.Page)

// scripted are the states of a question, and of the review, that scripts alone bring about.
func scripted() []State {
	free := func(p templates.Page) templ.Component { return templates.Question(p, question(choiceBody())) }
	states := []State{
		{Name: "answer-changed", Script: choose, Ready: shown("[data-when-changed]"), Answer: never},
		{Name: "answer-saved", Script: choose, Ready: `/[0-9]{2}:[0-9]{2}:[0-9]{2}/.test(document.querySelector("[data-when-saved]").textContent) &&
			document.querySelector("[data-when-changed]").hidden && document.querySelectorAll("input[name=answer]")[2].checked`, Answer: saved},
		{Name: "answer-kept", Script: choose, Ready: shown("[data-when-kept]"), Answer: status(http.StatusServiceUnavailable)},
		{Name: "answer-conflict", Script: press("save"), Ready: `document.querySelector("main").dataset.reason === "stale"`, Answer: conflict},
		{Name: "countdown-hidden", Script: `document.querySelector("[data-timer-hide]").click();`, Ready: there(".timer-hidden")},
		{Name: "countdown-extended", Ready: there(".message [data-dismiss]:not([hidden])"), Script: ` `, Answer: follows(func(s map[string]any) {
			s["deadline"], s["ends"] = now.Add(44*time.Minute).Format(time.RFC3339), "10:58"
			s["messages"] = []map[string]string{{"id": "00000001", "text": "15 分延長しました。", "at": "09:14:07"}}
		})},
		{Name: "display-open", Script: `document.querySelector("[data-display]").open = true;`},
		{Name: "navigator-open", Script: `document.querySelector(".navigator details").open = true;`},
		{Name: "shortcuts-open", Script: `document.querySelector("[data-shortcuts-open]").click();`, Ready: there("dialog[open]")},
		{Name: "paused", Script: pause, Ready: shown("[data-cover]")},
		{Name: "signed-out", Script: askToSignIn, Ready: there("dialog[open]")},
		{Name: "signed-out-later", Script: askToSignIn + later, Ready: there("[data-bar-shown=signed-out]")},
		{Name: "signed-out-wrong", Script: askToSignIn + signIn, Ready: shown("[data-signin-problem]"), Answer: status(http.StatusUnauthorized)},
		{Name: "sign-out-unsaved", Script: choose + signOut, Ready: there("dialog[open] [data-unsent-list] li"), Answer: never},
		{Name: "travel-kept", Script: press("next"), Ready: travelled, Answer: status(http.StatusServiceUnavailable)},
		{Name: "outbox-sending", Script: again, Ready: there(".unsent"), Answer: never},
		{Name: "outbox-stuck", Script: again, Ready: shown(".unsent .form-buttons"), Answer: status(http.StatusServiceUnavailable)},
		{Name: "outbox-unsent", Script: outbox(""), Ready: bar("unsent"), Answer: status(http.StatusServiceUnavailable)},
		{Name: "outbox-late", Script: outbox(`rejected: "time_up"`), Ready: bar("late")},
		{Name: "outbox-unsendable", Script: outbox(`refused: 413`), Ready: bar("unsendable")},
		{Name: "bar-elsewhere", Script: showBar("elsewhere", `values: { time: "09:14:07" }, actions: { show() {}, compare() {} }`), Ready: bar("elsewhere")},
		{Name: "bar-moved", Script: showBar("moved", `values: { n: 4 }, actions: { go() {} }`), Ready: bar("moved")},
		{Name: "bar-rejected", Script: showBar("rejected", `values: { title: titleOf("stale") }, actions: { show() {} }`), Ready: bar("rejected")},
		{Name: "bar-refused", Script: showBar("refused", ""), Ready: bar("refused")},
		{Name: "bar-too-long", Script: showBar("too-long", ""), Ready: bar("too-long")},
	}
	for i := range states {
		states[i].Page = free
	}
	linear := func(v *templates.QuestionView) {
		v.Linear, v.Navigator, v.Can = true, nil, templates.Buttons{Save: true, Next: true}
	}
	return append(states,
		State{Name: "shortcuts-open-linear", Page: changed(linear), Script: `document.querySelector("[data-shortcuts-open]").click();`, Ready: there("dialog[open]")},
		State{Name: "moved-away", Page: changed(func(v *templates.QuestionView) { v.OneDevice = true }), Script: leave, Ready: shown("[data-elsewhere-cover]")},
		State{Name: "submit-confirm", Page: unfinished, Script: submit, Ready: there("dialog[open]")},
		State{Name: "travel-waiting", Page: unfinished, Script: submit + `document.querySelector("[data-confirm-submit]").click();`,
			Ready: travelled, Answer: status(http.StatusServiceUnavailable)},
	)
}

func unfinished(p templates.Page) templ.Component { return templates.Review(p, review()) }

func changed(change func(*templates.QuestionView)) func(templates.Page) templ.Component {
	return func(p templates.Page) templ.Component {
		view := question(choiceBody())
		change(&view)
		return templates.Question(p, view)
	}
}

// there and shown are true once an element is in the page, and once it is to be seen.
func there(selector string) string {
	return fmt.Sprintf(`document.querySelector(%q) !== null`, selector)
}

func shown(selector string) string {
	return fmt.Sprintf(`(document.querySelector(%q)?.checkVisibility() ?? false)`, selector)
}

func bar(name string) string { return there(`[data-bar-shown="` + name + `"]`) }

const travelled = `document.querySelector("[data-travel]").textContent !== ""`

// What people do.
const (
	choose  = `document.querySelectorAll("input[name=answer]")[2].click();`
	later   = `document.querySelector("[data-later]").click();`
	signOut = `document.querySelector("[form=logout]").click();`
	submit  = `document.querySelector("#submit-form button[type=submit]").click();`
	signIn  = `document.querySelector("#signin-password").value = "wrong";
document.querySelector("dialog form").requestSubmit();`
)

func press(action string) string {
	return fmt.Sprintf(`document.querySelector("button[name=action][value=%s]").click();`, action)
}

const askToSignIn = `import { askToSignIn } from "./signin.js";
askToSignIn();
`

const pause = `import { Cover } from "./cover.js";
const main = document.querySelector("main");
const cover = new Cover(main, main.querySelector("[data-cover]"), main.querySelector("[data-cover-saved]"));
cover.put();
cover.tell("saved", "09:13:07");`

const leave = `import { Elsewhere } from "./elsewhere.js";
const main = document.querySelector("main");
new Elsewhere(main, main.querySelector("[data-follow]"), () => {}).hear({ elsewhere: true, elsewhere_since: "09:12:30" });`

func showBar(name, options string) string {
	return fmt.Sprintf("import { showBar, titleOf } from \"./bars.js\";\nshowBar(%q, { %s });", name, options)
}

// entry is what an earlier page left in the outbox.
const entry = `import { put } from "./outbox.js";
const left = (attempt, more) => put({
  key: crypto.randomUUID(), owner: document.body.dataset.owner, attempt, position: 2, page: crypto.randomUUID(), kind: "form",
  path: "/attempts/" + attempt + "/questions/2", body: "answer=" + encodeURIComponent("まだ送っていない解答"), command_id: crypto.randomUUID(),
  seq: 1, rev: 0, opening: 1, at: Date.now(), label: document.querySelector("form[data-question]").dataset.label, ...more,
});
`

// outbox leaves an entry of another attempt, and has the page look into the outbox as it does when the
// browser is back on the line.
func outbox(more string) string {
	return entry + fmt.Sprintf("await left(\"other\", { %s });\ndispatchEvent(new Event(\"online\"));", more)
}

// again leaves an entry of the attempt that is shown, and comes again, as its owner.
const again = entry + `if (new URLSearchParams(location.search).has("owner")) {
  setInterval(() => dispatchEvent(new Event("online")), 100);
} else {
  await left(document.querySelector("main").dataset.attempt, {});
  location.search += "&owner=" + document.body.dataset.owner;
}`

// never leaves what is sent without an answer.
func never(w http.ResponseWriter, r *http.Request, _ templates.Page) {
	if r.Method == http.MethodGet {
		nothing(w, http.StatusNotFound)
		return
	}
	_, _ = io.Copy(io.Discard, r.Body) // else nobody hears that the page is gone
	<-r.Context().Done()
}

// status answers whatever is sent by a status and nothing else.
func status(code int) answerer {
	return func(w http.ResponseWriter, r *http.Request, _ templates.Page) {
		if r.Method == http.MethodGet {
			nothing(w, http.StatusNotFound)
			return
		}
		w.Header().Set("Retry-After", "600") // the page is looked at as it is
		nothing(w, code)
	}
}

// saved acknowledges what is sent to be saved.
func saved(w http.ResponseWriter, r *http.Request, _ templates.Page) {
	if r.Method != http.MethodPut {
		nothing(w, http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Date", now.Format(http.TimeFormat))
	_, _ = fmt.Fprint(w, `{"success": true, "outcome": "applied", "rev": 3}`) // the client is gone: nobody to tell
}

// conflict answers a form by the page that offers both answers.
func conflict(w http.ResponseWriter, r *http.Request, p templates.Page) {
	if r.Method != http.MethodPost {
		nothing(w, http.StatusNotFound)
		return
	}
	p.Owner = r.PostFormValue("page")
	var page strings.Builder
	if err := templates.Rejected(p, rejection("stale")).Render(r.Context(), &page); err != nil {
		http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
		return
	}
	nothing(w, http.StatusConflict)
	_, _ = fmt.Fprint(w, page.String()) // the client is gone: nobody to tell
}

// follows tells the page, when it listens, that its attempt is as change leaves it.
func follows(change func(state map[string]any)) answerer {
	return func(w http.ResponseWriter, r *http.Request, _ templates.Page) {
		if !strings.HasSuffix(r.URL.Path, "/events") {
			nothing(w, http.StatusNotFound)
			return
		}
		state := map[string]any{
			"status": "in_progress", "opening": 1, "deadline": now.Add(30 * time.Minute).Format(time.RFC3339), "ends": "10:43",
			"now": now.Format(time.RFC3339), "pausing": false, "elsewhere": false, "elsewhere_since": "", "messages": []map[string]string{},
		}
		change(state)
		text, err := json.Marshal(state)
		if err != nil {
			http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = fmt.Fprintf(w, "event: state\ndata: %s\n\n", text) // the client is gone: nobody to tell
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}
