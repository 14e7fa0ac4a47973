package main

import (
	"slices"
	"strings"
	"testing"

	"shiken/internal/planted"
)

func TestReadSimulation(t *testing.T) {
	tests := map[string]struct {
		out    string
		checks []string
	}{
		"faults, each kind once": {"--- FAIL: TestSeed (0.20s)\n    simulate_test.go:33: 1m2s client 3 sends: at once\n" +
			"    simulate_test.go:33: 2h1m FAULT R5: at 2m0.1s: attempt 0494 showed question 3\n" +
			"    simulate_test.go:37: history: at 2h1m32s: R3 (invariants): 0494 question 1: entry 13: a stale command was applied\n" +
			"    simulate_test.go:37: history: at 2h1m32s: R3 (invariants): 0494 question 2: entry 14: a stale command was applied\n" +
			"    simulate_test.go:37: history: at 2h1m32s: R1 (linearizability): 0494 question 2: no order\n" +
			"    simulate_test.go:37: R5: at 2m0.1s: attempt 0494 showed question 3\n",
			[]string{"R1 linearizability", "R3 invariants", "R5 simulation"}},
		"a section of the design": {"    simulate_test.go:37: history: at 2h1m32s: §7 (invariants): 0494 question 1: rejection 1\n", []string{"§7 invariants"}},
		"a crash":                 {"panic: runtime error\n\ngoroutine 1\n", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if v := readSimulation([]byte(tt.out)); v.caught != (tt.checks != nil) || (v.broke == "") != v.caught || !slices.Equal(v.checks, tt.checks) {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestReadTorture(t *testing.T) {
	tests := map[string]struct {
		report string
		checks []string
	}{
		"faults of the history": {"seed      1\nlost / doubled / stale applied   1 / 0 / 0\nR1 (journal): 0494 question 1: command x\n", []string{"R1 journal"}},
		"sign-ins":              {"sign-ins ended / let in afterwards / ended by nobody           5 / 2 / 0\n", []string{"§3 sign-ins"}},
		"signed out by nobody":  {"sign-ins ended / let in afterwards / ended by nobody           5 / 0 / 2\n", []string{"§6 sign-ins"}},
		"answers of 500":        {"answers of 500 / panics                                        3 / 0\n", []string{"§5 answers of 500"}},
		"panics":                {"answers of 500 / panics                                        0 / 1\n", []string{"§5 panics"}},
		"verify found a fault":  {"shiken verify --receipts (7 receipts)      exit status 1\n1 fault\n", []string{"R11 verify"}},
		"nothing that a check has named": {"sign-ins ended / let in afterwards / ended by nobody           5 / 0 / 0\n" +
			"answers of 500 / panics                                        0 / 0\nshiken verify                      sound\n", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if v := readTorture([]byte(tt.report)); v.caught != (tt.checks != nil) || (v.broke == "") != v.caught || !slices.Equal(v.checks, tt.checks) {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestReadTests(t *testing.T) {
	tests := map[string]struct {
		out    string
		checks []string
	}{
		"failed, each once": {"--- FAIL: TestR10_A (0.20s)\n    a_test.go:9: 303\n--- FAIL: TestR10_B (0.20s)\n    --- FAIL: TestR10_B/ja (0.1s)\nFAIL\n", []string{"TestR10_A", "TestR10_B"}},
		"a crash":           {"panic: runtime error\n\ngoroutine 1\n", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if v := readTests([]byte(tt.out)); v.caught != (tt.checks != nil) || (v.broke == "") != v.caught || !slices.Equal(v.checks, tt.checks) {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestTheListIsSortedAndSaysWhoCaughtWhat(t *testing.T) {
	caught := result{plant: planted.Plant{Name: "b", Breaks: "R3", What: "wrong"}, by: "simulation", verdict: verdict{caught: true, checks: []string{"R1 journal", "R3 invariants"}}}
	missed := result{plant: planted.Plant{Name: "a", Breaks: "R1", What: "bad"}}
	got := string(document([]result{caught, missed}))
	want := "| `a` | R1 | bad | **nobody** |  |\n| `b` | R3 | wrong | simulation | R1 journal, R3 invariants |\n\n2 bugs.\n"
	if !strings.HasSuffix(got, want) {
		t.Errorf("%s", got)
	}
	if err := unnoticed([]result{caught, missed}); err == nil || !strings.Contains(err.Error(), "1 of 2 bugs went unnoticed: a") {
		t.Error(err)
	}
	if err := unnoticed([]result{caught}); err != nil {
		t.Error(err)
	}
}

func TestAControlHasToHold(t *testing.T) {
	tests := map[string]struct {
		control verdict
		where   string
		holds   bool
	}{
		"it held":               {verdict{tried: fewest}, "simulation", true},
		"a check found a fault": {verdict{tried: 3, caught: true, checks: []string{"R1 journal"}}, "simulation", false},
		"it broke off":          {verdict{tried: fewest, broke: "broke off"}, "simulation", false},
		"too few seeds":         {verdict{tried: fewest - 1}, "simulation", false},
		"tests broke off":       {verdict{broke: "broke off"}, "tests", false},
		"a torture":             {verdict{}, "torture", true},
		"a torture broke off":   {verdict{broke: "broke off"}, "torture", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := sound(tt.control, nil, tt.where); (err == nil) != tt.holds {
				t.Error(err)
			}
		})
	}
}
