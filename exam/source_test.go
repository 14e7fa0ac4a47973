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
		want     bool
	}{
		{"no filter", exam.Source{Set: "s"}, "構造", 2019, true},
		{"no filter, nothing known", exam.Source{Set: "s"}, "", 0, true},
		{"both fit", both, "設計", 2020, true},
		{"another category", both, "計画", 2020, false},
		{"another year", both, "設計", 2021, false},
		{"no category", both, "", 2019, false},
		{"no year", both, "構造", 0, false},
		{"category alone", exam.Source{Category: []string{"構造"}}, "構造", 0, true},
		{"year alone", exam.Source{Year: []int{2019}}, "", 2019, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.from.Takes(tt.category, tt.year); got != tt.want {
				t.Errorf("Takes(%q, %d) = %v", tt.category, tt.year, got)
			}
		})
	}
}
