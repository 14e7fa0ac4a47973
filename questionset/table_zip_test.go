package questionset_test

import (
	"strings"
	"sync"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

const (
	pngData = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	gifData = "GIF89a\x01\x00\x01\x00\x00\x00\x00"
)

const picturesCSV = "question,option_a,option_b,correct_answer,image,image_alt,text_format\n" +
	"S <1>,p,q,A,a.png,A beam,\n" +
	"See ![a wall](img/b.gif) here,p,q,A,,,\n" +
	"*T* ![a wall](img/b.gif),p,q,A,a.png,A beam,markdown\n" +
	"<b>U</b> <img src='a.png' alt='x'>,p,q,A,,,html\n" +
	"V,p,q,A,none.png,,\n" +
	"W,p,q,A,b.gif,Found by its name,\n" +
	",p,q,A,a.png,Only a picture,\n"

func TestZippedCSV(t *testing.T) {
	f := parse(t, "set.zip", zipOf(t, "quiz/q.csv", picturesCSV, "quiz/a.png", pngData, "quiz/img/b.gif", gifData,
		"quiz/notes.txt", "x", "__MACOSX/quiz/._q.csv", "x"))
	wantFound(t, f, "warning media_missing@6", "note table_zip_unused@0")
	if f.Format != questionset.CSV || len(f.Media) != 2 || len(f.Questions) != 7 {
		t.Fatalf("%s, %d media, %d questions", f.Format, len(f.Media), len(f.Questions))
	}
	for i, want := range []struct {
		format exam.TextFormat
		start  string
		media  int
	}{
		{exam.HTML, "S &lt;1&gt;<br>", 1}, {exam.HTML, `See <img alt="a wall" src="/media/`, 1}, {exam.Markdown, "*T* ![a wall](/media/", 2},
		{exam.HTML, `<b>U</b> <img alt="x" src="/media/`, 1}, {"", "V", 0}, {exam.HTML, "W", 1}, {exam.HTML, `<img alt="Only a picture"`, 1},
	} {
		got := f.Questions[i].Question.Stem
		if got.Format != want.format || !strings.HasPrefix(got.Source, want.start) || strings.Count(got.Source, "/media/") != want.media {
			t.Errorf("question %d: %+v", i+1, got)
		}
	}
}

func TestZippedXLSX(t *testing.T) {
	book := string(workbookOf(t, []any{"Question", "Option A", "Option B", "Answer", "Image"}, []any{"S", "p", "q", "A", "a.png"}))
	f := parse(t, "set.zip", zipOf(t, "q.xlsx", book, "a.png", pngData))
	wantProblems(t, f, "warning media_no_alt@2")
	if q := one(t, f); f.Format != questionset.XLSX || !strings.Contains(q.Question.Stem.Source, "/media/") {
		t.Errorf("%s %+v", f.Format, q.Question.Stem)
	}
}

// Pictures that lie nowhere are told of; the text stays as it is.
func TestPicturesBesideNothing(t *testing.T) {
	f := parse(t, "q.csv", "question,option_a,option_b,correct_answer,image\nS ![x](a.png),p,q,A,a.png\nT,p,q,A,https://example.org/a.png\n")
	wantFound(t, f, "warning media_missing@2", "warning media_remote@3")
	if f.Questions[0].Question.Stem != (exam.Text{Source: "S ![x](a.png)"}) {
		t.Errorf("%+v", f.Questions[0].Question.Stem)
	}
}

func TestZipOfTablesRefused(t *testing.T) {
	for name, data := range map[string]string{
		"two":      zipOf(t, "a.csv", picturesCSV, "b.csv", picturesCSV),
		"two more": zipOf(t, "a.csv", picturesCSV, "b.xlsx", "x"),
	} {
		t.Run(name, func(t *testing.T) { wantFound(t, parse(t, "s.zip", data), "error table_zip_tables@0") })
	}
	f := parseAs(t, "s.zip", zipOf(t, "a.png", pngData), questionset.Options{Format: questionset.CSV})
	wantFound(t, f, "error table_zip_tables@0")
	cp := parse(t, "s.zip", zipOf(t, "a.csv", cp932(t, "問題,選択肢A,選択肢B,正解\nとい,甲,乙,A\n")))
	if q := one(t, cp); q.Question.Stem.Source != "とい" {
		t.Errorf("%+v", q)
	}
}

// Rows of one file are read again by several at once, each with the pictures and the passages of the file.
func TestRereadTogether(t *testing.T) {
	f := parsePieces(t, "set.zip", zipOf(t, "q.csv", "group,stimulus,question,option_a,option_b,correct_answer,image,image_alt\n"+
		"g,A passage,S,p,q,A,,\ng,,T,p,q,Z,,\nh,Another,U,p,q,Z,,\n", "img/a.png", pngData, "img/b.gif", gifData))
	if len(f.Pieces) != 2 {
		t.Fatalf("%d pieces: %+v", len(f.Pieces), f.Report.Findings)
	}
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			picture := []string{"a.png", "b.gif"}[i%2]
			q, media, report := f.Reread(t.Context(), f.Piece(2), "g,,T,p,q,A,"+picture+",A picture")
			if q == nil || len(media) != 1 || q.Question.Stimulus.Source != "A passage" {
				t.Errorf("%s: %+v, %d media, %+v", picture, q, len(media), report.Findings)
			}
		})
	}
	all.Wait()
}

// What a row read again says of its passage is held against the other rows, not against itself.
func TestRereadOfAPassage(t *testing.T) {
	const head = "group,stimulus,question,option_a,option_b,correct_answer\n"
	for name, tt := range map[string]struct {
		file, row string
		piece     int
		want      string // its passage, or what is wrong
	}{
		"of another row":          {head + "g,One,S,p,q,A\ng,,T,p,q,Z\n", "g,,T,p,q,B", 2, "One"},
		"the same again":          {head + "g,One,S,p,q,A\ng,,T,p,q,Z\n", "g,One,T,p,q,B", 2, "One"},
		"another than the others": {head + "g,One,S,p,q,A\ng,,T,p,q,Z\n", "g,Two,T,p,q,B", 2, "table_stimulus_differs"},
		"its own, changed":        {head + "g,Oen,S,p,q,Z\nh,,T,p,q,A\n", "g,One,S,p,q,A", 1, "One"},
		"of a row to be mended":   {head + "g,One,S,p,q,Z\ng,,T,p,q,Z\n", "g,,T,p,q,B", 2, "One"},
		"of nowhere":              {head + "g,One,S,p,q,A\nh,,T,p,q,A\n", "h,,T,p,q,A", 2, "table_stimulus_missing"},
	} {
		f := parsePieces(t, "q.csv", tt.file)
		q, _, report := f.Reread(t.Context(), f.Piece(tt.piece), tt.row)
		got := ""
		if q != nil {
			got = q.Question.Stimulus.Source
		} else if len(report.Findings) > 0 {
			got = string(report.Findings[len(report.Findings)-1].Code)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
