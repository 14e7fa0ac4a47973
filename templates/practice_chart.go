package templates

import "strconv"

// The chart of weeks in units of its view box. It is made for a phone's width, where a unit is half a pixel.
const (
	chartWidth, chartHeight = 720, 340
	chartLeft, chartRight   = 76, 712
	chartTop, chartBottom   = 34, 286 // of 100 and of 0 percent
	chartLabels             = 6       // dates that have room below
	chartBar                = 44      // a bar's greatest width
)

// chartColumn is a week in the chart.
type chartColumn struct {
	x, width, middle int
	top, height      int
	value            string // empty: no answers
	label            string // empty: no room
	title            string
}

// columns lays out the weeks.
func (v AccuracyView) columns(page Page) []chartColumn {
	slot := (chartRight - chartLeft) / max(len(v.Weeks), chartLabels)
	width := min(slot*2/3, chartBar)
	every := (len(v.Weeks) + chartLabels - 1) / chartLabels
	out := make([]chartColumn, len(v.Weeks))
	for i, w := range v.Weeks {
		middle := chartLeft + slot*i + slot/2
		height := (chartBottom - chartTop) * w.percent() / 100
		c := chartColumn{x: middle - width/2, width: width, middle: middle, top: chartBottom - height, height: height}
		if w.Answers > 0 {
			c.value = strconv.Itoa(w.percent())
		}
		if (len(v.Weeks)-1-i)%every == 0 {
			c.label = page.Locale.Day(w.Monday)
		}
		c.title = page.T("practice.chart.week", "day", page.Locale.Date(w.Monday), "right", w.Right, "n", w.Answers)
		out[i] = c
	}
	return out
}

// gridLines are the heights that the chart marks, in percent.
var gridLines = []int{0, 50, 100}

func gridY(percent int) int { return chartBottom - (chartBottom-chartTop)*percent/100 }

func px(n int) string { return strconv.Itoa(n) }
