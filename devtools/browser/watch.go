package browser

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// watch notes the faults of a tab's pages.
type watch struct {
	base string

	mu      sync.Mutex
	faults  []string
	allowed []*regexp.Regexp
	dialogs int
}

func newWatch(base string) *watch {
	return &watch{base: base}
}

// take returns the faults so far that are not allowed, and forgets them.
func (w *watch) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	faults := slices.DeleteFunc(w.faults, func(fault string) bool {
		return slices.ContainsFunc(w.allowed, func(a *regexp.Regexp) bool { return a.MatchString(fault) })
	})
	w.faults = nil
	return faults
}

func (w *watch) allow(pattern string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.allowed = append(w.allowed, regexp.MustCompile(pattern))
}

func (w *watch) fault(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

// heard is called for each event of the tab and must not wait.
func (t *Tab) heard(event any) {
	if _, ok := event.(*page.EventJavascriptDialogOpening); ok {
		go t.acceptDialog()
	}
	t.watch.heard(event)
}

// acceptDialog leaves a page that asks before it is left. A tab that is closed
// meanwhile needs no answer.
func (t *Tab) acceptDialog() {
	_, _ = chromedp.Call(t.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
}

func (w *watch) heard(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *page.EventJavascriptDialogOpening:
		w.dialogs++
	case *runtime.EventExceptionThrown:
		w.fault("exception: %s", (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
	case *runtime.EventConsoleAPICalled:
		if slices.Contains(badCalls, e.Type) {
			w.fault("console: %s: %s", e.Type, consoleText(e))
		}
	case *log.EventEntryAdded:
		w.logged(e.Entry)
	case *network.EventRequestWillBeSent:
		w.requested(e)
	case *network.EventResponseReceived:
		// The statuses of pages are the test's business, however they are asked for.
		if e.Type != network.ResourceTypeDocument && e.Response.MimeType != "text/html" && e.Response.Status >= 400 {
			w.fault("%s: %d", e.Response.URL, e.Response.Status)
		}
	}
}

// badCalls are the calls of the console API that a page must not make.
var badCalls = []runtime.ConsoleAPICalledType{
	runtime.ConsoleAPICalledTypeError, runtime.ConsoleAPICalledTypeWarning, runtime.ConsoleAPICalledTypeAssert,
}

func consoleText(e *runtime.EventConsoleAPICalled) string {
	var words []string
	for _, arg := range e.Args {
		words = append(words, string(arg.Value), arg.Description)
	}
	return strings.Join(words, " ")
}

// logged hears of violations of the content policy, among others. What the
// network says is heard at the response.
func (w *watch) logged(e *log.Entry) {
	if e.Source != log.EntrySourceNetwork && (e.Level == log.EntryLevelError || e.Level == log.EntryLevelWarning) {
		w.fault("log: %s: %s (%s)", e.Source, e.Text, e.URL)
	}
}

func (w *watch) requested(e *network.EventRequestWillBeSent) {
	u, err := url.Parse(e.Request.URL)
	if err != nil || (u.Scheme != "data" && u.Scheme != "about" && u.Scheme+"://"+u.Host != w.base) {
		w.fault("request to another host: %s", e.Request.URL)
	}
}
