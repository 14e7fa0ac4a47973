package questionset_test

import "testing"

// Keys as people and programs write them; one that says two things is refused as before.
func TestFormsOfKeys(t *testing.T) {
	const columns = "question,option_a,option_b,option_c,option_d,correct_answer\n"
	for _, tt := range []struct{ name, data, right string }{
		{"texts", columns + `S,Paris,Rome,Oslo,Bern,"Paris, Rome"`, "ab"},
		{"texts with semicolons", columns + "S,red,green,blue,grey,blue;red", "ac"},
		{"texts with bars", columns + "S,Paris,Rome,Oslo,Bern,Paris|Bern", "ad"},
		{"texts on lines", columns + "S,Paris,Rome,Oslo,Bern,\"Paris\nBern\"", "ad"},
		{"texts in one cell", "question,options,correct_answer\nS,Paris|Rome|Bern,Paris|Bern", "ac"},
		{"texts of which one is none", columns + `S,Paris,Rome,Oslo,Bern,"Paris, London"`, ""},
		{"one text twice", columns + `S,Paris,Rome,Oslo,Bern,"Paris, Paris"`, ""},
		{"a text and a letter", columns + `S,Paris,Rome,Oslo,Bern,"Paris, B"`, ""},
		{"a text with a comma", columns + `S,"Paris, Rome",Paris,Rome,Oslo,"Paris, Rome"`, "a"},
		{"names of columns", columns + `S,p,q,r,s,"Option 1, Option 3"`, "ac"},
		{"names that are texts of others", columns + `S,Option 2,Option 1,r,s,"Option 1, Option 2"`, ""},
		{"und", columns + "S,p,q,r,s,A und D", "ad"},
		{"u.", columns + "S,p,q,r,s,A u. C", "ac"},
		{"et", columns + "S,p,q,r,s,1 et 3", "ac"},
		{"kana and text", columns + "S,紙,木,石,土,ウ　石", "c"},
		{"kana and the text of another", columns + "S,紙,木,石,土,ウ　木", ""},
		{"letter and text behind a dash", columns + "S,xx,yy,zz,ww,B - yy", "b"},
		{"letter and text in brackets", columns + "S,xx,yy,zz,ww,A (xx)", "a"},
		{"letter and the text of another", columns + "S,xx,yy,zz,ww,A (yy)", ""},
		{"the name of the column before it", columns + "S,紙,木,石,土,正解：エ", "d"},
		{"a number with its word", columns + "S,紙,木,石,土,2番", "b"},
		{"a number as a decimal", columns + "S,p,q,r,s,3.0", "c"},
		{"decimals from zero", columns + "S,p,q,r,s,3.0\nT,p,q,r,s,0.0", ""},
		{"the text of one option behind the name of the column", "question,options,correct_answer\nS,\"A、B|B、C|C、D\",正解：A、B", "a"},
		{"a decimal of an option's id", "question,options,correct_answer\n" +
			`S,"[{""id"":0,""text"":""p""},{""id"":1,""text"":""q""},{""id"":3,""text"":""r""}]",3.0`, "c"},
		{"an option's id behind the name of the column", "question,options,correct_answer\n" +
			`S,"[{""id"":""x1"",""text"":""p""},{""id"":""x2"",""text"":""q""}]",Answer: x2`, "b"},
		{"a text without its label", columns + "S,A. Paris,B. Rome,C. Oslo,D. Bern,Rome", "b"},
		{"T", columns + "S,True,False,,,T", "a"},
		{"F", columns + "S,True,False,,,F", "b"},
		{"F in few columns", "question,option_a,option_b,correct_answer\nS,True,False,F", "b"},
		{"false first", columns + "S,False,True,,,T", "b"},
		{"a circle", columns + "S,正しい,誤り,,,○", "a"},
		{"a letter of an option", columns + "S,False,True,,,B", "b"},
		{"T of other options", columns + "S,Paris,Rome,,,T", ""},
		{"x", columns + "S,正しい,誤り,,,x", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "q.csv", tt.data+"\n")
			if tt.right == "" {
				if len(f.Questions) != 0 || f.Report.Sound() {
					t.Errorf("taken: %+v", f.Questions)
				}
				return
			}
			if q := one(t, f); right(q) != tt.right {
				t.Errorf("right %q", right(q))
			}
		})
	}
}
