package e2e_test

import (
	"strings"
)

// arithmetic is a question file as a spreadsheet writes it. In the draft of it
// a row lacks its key.
const arithmetic = `番号,分野,問題,選択肢A,選択肢B,選択肢C,選択肢D,正解,解説
1,計算,12 × 8 はいくつですか。,86,96,106,98,B,10 × 8 と 2 × 8 をたします。
2,計算,91 ÷ 7 はいくつですか。,11,12,13,14,C,7 × 13 = 91
3,計算,0.5 + 0.75 はいくつですか。,1.25,1.75,0.8,1.2,A,小数点の位置をそろえてたします。
4,図形,三角形の内角の和は何度ですか。,90度,180度,270度,360度,B,どんな三角形でも180度です。
5,図形,1辺が4 cmの正方形の面積は何 cm² ですか。,8,12,16,20,C,4 × 4 = 16
`

const science = `$CATEGORY: 理科

// [id:r-1]
::状態変化::1気圧のもとで、水がこおる温度は何℃ですか。{#0####水は0℃でこおります。}

// [id:r-2]
::植物::植物が光を使って養分を作るはたらきを何といいますか。{=光合成 ~呼吸 ~蒸散 ~発芽}

// [id:r-3]
::空気::空気中にもっとも多くふくまれる気体は何ですか。{=窒素 =ちっ素}

// [id:r-4]
::月::月は自分で光を出している。{FALSE####太陽の光を反射しています。}
`

// The exams of the journey.
const (
	freeExam, freeTitle     = "rika-2026", "理科 小テスト"
	linearExam, linearTitle = "sansu-2026", "算数 単元テスト"
	classOne                = "1組"
)

// loadQuestions uploads a file with a fault, reads the report, mends the file
// and loads it, and a second one of another format.
func (s *school) loadQuestions() {
	s.t.Helper()
	s.follow("作問・試験作成")
	s.picture("desk-empty")
	s.upload("算数.csv", strings.Replace(arithmetic, ",14,C,", ",14,,", 1), "算数")
	s.want("verdict", s.staff.Attr("[data-verdict]", "data-verdict"), "partly")
	s.want("line of the fault", s.staff.Attr("[data-severity=error]", "data-line"), "3")
	s.picture("report-fault")
	s.press("取りやめる")
	s.upload("算数.csv", arithmetic, "算数")
	s.picture("report")
	s.load("算数")
	s.upload("理科.gift", science, "")
	s.load("理科")
	s.follow("問題セットを見る")
	s.heading("理科")
	s.picture("set")
}

// upload brings a file and reads its report.
func (s *school) upload(name, content, set string) {
	s.t.Helper()
	if s.staff.Text("h1") != "ファイルを読み込む" {
		s.follow("ファイルを読み込む")
	}
	s.staff.Attach(s.staff.Field("main", "ファイル"), s.file(name, []byte(content)))
	s.fill("問題セットの名前", set)
	s.press("内容を調べる")
	s.heading(name + " の報告")
}

// load loads the file whose report is shown.
func (s *school) load(set string) {
	s.t.Helper()
	s.want("verdict", s.staff.Attr("[data-verdict]", "data-verdict"), "sound")
	s.press("すべて読み込む")
	s.staff.Await(`document.querySelector("[data-loaded]") !== null`)
	s.want("loaded", s.staff.Attr("[data-loaded]", "data-loaded"), set)
	s.picture("loaded")
}

// makeExams builds and publishes a free and a linear exam for a class that is
// not there yet.
func (s *school) makeExams() {
	s.t.Helper()
	s.follow("作問・試験作成")
	s.follow("新しい試験")
	s.nameExam(freeExam, freeTitle)
	s.drawFrom("#section-1", "理科")
	s.fill("試験時間（分）", "30")
	s.choose("進み方", "自由に行き来できる")
	s.releaseByHand()
	s.publish(freeTitle)

	s.follow("試験")
	s.follow("新しい試験")
	s.nameExam(linearExam, linearTitle)
	s.drawFrom("#section-1", "算数")
	s.tickIn("#section-1", "計算")
	s.press("セクションを追加する")
	s.drawFrom("#section-2", "算数")
	s.tickIn("#section-2", "図形")
	s.fillIn("#section-1", "セクションの題名（日本語）", "計算")
	s.fillIn("#section-2", "セクションの題名（日本語）", "図形")
	s.fillIn("#section-2", "1問の配点", "2")
	s.fill("試験時間（分）", "20")
	s.fill("合格点（%）", "60")
	s.choose("進み方", "前へ進むだけ")
	s.releaseByHand()
	s.publish(linearTitle)
	s.follow("試験")
	s.picture("exams")
}

func (s *school) nameExam(slug, title string) {
	s.t.Helper()
	s.heading("新しい試験")
	s.fill("試験の名前", slug)
	s.fill("題名（日本語）", title)
	s.fill("新しいグループ", classOne)
	s.fill("受験できる回数", "1")
}

// drawFrom says which set a section draws from, and shows what it offers.
func (s *school) drawFrom(section, set string) {
	s.t.Helper()
	s.fillIn(section, "問題セット", set)
	s.pressIn(section, "分野・年度・タグと問題数を表示する")
}

func (s *school) releaseByHand() {
	s.t.Helper()
	for _, what := range []string{"得点", "自分の解答", "正解と解説"} {
		s.choose(what, "手動で")
	}
}

// publish saves the exam as a draft, looks at it as a candidate would, and
// publishes it.
func (s *school) publish(title string) {
	s.t.Helper()
	s.press("下書きを保存する")
	s.heading(title)
	s.picture("exam-draft")
	s.press("保存して公開する")
	s.want("state", s.staff.Text(".page-title .chip"), "公開中")
}
