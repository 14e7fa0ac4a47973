package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// Fill puts the text into a field in place of what is there.
func (t *Tab) Fill(field, text string) {
	t.tb.Helper()
	t.Find(field)
	Eval[any](t, fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.focus(); f.select(); })()`, field))
	if text == "" {
		t.Type("\b")
		return
	}
	t.Paste(text)
}

// Select chooses the option of a list that shows the text.
func (t *Tab) Select(list, text string) {
	t.tb.Helper()
	t.Find(list)
	chosen := Eval[bool](t, fmt.Sprintf(`(() => {
		const list = document.querySelector(%q);
		const option = [...list.options].find((o) => o.text.trim() === %q);
		if (option === undefined) return false;
		list.value = option.value;
		list.dispatchEvent(new Event("input", { bubbles: true }));
		list.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	})()`, list, text))
	if !chosen {
		t.fail("select in "+list, fmt.Errorf("it has no option %q", text))
	}
}

// Attach chooses a file for a file field.
func (t *Tab) Attach(field, file string) {
	t.tb.Helper()
	t.do("attach "+file, chromedp.SetUploadFiles(field, []string{file}))
}

// Download clicks on the element and returns the file to which that leads, with
// the name that the site gives it.
func (t *Tab) Download(selector string) (name string, content []byte) {
	t.tb.Helper()
	dir := t.tb.TempDir()
	allow := browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir,
		BrowserContextID: chromedp.FromContext(t.ctx).BrowserContextID,
	}
	call(t, "allow a download", browser.SetDownloadBehavior, allow)
	t.Click(selector)
	t.poll("download "+selector, func(context.Context) error {
		var err error
		name, content, err = downloaded(dir)
		return err
	})
	return name, content
}

// downloaded reads the only file of the folder. One that is under way has
// another name.
func downloaded(dir string) (string, []byte, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return "", nil, err
	}
	if len(files) != 1 || strings.HasSuffix(files[0].Name(), ".crdownload") || strings.HasPrefix(files[0].Name(), ".") {
		return "", nil, errors.New("it is not there")
	}
	content, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
	return files[0].Name(), content, err
}
