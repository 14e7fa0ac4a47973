package e2e_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/devtools/client"
	"shiken/devtools/cluster"
)

var (
	journeys     = flag.Int("journeys", 4, "seeded journeys of TestWandering")
	firstJourney = flag.Uint64("journey", 1, "seed of the first one")
)

const (
	// steps of a journey.
	journeySteps = 14
	// kept is how old typed text must be to outlive whatever happens to its tab.
	kept = 2 * time.Second
	// told is how long a page may take to show what it is asked for, on a machine that is left alone. toldAtLast is how
	// long one may take to say that the server's state is another than it shows: of what another device has saved it is
	// told within half a minute.
	told       = 8 * time.Second
	toldAtLast = 50 * time.Second
	// mostTabs that a candidate has open, on all devices.
	mostTabs = 4
)

// TestWandering (R1, R15): candidates who type into essays and do all that people do to a browser: Back, Forward,
// reload, second tabs, closed and restored ones, double and triple clicks, no connection, frozen tabs, a sign-out
// from elsewhere, a second device, which takes the attempt over where one alone may write, and from which it is taken
// back, a computer that sleeps, a clock that jumps, a browser that is killed. Whatever was typed more than two seconds before is
// there again: saved, kept beside the answer, or still on the screen; nothing stays in a browser alone. And each page
// shows what the server has, or says that it does not.
func TestWandering(t *testing.T) {
	i := embedded(t)
	loadWandering(t, i)
	office := &examOffice{client: signedIn(t, i.URL(), administrator)}
	for n := range *journeys {
		seed := *firstJourney + uint64(n)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := sendOut(t, i, office, seed)
			for range journeySteps {
				w.step()
			}
			w.comeHome()
		})
	}
}

const wanderQuestions = 3

// wanderDevices are on how many devices an exam is written at a time.
var wanderDevices = []string{"any", "one"}

func loadWandering(t *testing.T, i *cluster.Instance) {
	t.Helper()
	var set strings.Builder
	for n := range wanderQuestions {
		fmt.Fprintf(&set, "::Q%d::Write about number %d. {}\n\n", n, n)
	}
	load(t, i, "wander.gift", set.String())
	for _, navigation := range navigations {
		for _, devices := range wanderDevices {
			slug := "wander-" + navigation + "-" + devices
			load(t, i, slug+".yaml", fmt.Sprintf(`exam: %s
title: {ja: 散歩, en: Wandering}
navigation: %s
devices: %s
time_limit: 60m
release: {score: manually, answers: manually, keys: never}
open_to: [everyone]
published: true
sections: [{from: {set: wander}}]
`, slug, navigation, devices))
		}
	}
}

// line is the way from one browser to the server, which can be cut.
type line struct {
	*httptest.Server
	cut atomic.Bool
}

func layLine(t *testing.T, i *cluster.Instance) *line {
	t.Helper()
	target, err := url.Parse(i.URL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		FlushInterval: -1,
	}
	l := &line{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.cut.Load() {
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		l.CloseClientConnections()
		l.Close()
	})
	return l
}

func (l *line) fails(cut bool) {
	l.cut.Store(cut)
	if cut {
		l.CloseClientConnections()
	}
}

// word is a mark that was typed.
type word struct {
	text     string
	position int
	tab      *browser.Tab
	at       time.Time
	lost     bool // its tab went before the word had to be kept
}

// wanderer is one candidate on a journey.
type wanderer struct {
	*seat
	i *cluster.Instance
	*examOffice
	id      string // of the candidate
	own     bool   // the first device has a browser of its own, which may be killed, and can sleep
	profile string // where that keeps what it has
	kill    func()
	rng     *rand.Rand
	seed    uint64
	exam    string
	comesIn int // steps, on average, until the candidate comes to a second device
	line    *line
	other   *browser.Person // on the second device, nil before there is one
	tabs    []*browser.Tab
	of      map[*browser.Tab]*browser.Person
	words   []*word
	journal []string
}

func sendOut(t *testing.T, i *cluster.Instance, office *examOffice, seed uint64) *wanderer {
	t.Helper()
	w := &wanderer{
		i: i, examOffice: office, seed: seed, rng: rand.New(rand.NewPCG(seed, 6)), line: layLine(t, i), of: map[*browser.Tab]*browser.Person{},
	}
	devices := wanderDevices[w.rng.IntN(len(wanderDevices))]
	w.exam, w.comesIn = "wander-"+navigations[w.rng.IntN(len(navigations))]+"-"+devices, 12
	if devices == "one" {
		w.comesIn = 4
	}
	w.own = w.rng.IntN(3) == 0
	if w.own {
		w.profile = t.TempDir()
		w.seat = sitDownAs(t, w.start(t), i, w.line.URL, w.exam)
	} else {
		w.seat = sitDownAt(t, browser.Whole(t), i, w.line.URL, w.exam, false)
	}
	w.tabs = []*browser.Tab{w.begins(w.person, w.person.First())}
	w.id = w.whoAmI()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d, %s:\n%s", seed, w.exam, strings.Join(w.journal, "\n"))
		}
	})
	return w
}

func (w *wanderer) note(format string, args ...any) {
	w.journal = append(w.journal, time.Now().Format("05.000 ")+fmt.Sprintf(format, args...))
}

// begins notes a tab of somebody, which may meet the refusals of a journey.
func (w *wanderer) begins(person *browser.Person, tab *browser.Tab) *browser.Tab {
	w.of[tab] = person
	tab.Allow(refusal)
	return tab
}

func (w *wanderer) tab() (*browser.Tab, int) {
	n := w.rng.IntN(len(w.tabs))
	return w.tabs[n], n
}

// pause is how a person hesitates.
func (w *wanderer) pause(most time.Duration) { wait(time.Duration(w.rng.Int64N(int64(most)))) }

// start starts the browser that will be killed.
func (w *wanderer) start(t *testing.T) *browser.Person {
	t.Helper()
	var person *browser.Person
	person, w.kill = browser.Resident(t, w.profile, browser.Options{Base: w.line.URL, Language: "en"})
	return person
}

func (w *wanderer) whoAmI() string {
	w.t.Helper()
	c := signedIn(w.t, w.i.URL(), w.account)
	defer c.Close()
	var is struct{ User struct{ ID string } }
	if err := json.Unmarshal([]byte(get(w.t, c, "/api/v1/session").Text()), &is); err != nil {
		w.t.Fatal(err)
	}
	return is.User.ID
}

// killed ends the browser in the midst of whatever its pages do, and opens the attempt in another one with
// the same folder.
func (w *wanderer) killed() {
	w.note("the browser is killed")
	for _, tab := range w.on(w.person) {
		w.spare(tab)
		w.judge(tab)
	}
	elsewhere := w.on(w.other)
	w.kill()
	w.person = w.start(w.t)
	first := w.begins(w.person, w.person.First())
	w.tabs = append([]*browser.Tab{first}, elsewhere...)
	first.Open(w.attempt)
	w.signInWhereAsked(first)
}

// on lists the tabs of one device.
func (w *wanderer) on(person *browser.Person) []*browser.Tab {
	return slices.DeleteFunc(slices.Clone(w.tabs), func(tab *browser.Tab) bool { return w.of[tab] != person })
}

// comesElsewhere signs in on a second device, and opens the attempt there.
func (w *wanderer) comesElsewhere() {
	w.note("comes to a second device")
	w.other = browser.Whole(w.t).Person(w.t, browser.Options{Base: w.line.URL, Language: "en"})
	tab := w.begins(w.other, w.other.First())
	w.tabs = append(w.tabs, tab)
	tab.Open(w.attempt)
	w.signInWhereAsked(tab)
}

// sleeps lets the computer of the first device sleep, or freezes one of its tabs, and puts its clock to another time.
func (w *wanderer) sleeps(tab *browser.Tab, n int) {
	if !w.own || w.of[tab] != w.person || w.rng.IntN(2) == 0 {
		jump := w.rng.Int64N(int64(48*time.Hour)) - int64(24*time.Hour)
		w.note("%d sleeps, and its clock jumps by %v", n, time.Duration(jump))
		tab.Freeze(true)
		browser.Eval[bool](tab, fmt.Sprintf(`(() => {
			const now = Date.now;
			Date.now = () => now.call(Date) + %d;
			return true;
		})()`, jump/int64(time.Millisecond)))
		w.pause(3 * time.Second)
		tab.Freeze(false)
		return
	}
	w.note("the computer sleeps")
	wake := w.person.Sleep()
	if elsewhere := w.on(w.other); w.other != nil {
		w.goesOn(elsewhere[0], slices.Index(w.tabs, elsewhere[0]))
	}
	w.pause(12 * time.Second)
	wake()
	w.note("the computer wakes up")
}

// goesOn types or moves.
func (w *wanderer) goesOn(tab *browser.Tab, n int) {
	w.signInWhereAsked(tab)
	if w.rng.IntN(2) == 0 {
		w.types(tab, n)
	} else {
		w.moves(tab, n)
	}
}

// step does one thing.
func (w *wanderer) step() {
	if w.other == nil && w.rng.IntN(w.comesIn) == 0 {
		w.comesElsewhere()
	}
	tab, n := w.tab()
	w.signInWhereAsked(tab)
	if at(tab) == "blank" { // before the first page
		tab.Open(w.attempt)
	}
	switch roll := w.rng.IntN(100); {
	case roll < 38:
		w.types(tab, n)
	case roll < 56:
		w.moves(tab, n)
	case roll < 64:
		w.leaves(tab, n, "back", func() { tab.Go(-1) })
	case roll < 68:
		w.leaves(tab, n, "forward", func() { tab.Go(1) })
	case roll < 74:
		w.leaves(tab, n, "reload", tab.Refresh)
	case roll < 79:
		w.duplicates(tab, n)
	case roll < 83:
		w.restores(tab, n)
	case roll < 89:
		w.loses(tab, n)
	case roll < 91:
		w.obeys(tab, n)
	case roll < 95:
		w.sleeps(tab, n)
	case roll < 98 && w.own:
		w.killed()
	default:
		w.signedOutElsewhere()
	}
	w.pause(1500 * time.Millisecond)
}

// editable: the tab shows a question that can be answered.
const editable = `(() => {
	const box = document.querySelector("main textarea[name=answer]");
	return Boolean(box?.checkVisibility()) && !box.disabled && !box.closest("[inert]") && !document.querySelector("dialog[open]");
})()`

func (w *wanderer) types(tab *browser.Tab, n int) {
	if !w.settles(tab, editable) {
		w.note("%d is no question: %s", n, w.screen(tab))
		w.choosesWhereAsked(tab, n)
		return
	}
	// Each word follows what the page shows: who types there has seen it.
	browser.Eval[bool](tab, `(() => {
		const box = document.querySelector("main textarea[name=answer]");
		box?.focus();
		box?.setSelectionRange(box.value.length, box.value.length);
		return true;
	})()`)
	o := &word{text: fmt.Sprintf("w%d-%d.", w.seed, len(w.words)), tab: tab}
	tab.Paste(" " + o.text)
	o.at = time.Now()
	// The page may have given way to another meanwhile.
	o.position = browser.Eval[int](tab, fmt.Sprintf(`(() => {
		const main = document.querySelector("main");
		return main?.querySelector("textarea[name=answer]")?.value.includes(%q) ? Number(main.dataset.position) : 0;
	})()`, o.text))
	if o.position == 0 {
		w.note("%d was taken away while %s was typed", n, o.text)
		return
	}
	w.words = append(w.words, o)
	w.note("%d types %s at question %d", n, o.text, o.position)
}

// moves presses a button once, twice or three times.
func (w *wanderer) moves(tab *browser.Tab, n int) {
	if !w.settles(tab, editable) {
		w.choosesWhereAsked(tab, n)
		return
	}
	buttons := browser.Eval[[]string](tab, `[...document.querySelectorAll("form[data-question] button[name=action]:not([hidden])")].map((b) => b.value)`)
	buttons = slices.DeleteFunc(buttons, func(b string) bool { return b == "check" || b == "clear" || b == "flag" || b == "unflag" })
	if len(buttons) == 0 {
		return
	}
	button, times := buttons[w.rng.IntN(len(buttons))], 1+w.rng.IntN(3)
	w.note("%d presses %s, %d times", n, button, times)
	tab.ClickRapidly(tab.Find(fmt.Sprintf(`form[data-question] button[name=action][value=%q]`, button)), times, 30*time.Millisecond)
}

// leaves does what takes the page away: what was typed just now need not be kept.
func (w *wanderer) leaves(tab *browser.Tab, n int, what string, do func()) {
	w.note("%d: %s", n, what)
	w.spare(tab)
	do()
}

func (w *wanderer) spare(tab *browser.Tab) {
	for _, o := range w.words {
		o.lost = o.lost || o.tab == tab && time.Since(o.at) < kept
	}
}

// duplicates opens the page of a tab in another one, with all that the tab alone has kept, as a browser does.
func (w *wanderer) duplicates(tab *browser.Tab, n int) {
	if len(w.tabs) >= mostTabs {
		return
	}
	path := at(tab)
	if !strings.HasPrefix(path, "/") {
		return
	}
	w.note("%d is duplicated: %s", n, path)
	w.tabs = append(w.tabs, w.open(w.of[tab], keptBy(tab), path))
}

// keptBy is what the tab alone keeps, as JSON.
func keptBy(tab *browser.Tab) string {
	return browser.Eval[string](tab, `JSON.stringify({ ...sessionStorage })`)
}

// open opens another tab, in which that was kept.
func (w *wanderer) open(person *browser.Person, kept, path string) *browser.Tab {
	tab := w.begins(person, person.Tab(w.t))
	tab.Before(fmt.Sprintf(`if (location.protocol === "http:" && !sessionStorage.copied) Object.assign(sessionStorage, { copied: "yes" }, %s);`, kept))
	tab.Open(path)
	return tab
}

// restores closes a tab and opens another at its address, with what the tab alone had kept.
func (w *wanderer) restores(tab *browser.Tab, n int) {
	path := at(tab)
	if !strings.HasPrefix(path, "/attempts/") || w.of[tab].First() == tab {
		return // the first tab holds the cookies
	}
	w.note("%d is closed and restored: %s", n, path)
	w.spare(tab)
	w.judge(tab)
	person, kept := w.of[tab], keptBy(tab)
	tab.Close()
	w.tabs[n] = w.open(person, kept, path)
}

// loses cuts the line, goes on for a while, and mends it.
func (w *wanderer) loses(tab *browser.Tab, n int) {
	w.note("the line is cut")
	w.line.fails(true)
	for range w.rng.IntN(3) {
		w.pause(time.Second)
		w.goesOn(tab, n)
	}
	w.pause(3 * time.Second)
	w.line.fails(false)
	w.note("the line is mended")
}

// obeys presses a button of a bar that says that something is not saved.
func (w *wanderer) obeys(tab *browser.Tab, n int) {
	const buttons = `[...document.querySelectorAll("[data-bar-shown] [data-bar-action]")]`
	actions := browser.Eval[[]string](tab, buttons+`.map((b) => b.dataset.barAction)`)
	if len(actions) == 0 {
		w.types(tab, n)
		return
	}
	chosen := w.rng.IntN(len(actions))
	w.note("%d chooses %s in a bar", n, actions[chosen])
	w.spare(tab)
	browser.Eval[bool](tab, fmt.Sprintf(`(%s[%d]?.click(), true)`, buttons, chosen))
}

func (w *wanderer) signedOutElsewhere() {
	w.note("signed out from elsewhere")
	w.Lock()
	defer w.Unlock()
	if _, err := w.client.Post(w.t.Context(), "/admin/people/"+w.id+"/sign-out", url.Values{"all": {"1"}}); err != nil {
		w.t.Fatal(err)
	}
}

// signInWhereAsked signs in where the tab asks for it, in a dialog or on a page.
func (w *wanderer) signInWhereAsked(tab *browser.Tab) {
	if open := `document.querySelector("[data-sign-in-open]")`; browser.Eval[bool](tab, open+`?.checkVisibility() ?? false`) {
		browser.Eval[bool](tab, `(`+open+`.click(), true)`)
	}
	const asked = `[...document.querySelectorAll("input[type=password]")].some((e) => e.checkVisibility())`
	if !browser.Eval[bool](tab, asked) {
		return
	}
	w.note("signs in at %s", at(tab))
	browser.Eval[bool](tab, fmt.Sprintf(`(() => {
		const box = [...document.querySelectorAll("input[type=password]")].find((e) => e.checkVisibility());
		const name = box.form.elements.username;
		if (name && !name.readOnly && name.type !== "hidden") name.value = %q;
		box.value = %q;
		box.form.requestSubmit();
		return true;
	})()`, w.account.Username, w.account.Password))
	w.settles(tab, `!(`+asked+`)`)
}

// choosesWhereAsked makes the choice of a conflict page, or goes where a page leads on.
func (w *wanderer) choosesWhereAsked(tab *browser.Tab, n int) {
	links := []string{`[data-elsewhere-back]`, `form[data-take-over] button`, `[data-answer=sent] button`, `[data-answer=saved] a.button`, `main[data-reason] .actions .button`, `main a.button[href*="/questions/"]`, `main [data-go]`, `[data-bar-action=go]`}
	if w.rng.IntN(2) == 0 {
		links[2], links[3] = links[3], links[2]
	}
	if w.rng.IntN(3) == 0 {
		links = links[2:] // who does not take it over
	}
	for _, link := range links {
		if tab.Count(link) > 0 && browser.Eval[bool](tab, fmt.Sprintf(`(() => { const e = document.querySelector(%q); return e.checkVisibility() && !e.closest("[inert]"); })()`, link)) {
			w.note("%d chooses %s at %s", n, link, at(tab))
			w.givesUp(tab, link)
			browser.Eval[bool](tab, fmt.Sprintf(`(document.querySelector(%q).click(), true)`, link))
			return
		}
	}
	if p := at(tab); !strings.HasPrefix(p, "/attempts/") || strings.HasSuffix(p, "/review") {
		w.leaves(tab, n, "goes to the attempt from "+p, func() { tab.Open(w.attempt) })
	}
}

// givesUp lets go of the words that the answer which is not chosen has alone.
func (w *wanderer) givesUp(tab *browser.Tab, link string) {
	cards := map[string][]string{}
	for _, card := range []string{"saved", "sent"} {
		cards[card] = wordsIn(browser.Eval[string](tab, fmt.Sprintf(`[...document.querySelector("[data-answer=%s] .typed")?.cloneNode(true).childNodes ?? []].map((e) => { e.querySelectorAll?.(".visually-hidden").forEach((h) => h.remove()); return e.textContent; }).join("")`, card)))
	}
	chosen, other := cards["saved"], cards["sent"]
	if strings.Contains(link, "sent") {
		chosen, other = other, chosen
	}
	for _, o := range w.words {
		o.lost = o.lost || slices.Contains(other, o.text) && !slices.Contains(chosen, o.text)
	}
}

// settles waits a while until the condition holds in the page.
func (w *wanderer) settles(tab *browser.Tab, condition string) bool {
	const still = `document.readyState === "complete" && !document.documentElement.classList.contains("sending") && `
	for end := time.Now().Add(told); time.Now().Before(end); wait(50 * time.Millisecond) {
		if browser.Eval[bool](tab, still+"Boolean("+condition+")") {
			return true
		}
	}
	return false
}

func (w *wanderer) screen(tab *browser.Tab) string {
	return at(tab) + ": " + strings.Join(strings.Fields(browser.Eval[string](tab, `(document.querySelector("main") ?? document.body).innerText`)), " ")
}

// comeHome lets everything settle, and judges.
func (w *wanderer) comeHome() {
	w.line.fails(false)
	w.note("comes home")
	for n, tab := range w.tabs {
		if at(tab) == "blank" { // before the first page
			tab.Open(w.attempt)
		}
		w.signInWhereAsked(tab)
		w.settles(tab, `document.querySelector("main") && !document.querySelector("main").inert`)
		w.agrees(tab, n)
		w.judge(tab)
	}
	var missing []*word
	for end := time.Now().Add(toldAtLast); time.Now().Before(end); wait(300 * time.Millisecond) {
		if missing = w.missing(); len(missing) == 0 {
			return
		}
	}
	saved, beside, outbox := w.saved(), w.beside(), w.outbox()
	for _, o := range missing {
		w.t.Errorf("%s, typed at question %d, is nowhere that the server knows; saved: %q; in an outbox: %t", o.text, o.position, saved[o.position], strings.Contains(outbox, o.text))
		w.note("%s is missing; not taken: %q; the journal: %s", o.text, wordsIn(beside), strings.Join(strings.Fields(w.office("/admin"+w.attempt).Find("main").Text()), " "))
	}
}

// missing are the words that are neither saved, nor kept beside the answer, nor on a screen.
func (w *wanderer) missing() []*word {
	w.t.Helper()
	saved := w.saved()
	missing := slices.DeleteFunc(slices.Clone(w.words), func(o *word) bool {
		return o.lost || slices.Contains(saved[o.position], o.text) || w.onScreen(o)
	})
	if len(missing) == 0 {
		return nil
	}
	beside := wordsIn(w.beside())
	return slices.DeleteFunc(missing, func(o *word) bool { return slices.Contains(beside, o.text) })
}

// refusal is an answer of the server that belongs to a journey: a draft was overtaken, or its sign-in has ended.
const refusal = `/(api|attempts)/.*: (401|409)$|/events: 40[0-9]$`

// judge wants the tab's pages without faults.
func (w *wanderer) judge(tab *browser.Tab) {
	w.t.Helper()
	for _, fault := range tab.Faults() {
		w.t.Errorf("browser: %s", fault)
	}
}

// saved are the words of the answer of record of each question, as the exam office sees them.
func (w *wanderer) saved() map[int][]string {
	w.t.Helper()
	page := w.office("/admin" + w.attempt + "/paper")
	out := map[int][]string{}
	for n := 1; n <= wanderQuestions; n++ {
		out[n] = wordsIn(page.Find(fmt.Sprintf("#question-%d", n)).Text())
	}
	return out
}

var wordPattern = regexp.MustCompile(`w\d+-\d+\.`)

func wordsIn(text string) []string { return wordPattern.FindAllString(text, -1) }

// agrees: the tab shows a page of the exam that can be used or says why not. What it calls saved is what the server has,
// and what is not saved it saves by and by, or says why not.
func (w *wanderer) agrees(tab *browser.Tab, n int) {
	w.t.Helper()
	type view struct {
		Position                         int
		Text                             string
		IsPage, IsUsable, IsSaved, Tells bool
	}
	const look = `(() => {
		const main = document.querySelector("main#main");
		const box = main?.querySelector("textarea[name=answer]");
		const seen = (e) => e?.checkVisibility() ?? false;
		const told = [...document.querySelectorAll("[data-elsewhere-cover], [data-bar-shown], [data-travel]:not(:empty), [data-outcome], [role=alert], dialog[open]")];
		return {
			Position: box ? Number(main.dataset.position) : 0,
			Text: box?.value ?? "",
			IsPage: main !== null,
			IsUsable: main !== null && !main.inert,
			IsSaved: !box || seen(main.querySelector("[data-when-saved]")),
			Tells: told.some(seen),
		};
	})()`
	var last view
	var is map[int][]string
	for end := time.Now().Add(toldAtLast); time.Now().Before(end); wait(300 * time.Millisecond) {
		last, is = browser.Eval[view](tab, look), w.saved()
		agrees := last.Position == 0 || slices.Equal(wordsIn(last.Text), is[last.Position])
		if last.IsPage && (last.Tells || last.IsUsable && last.IsSaved && agrees) {
			return
		}
	}
	w.t.Errorf("tab %d at %s: %+v; the server has %q; it shows %s", n, at(tab), last, is[last.Position], w.screen(tab))
}

// onScreen: the word stands on a tab, which says what became of it.
func (w *wanderer) onScreen(o *word) bool {
	return slices.ContainsFunc(w.tabs, func(tab *browser.Tab) bool {
		return strings.Contains(browser.Eval[string](tab, `[...document.querySelectorAll("textarea, [data-answer], input[type=hidden]")].map((e) => e.value ?? e.innerText).join(" ")`), o.text)
	})
}

// outbox is what the browsers of both devices keep and no server has acknowledged.
func (w *wanderer) outbox() string {
	w.t.Helper()
	const read = `globalThis.kept ?? (() => {
		const asked = indexedDB.open("shiken");
		asked.onupgradeneeded = () => asked.transaction.abort();
		asked.onerror = () => { globalThis.kept = "nothing"; };
		asked.onsuccess = () => {
			const all = asked.result.transaction("outbox").objectStore("outbox").getAll();
			all.onsuccess = () => {
				globalThis.kept = "entries: " + all.result.map((e) => e.body).join(" ");
				asked.result.close();
			};
		};
		return "";
	})()`
	var all strings.Builder
	for _, person := range []*browser.Person{w.person, w.other} {
		if person == nil {
			continue
		}
		kept := ""
		for end := time.Now().Add(toldAtLast); kept == "" && time.Now().Before(end); wait(50 * time.Millisecond) {
			kept = browser.Eval[string](person.First(), read)
		}
		all.WriteString(kept)
	}
	return all.String()
}

// beside are all answers that were not taken, as the exam office sees them.
func (w *wanderer) beside() string {
	w.t.Helper()
	var all strings.Builder
	const onPage = 50
	for offset := 0; ; offset += onPage {
		page := w.office(fmt.Sprintf("/admin/exams/%s/rejected?show=all&offset=%d", w.exam, offset))
		all.WriteString(page.Find("tr[data-number]").Text())
		if page.Find("tr[data-number]").Length() < onPage {
			return all.String()
		}
	}
}

// office is a page of the exam office.
func (w *wanderer) office(path string) *client.Page {
	w.t.Helper()
	w.Lock()
	defer w.Unlock()
	return get(w.t, w.client, path)
}

// examOffice is the browser of the exam office, which all journeys share.
type examOffice struct {
	sync.Mutex
	client *client.Client
}
