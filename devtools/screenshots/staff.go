package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// The windows of staff in CSS pixels: on a desk, there also one for what is
// long, and on a phone.
const (
	deskWidth, deskHeight   = 1280, 960
	storyHeight             = 1500
	phoneWidth, phoneHeight = 390, 844
)

const questions = `番号,分野,問題,選択肢A,選択肢B,選択肢C,選択肢D,正解,解説
1,ネットワーク,IPv4アドレスは何ビットですか。,16,32,64,128,B,8ビットが4つです。
2,ネットワーク,Webページの送受信に使うプロトコルはどれですか。,SMTP,HTTP,FTP,NTP,,
3,データ,1バイトは何ビットですか。,4,8,10,16,B,
`

const roster = "username,name,password,groups,extra_time_percent\n" +
	"j2641,斎藤 楓,,情報2年,\nj2642,清水 樹,,情報2年,25\nj2601,佐藤 葵,,情報2年;補講,\n"

// staff takes the pictures of the pages of authors and admins.
func (p *photographer) staff(ctx context.Context, c *school) error {
	tab, closeTab := chromedp.NewContext(ctx)
	defer closeTab()
	if err := chromedp.Do(tab, chromedp.EmulateViewport(deskWidth, deskHeight), speak("ja"), p.signIn("admin", adminPassword)); err != nil {
		return err
	}
	for _, scenes := range [][]step{p.desk(), p.sitting(), p.after(), p.people()} {
		if err := c.stay(ctx); err != nil {
			return err
		}
		if err := chromedp.Do(tab, scenes...); err != nil {
			return err
		}
	}
	return nil
}

// desk is where authors work.
func (p *photographer) desk() []step {
	return []step{
		p.open("/author"), p.shot("desk-ja"),
		p.open("/author/upload"), p.attach("情報.csv", questions), click(`main form[enctype] button`), p.shot("report-ja"),
		p.open("/author/sets/sample-ja"), p.shot("set-ja"),
		p.open("/author/exams/" + current), chromedp.EmulateViewport(deskWidth, storyHeight), p.shot("exam-ja"), chromedp.EmulateViewport(deskWidth, deskHeight),
		p.open("/author/exams/" + current + "/preview"), p.shot("preview-ja"),
	}
}

// sitting is the exam that is going on.
func (p *photographer) sitting() []step {
	exam := "/admin/exams/" + current
	return []step{
		p.open("/admin"), p.shot("sittings-ja"),
		p.open(exam), chromedp.WaitVisible("[data-live]"), p.shot("sitting-ja"),
		chromedp.EmulateViewport(phoneWidth, phoneHeight), p.shot("sitting-narrow-ja"), chromedp.EmulateViewport(deskWidth, deskHeight),
		speak("en"), p.open(exam), chromedp.WaitVisible("[data-live]"), p.shot("sitting-en"), speak("ja"),
		p.open(exam), click(`button[name=scope][value=all]`), fill("#reason", "開始が遅れたため"), p.shot("plan-ja"),
		p.open(exam + "/messages"), fill("#text", "第12問の図は、黒板に書いたものを見てください。"), click(".message-form button"), p.shot("messages-ja"),
	}
}

// after is what is looked at when something went wrong, or an exam is over.
func (p *photographer) after() []step {
	return []step{
		p.open("/admin/exams/" + current + "/rejected"), p.shot("rejected-ja"),
		click(`.rejected-answers .actions-cell a`), fill("#reason", "退室の直前に書き直していたため"), p.shot("accept-ja"),
		click(`.confirm button`), chromedp.WaitVisible("[data-job=accepted]"), p.open("/admin/exams/" + current + "/rejected?show=all"),
		click(`.rejected-answers tbody th a`), chromedp.EmulateViewport(deskWidth, storyHeight), p.shot("story-ja"),
		click(`.page-head .tabs li:last-child a`), chromedp.EmulateViewport(deskWidth, deskHeight), p.shot("paper-ja"),
		p.open("/admin/exams/" + past + "/results"), p.shot("results-ja"),
	}
}

func (p *photographer) people() []step {
	return []step{
		p.open("/admin/people"), p.shot("people-ja"),
		click(`tbody tr:nth-child(3) a`), p.shot("person-ja"),
		p.open("/admin/people/import"), p.attach("名簿.csv", roster), click(`main form[enctype] button`), p.shot("roster-ja"),
		p.open("/admin/audit"), p.shot("audit-ja"),
	}
}

// fill puts text into a field.
func fill(selector, text string) step {
	return chromedp.Steps(chromedp.WaitVisible(selector), chromedp.SetValue(selector, text))
}

// open goes to a path of the site.
func (p *photographer) open(path string) step { return chromedp.Navigate(p.base + path) }

// click clicks on what leads to another page, and waits for that.
func click(selector string) step {
	return chromedp.Steps(
		chromedp.Evaluate[chromedp.Void](`document.documentElement.dataset.old = "1"`),
		chromedp.Click(selector), chromedp.WaitVisible("html:not([data-old]) main"),
	)
}

// attach chooses a file with this content.
func (p *photographer) attach(name, content string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		file := filepath.Join(p.temp, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			return err
		}
		_, err := chromedp.SetUploadFiles("input[type=file]", []string{file})(ctx, t)
		return err
	})
}

func (p *photographer) write(name string, picture []byte) error {
	file := filepath.Join(p.folder, name+".png")
	fmt.Println(file)
	return os.WriteFile(file, picture, 0o644)
}
