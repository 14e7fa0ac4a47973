package exam_test

import (
	"testing"

	"shiken/exam"
)

func TestSourceTakes(t *testing.T) {
	both := exam.Source{Set: "s", Category: []string{"構造", "設計"}, Year: []int{2019, 2020}}
	for _, tt := range []struct {
		name     string
		from     exam.Source
		category string
		year     int
		tags     []string
		want     bool
	}{
		{"no filter", exam.Source{Set: "s"}, "構造", 2019, nil, true},
		{"no filter, nothing known", exam.Source{Set: "s"}, "", 0, nil, true},
		{"both fit", both, "設計", 2020, nil, true},
		{"another category", both, "計画", 2020, nil, false},
		{"another year", both, "設計", 2021, nil, false},
		{"no category", both, "", 2019, nil, false},
		{"no year", both, "構造", 0, nil, false},
		{"category alone", exam.Source{Category: []string{"構造"}}, "構造", 0, nil, true},
		{"year alone", exam.Source{Year: []int{2019}}, "", 2019, nil, true},
		{"no tag asked", exam.Source{}, "", 0, []string{"頻出"}, true},
		{"one of the tags", exam.Source{Tag: []string{"計算", "頻出"}}, "", 0, []string{"図", "頻出"}, true},
		{"another tag", exam.Source{Tag: []string{"計算", "頻出"}}, "", 0, []string{"図"}, false},
		{"no tag", exam.Source{Tag: []string{"計算"}}, "", 0, nil, false},
		{"tag, and another category", exam.Source{Category: []string{"構造"}, Tag: []string{"計算"}}, "設計", 0, []string{"計算"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.from.Takes(tt.category, tt.year, tt.tags); got != tt.want {
				t.Errorf("Takes(%q, %d, %q) = %v", tt.category, tt.year, tt.tags, got)
			}
		})
	}
}
