package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"

	"shiken/devtools/browser"
)

// visit sits the samples once in one look and takes a picture of each kind of page.
type visit struct {
	to, site string
	look     look
	all      bool
	tab, two *browser.Tab
}

func (v *visit) take(chromium string) error {
	b := browser.Launch(chromium, v.look.Options)
	defer b.Close()
	var err error
	if v.tab, err = b.Tab(); err != nil {
		return err
	}
	if v.two, err = b.Tab(); err != nil {
		return err
	}
	for _, step := range []func() error{v.signIn, v.question, v.conflict, v.reviewAndResult, v.linear, v.practice, v.missing} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (v *visit) shoot(t *browser.Tab, name string) error {
	name += "-" + v.look.suffix
	if !v.all && !readme[name] {
		return nil
	}
	png, err := t.Screenshot(v.all)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(v.to, name+".png"), png, 0o600)
}

func steps(list ...func() error) error {
	for _, f := range list {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func (v *visit) signIn() error {
	return steps(
		func() error { return v.tab.Open(v.site + "/login") },
		func() error { return v.shoot(v.tab, "login") },
		func() error { return v.tab.SignIn(v.site, "demo", "demo-candidate") },
		func() error { return v.shoot(v.tab, "home") },
	)
}

// begin starts a sample and returns the attempt's address.
func (v *visit) begin(slug string) (string, error) {
	if err := v.tab.Open(v.site + "/exams/" + slug); err != nil {
		return "", err
	}
	if err := v.shoot(v.tab, "exam-"+slug); err != nil {
		return "", err
	}
	if err := v.tab.Click(`main form button[type="submit"]`); err != nil {
		return "", err
	}
	path, err := v.tab.Path()
	path, _, _ = strings.Cut(path, "/questions/")
	return v.site + path, err
}

const firstInput = `main form input[name="answer"]:not([type="hidden"])`

// answer answers a question of any kind by its first possibility, or by typing.
func (v *visit) answer(t *browser.Tab, last bool) error {
	script := `(() => {
		const inputs = [...document.querySelectorAll('main form input[name="answer"]:not([type="hidden"])')];
		const box = inputs.filter((i) => i.type === "radio" || i.type === "checkbox");
		if (box.length) box[` + map[bool]string{true: "box.length - 1", false: "0"}[last] + `].click();
		for (const i of inputs) if (i.type === "text") i.value = "42";
		for (const s of document.querySelectorAll("main form select")) s.selectedIndex = 1;
	})()`
	return t.Do(chromedp.Evaluate(script, nil))
}

func (v *visit) question() error {
	attempt, err := v.begin("sample-free")
	if err != nil {
		return err
	}
	return steps(
		func() error { return v.answer(v.tab, false) },
		func() error { return v.tab.Press("next") },
		func() error { return v.tab.Press("flag") },
		func() error { return v.tab.Open(attempt + "/questions/1") },
		func() error { return v.shoot(v.tab, "question") },
	)
}

func (v *visit) conflict() error {
	path, err := v.tab.Path()
	if err != nil {
		return err
	}
	return steps(
		func() error { return v.two.Open(v.site + path) },
		func() error { return v.answer(v.two, true) },
		func() error { return v.answer(v.tab, true) },
		func() error { return v.tab.Press("save") },
		func() error { return v.answer(v.two, false) },
		func() error { return v.two.Press("save") },
		func() error { return v.shoot(v.two, "conflict") },
	)
}

func (v *visit) reviewAndResult() error {
	return steps(
		func() error { return v.tab.Press("review") },
		func() error { return v.shoot(v.tab, "review") },
		func() error { return v.tab.Click(`main form button[type="submit"]`) },
		func() error { return v.shoot(v.tab, "result") },
		func() error { return v.two.Open(v.site + "/") },
		func() error { return v.shoot(v.two, "home-done") },
	)
}

func (v *visit) linear() error {
	if _, err := v.begin("sample-linear"); err != nil {
		return err
	}
	return steps(
		func() error { return v.tab.Press("next") },
		func() error { return v.shoot(v.tab, "unanswered") },
	)
}

func (v *visit) practice() error {
	if _, err := v.begin("sample-practice"); err != nil {
		return err
	}
	return steps(
		func() error { return v.answer(v.tab, false) },
		func() error { return v.tab.Press("check") },
		func() error { return v.shoot(v.tab, "checked") },
	)
}

func (v *visit) missing() error {
	return steps(
		func() error { return v.two.Open(v.site + "/nowhere") },
		func() error { return v.shoot(v.two, "not-found") },
	)
}
