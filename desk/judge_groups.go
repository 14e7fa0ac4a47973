package desk

import (
	"context"
	"strconv"

	"shiken/exam"
)

// groupFaults judges whether a section that has enough questions can draw its number in whole groups,
// whatever the sections before took. Where those may take questions of its pool, it must do with the
// units that they cannot take, or have so many questions without a group that these fill up whatever
// is left: other ways there may be are not looked for.
func groupFaults(d *exam.Definition, pools [][]exam.PoolQuestion, section int) []Fault {
	n, units := d.Sections[section].Draw, exam.Units(pools[section])
	if n == 0 || len(units) == len(pools[section]) {
		return nil
	}
	own := untaken(units, pools[:section])
	below, above := exam.NearestDraws(own, n)
	switch {
	case below == n:
		return nil
	case len(own) == len(units):
		return []Fault{{section + 1, WholeGroups, []any{"draw", n, "near", nearText(below, above)}}}
	}
	largest, singles := 0, []exam.PoolQuestion(nil)
	for _, u := range units {
		largest = max(largest, len(u))
		if len(u) == 1 {
			singles = append(singles, u[0])
		}
	}
	if len(singles)-takenBefore(d, pools[:section], singles) >= largest-1 {
		return nil
	}
	return []Fault{{section + 1, SharedGroups, []any{"draw", n}}}
}

// untaken are the units of which no section before may take a question.
func untaken(units [][]exam.PoolQuestion, before [][]exam.PoolQuestion) [][]exam.PoolQuestion {
	theirs := map[string]bool{}
	for _, pool := range before {
		for _, q := range pool {
			theirs[q.Identity] = true
		}
	}
	var out [][]exam.PoolQuestion
	for _, u := range units {
		own := true
		for _, q := range u {
			own = own && !theirs[q.Identity]
		}
		if own {
			out = append(out, u)
		}
	}
	return out
}

// nearText lists the numbers that can be drawn instead.
func nearText(below, above int) string {
	switch {
	case below == 0:
		return strconv.Itoa(above)
	case above == 0:
		return strconv.Itoa(below)
	}
	return strconv.Itoa(below) + " / " + strconv.Itoa(above)
}

// tornGroups tells of each section whose filters take only a part of a group.
func tornGroups(ctx context.Context, r Reader, d *exam.Definition, batches []*Batch, pools [][]exam.PoolQuestion) ([]Fault, error) {
	var notices []Fault
	for i := range d.Sections {
		from := &d.Sections[i].From
		taken := groupSizes(pools[i])
		if len(taken) == 0 || len(from.Category) == 0 && len(from.Year) == 0 {
			continue
		}
		unfiltered, err := loadPools(ctx, r, sources(exam.Source{Set: from.Set}), batches)
		if err != nil {
			return nil, err
		}
		all := groupSizes(unfiltered[0])
		for _, q := range pools[i] {
			if g := q.Question.Group; g != "" && taken[g] < all[g] {
				notices = append(notices, Fault{i + 1, TornGroup, []any{"taken", taken[g], "all", all[g]}})
				break
			}
		}
	}
	return notices, nil
}

func groupSizes(pool []exam.PoolQuestion) map[string]int {
	out := map[string]int{}
	for i := range pool {
		if g := pool[i].Question.Group; g != "" {
			out[g]++
		}
	}
	return out
}
