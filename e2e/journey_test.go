package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shiken/devtools/browser"
	"shiken/devtools/cluster"
)

// picturesFolder is the variable that names a folder for a picture of every
// staff page of the journey.
const picturesFolder = "SHIKEN_E2E_PICTURES"

// Widths of the windows of a desk and of a phone, in CSS pixels.
const wide, narrow = 1280, 390

// school is who gives exams, in front of a browser, with the installation that
// they use.
type school struct {
	t        *testing.T
	instance *single
	staff    *browser.Tab
	files    string // where what is uploaded lies
	pictures string // empty: none are kept
	taken    int

	class          []pupil
	aoi, mina, ren *examinee // Mina browses without JavaScript; Ren sits the linear exam
}

// TestASchoolGivesAnExam goes from an empty installation to marks in a
// spreadsheet. The program is started; all else is done in browsers.
func TestASchoolGivesAnExam(t *testing.T) {
	t.Parallel()
	s := openSchool(t)
	s.signIn()
	s.loadQuestions()
	s.makeExams()
	s.importRoster()
	s.sit()
	s.readResults()
	s.release()
	s.readStory()
	s.readAudit()
	verify(t, s.instance.Instance)
}

// openSchool starts an empty installation.
func openSchool(t *testing.T) *school {
	t.Helper()
	s := &school{t: t, instance: prepareEmbedded(t, program(t)), files: t.TempDir(), pictures: os.Getenv(picturesFolder)}
	s.instance.env["SHIKEN_DEMO"] = "0"
	start(t, s.instance.Instance)
	s.staff = browser.Start(t).Person(t, browser.Options{Base: s.instance.URL(), Language: "ja"}).First()
	s.staff.Resize(wide, 900)
	return s
}

// signIn signs the admin in, as the terminal said at the start.
func (s *school) signIn() {
	s.t.Helper()
	s.staff.Open("/")
	signInAt(s.staff, cluster.Account{Username: "admin", Password: s.instance.env["SHIKEN_ADMIN_PASSWORD"]})
	s.heading("試験の監督")
	s.picture("first-page")
}

// signInAt fills in the sign-in page that a tab shows.
func signInAt(tab *browser.Tab, a cluster.Account) {
	tab.Fill("#username", a.Username)
	tab.Fill("#password", a.Password)
	tab.Leaving(func() { tab.Type(browser.KeyEnter) })
}

// follow clicks on the link that says so.
func (s *school) follow(text string) {
	s.t.Helper()
	s.staff.Press(s.staff.Named("a", text))
}

// press clicks on the button that says so.
func (s *school) press(text string) {
	s.t.Helper()
	s.staff.Press(s.staff.Named("button", text))
}

// pressIn is press where several buttons say so.
func (s *school) pressIn(within, text string) {
	s.t.Helper()
	s.staff.Press(s.staff.Named(within+" button", text))
}

// fill, choose and tickIn fill in the field with this label.
func (s *school) fill(label, text string) { s.t.Helper(); s.fillIn("main", label, text) }

func (s *school) fillIn(within, label, text string) {
	s.t.Helper()
	s.staff.Fill(s.staff.Field(within, label), text)
}

func (s *school) choose(label, option string) {
	s.t.Helper()
	s.staff.Select(s.staff.Field("main", label), option)
}

func (s *school) tickIn(within, label string) {
	s.t.Helper()
	s.staff.Click(s.staff.Field(within, label))
}

// heading is what the page must be called.
func (s *school) heading(want string) {
	s.t.Helper()
	s.want("heading", s.staff.Text("h1"), want)
	s.want("language", s.staff.Attr("html", "lang"), "ja")
}

func (s *school) want(what, got, want string) {
	s.t.Helper()
	if got != want {
		s.t.Fatalf("%s (%s): %q, want %q; on the screen: %s", what, s.staff.Path(), got, want, oneLine(s.staff.Text("main")))
	}
}

// picture keeps how the staff's page looks, on a desk and on a phone.
func (s *school) picture(name string) {
	s.t.Helper()
	s.fits(s.staff)
	if s.pictures == "" {
		return
	}
	file := s.next(name)
	s.staff.Sheet(file + ".png")
	s.staff.Resize(narrow, 844)
	s.fits(s.staff)
	s.staff.Sheet(file + "-narrow.png")
	s.staff.Resize(wide, 900)
}

// keep keeps how a candidate's page looks.
func (s *school) keep(e *examinee, name string) {
	s.t.Helper()
	s.fits(e.tab)
	if s.pictures != "" {
		e.tab.Shot(s.next(name) + ".png")
	}
}

// next is the file of the next picture, without its extension.
func (s *school) next(name string) string {
	s.taken++
	return filepath.Join(s.pictures, fmt.Sprintf("%02d-%s", s.taken, name))
}

// fits: no page is wider than the window.
func (s *school) fits(tab *browser.Tab) {
	s.t.Helper()
	if browser.Eval[bool](tab, `document.documentElement.scrollWidth > innerWidth`) {
		s.t.Errorf("%s is wider than the window", tab.Path())
	}
}

// file writes something to be uploaded and returns its path.
func (s *school) file(name string, content []byte) string {
	s.t.Helper()
	path := filepath.Join(s.files, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
