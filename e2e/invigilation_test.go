package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/devtools/cluster"
	"shiken/devtools/measure"
)

// sittingPage is where the sample exam's sitting is watched.
const sittingPage = "/admin/exams/sample-free"

var administrator = cluster.Account{Username: "admin", Password: "e2e-administration"}

// An answer that a candidate saves is on the invigilator's open page within two seconds, and whoever
// was checked there stays checked.
func TestInvigilatorSeesAnswersAsTheyAreSaved(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	account := candidates(t, i, 1)[0]
	ann := signedIn(t, i.URL(), account)
	form := questionForm(t, begin(t, ann, "sample-free"))
	dora := browser.Start(t).Person(t, browser.Options{Base: i.URL(), Language: "ja"})
	dora.Carry(signedIn(t, i.URL(), administrator).Cookies())
	tab := dora.First()
	tab.Open(sittingPage)
	tab.Await(`!document.querySelector("[data-live]").hidden`)
	tab.Click("tbody input[type=checkbox]")
	saved := time.Now()
	if page, err := ann.Press(t.Context(), form, "save"); err != nil || page.Answered != http.StatusSeeOther {
		t.Fatalf("%s %v", page, err)
	}
	tab.Await(`document.querySelector("tbody tr").dataset.answered === "1"`)
	if took := time.Since(saved); took > measure.Limit(2*time.Second) { // make sitting measures it as well
		t.Errorf("shown after %s", took)
	}
	if !browser.Eval[bool](tab, `document.querySelector("tbody input").checked && document.activeElement.name === "attempt"`) {
		t.Error("the check mark or the focus is lost")
	}
	if got := tab.Text("[data-checked]"); got != "(1)" {
		t.Errorf("says that %q are checked", got)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
