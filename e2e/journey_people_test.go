package e2e_test

import (
	"fmt"
	"strings"

	jis "golang.org/x/text/encoding/japanese"

	"shiken/devtools/cluster"
)

const (
	pupils    = 50 // in the roster
	inClass   = 30 // of classOne; the others are of another class
	unwritten = 3  // pupils without a password in the roster, from the first
)

// pupil is a line of the roster.
type pupil struct {
	cluster.Account
	name string
}

// importRoster brings a list of pupils in as a Japanese spreadsheet writes it,
// and reads the passwords that were made for those who had none.
func (s *school) importRoster() {
	s.t.Helper()
	class, roster := s.roster()
	s.follow("利用者")
	s.picture("people")
	s.follow("名簿を取り込む")
	s.picture("roster-upload")
	s.staff.Attach(s.staff.Field("main", "名簿（CSV または Excel）"), s.file("名簿.csv", cp932(s, roster)))
	s.press("アップロードして確認")
	s.heading("確認：名簿.csv")
	s.want("people", s.staff.Main("people"), fmt.Sprint(pupils))
	s.picture("roster-report")
	s.press(fmt.Sprintf("%d人を取り込む", pupils))
	s.staff.Await(`document.querySelector("main").dataset.ended === "true"`)
	s.picture("imported")
	s.follow(fmt.Sprintf("作成した%d人分のパスワードを表示", unwritten))
	s.heading("ログイン用の配布票")
	s.picture("passwords")
	for i := range unwritten {
		class[i].Password = s.staff.Text(s.staff.Row(".slip", class[i].name) + " [data-password]")
	}
	s.press("控えたので消去する")
	s.class = class
	s.follow("利用者")
	s.picture("people-after")
}

// roster is the file of the school's pupils.
func (s *school) roster() ([]pupil, string) {
	families := []string{"佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤", "山本", "中村", "小林", "加藤"}
	given := []string{"葵", "蓮", "陽菜", "湊", "凛"}
	class := make([]pupil, pupils)
	var roster strings.Builder
	roster.WriteString("username,name,password,groups,extra_time_percent\r\n")
	for i := range class {
		p := pupil{name: families[i%len(families)] + " " + given[i/len(families)]}
		p.Username = fmt.Sprintf("s%03d", i+1)
		group, extra := classOne, ""
		if i >= inClass {
			group = "2組"
		}
		if i == 1 {
			extra = "25"
		}
		if i >= unwritten {
			p.Password = fmt.Sprintf("kaki-no-tane-%03d", i+1)
		}
		class[i] = p
		fmt.Fprintf(&roster, "%s,%s,%s,%s,%s\r\n", p.Username, p.name, p.Password, group, extra)
	}
	return class, roster.String()
}

func cp932(s *school, text string) []byte {
	s.t.Helper()
	encoded, err := jis.ShiftJIS.NewEncoder().String(text)
	if err != nil {
		s.t.Fatal(err)
	}
	return []byte(encoded)
}
