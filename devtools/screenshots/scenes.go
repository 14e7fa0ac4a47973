package main

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// The window in CSS pixels: a laptop's, and one that holds a whole result.
const width, height, tall = 1100, 760, 1240

type step = chromedp.Action[chromedp.Void]

// photographer sits an exam and takes pictures on the way.
type photographer struct {
	base, folder string
	temp         string // for files to be uploaded
}

// candidate takes the pictures of the pages of candidates.
func (p *photographer) candidate(ctx context.Context) error {
	tab, closeTab := chromedp.NewContext(ctx)
	defer closeTab()
	err := chromedp.Do(tab, chromedp.EmulateViewport(width, height), speak("ja"), p.signIn("demo", "demo-candidate"), p.shot("home-ja"),
		speak("en"), p.begin(), choose(1), p.shot("question-en"),
		press("next"), choose(0), press("next"), choose(2), press("next"))
	if err != nil {
		return err
	}
	address, err := chromedp.Run(tab, chromedp.Location())
	if err != nil {
		return err
	}
	if err := p.conflict(tab, address); err != nil {
		return err
	}
	attempt := address[:len(address)-len("/questions/4")]
	return chromedp.Do(tab,
		speak("ja"), chromedp.Navigate(attempt+"/review"), p.shot("review-ja"),
		speak("en"), chromedp.Navigate(attempt+"/review"), submit(),
		chromedp.EmulateViewport(width, tall), p.shot("result-en"))
}

// conflict answers the fourth question in a second tab, then otherwise in the
// first, which shows it from before.
func (p *photographer) conflict(tab context.Context, address string) error {
	second, closeSecond := chromedp.NewContext(tab)
	defer closeSecond()
	if err := chromedp.Do(second, speak("en"), chromedp.Navigate(address), choose(0), press("save")); err != nil {
		return err
	}
	return chromedp.Do(tab, choose(1), press("save"), p.shot("conflict-en"))
}

// speak asks for pages in the language.
func speak(language string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		headers := network.Headers{"Accept-Language": language}
		if _, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: headers})
		return err
	})
}

func (p *photographer) signIn(username, password string) step {
	return chromedp.Steps(
		chromedp.Navigate(p.base+"/login"),
		chromedp.SendKeys("input[name=username]", username),
		chromedp.SendKeys("input[name=password]", password+"\r"),
		chromedp.WaitVisible(`button[form=logout]`),
	)
}

func (p *photographer) begin() step {
	return chromedp.Steps(
		chromedp.Navigate(p.base+"/exams/sample-free"),
		chromedp.Click(`form[action$="/attempts"] button`),
		chromedp.WaitVisible("main[data-position='1'] input[name=answer]"),
	)
}

// choose marks the option with this index.
func choose(option int) step {
	click := fmt.Sprintf(`document.querySelectorAll("input[name=answer]")[%d].click()`, option)
	return chromedp.Steps(chromedp.WaitVisible("input[name=answer]"), chromedp.Evaluate[chromedp.Void](click))
}

// press sends the question's form by a button and waits for the next page,
// which lacks the mark that the page before was given.
func press(action string) step {
	return chromedp.Steps(
		chromedp.Evaluate[chromedp.Void](`document.querySelector("main").dataset.old = "1"`),
		chromedp.Click(fmt.Sprintf(`button[name=action][value=%q]`, action)),
		chromedp.WaitVisible("main:not([data-old])"),
	)
}

func submit() step {
	return chromedp.Steps(
		chromedp.Click(`form[action$="/submit"] button`),
		chromedp.Click("[data-confirm-submit]"),
		chromedp.WaitVisible("[data-receipt]"),
	)
}

// shot writes what the window shows.
func (p *photographer) shot(name string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		picture, err := chromedp.CaptureScreenshot()(ctx, t)
		if err != nil {
			return err
		}
		return p.write(name, picture)
	})
}
