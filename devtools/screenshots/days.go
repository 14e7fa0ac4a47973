package main

import (
	"context"
	"errors"

	"shiken/exam"
)

// The two exams, and from which pupil on today's are something else than
// writing.
const (
	past, current = "chukan-joho", "kimatsu-joho"

	silent    = 24 // three of them: not heard from
	paused    = 27
	submitted = 29
	forced    = 33
	void      = 34
	waiting   = 35 // the others that are present
)

// lastWeek is an exam that everybody has sat.
func (c *school) lastWeek(ctx context.Context) error {
	const week = 7 * 24 * 60 * exam.Minute
	start := c.now.Add(-week)
	window := exam.Window{Open: start.Add(-10 * exam.Minute), Close: start.Add(90 * exam.Minute)}
	s, err := c.publish(ctx, past, exam.Title{"ja": "情報基礎 中間試験", "en": "Informatics, midterm"}, window)
	if err != nil {
		return err
	}
	var failed error
	for _, u := range c.those(present) {
		p := s.begin(ctx, u, start.Add(exam.Micros(c.chance.IntN(40))*exam.Second))
		p.write(start.Add(58 * exam.Minute))
		p.submit()
		failed = errors.Join(failed, p.err)
	}
	return failed
}

// today is an exam that has been going on for half an hour.
func (c *school) today(ctx context.Context) error {
	start := c.now.Add(-31 * exam.Minute)
	window := exam.Window{Open: start.Add(-5 * exam.Minute), Close: start.Add(180 * exam.Minute)}
	s, err := c.publish(ctx, current, exam.Title{"ja": "情報基礎 期末試験", "en": "Informatics, final"}, window)
	if err != nil {
		return err
	}
	s.alarm = start.Add(11 * exam.Minute)
	var failed error
	for i, u := range c.those(waiting) {
		p := s.begin(ctx, u, start.Add(exam.Micros(5+c.chance.IntN(70))*exam.Second))
		p.goOn(i)
		failed = errors.Join(failed, p.err)
	}
	return failed
}

// goOn is what happens to the i-th pupil.
func (c *candidate) goOn(i int) {
	late := c.now.Add(-6 * exam.Minute)
	switch {
	case i < silent:
		c.write(c.now.Add(-exam.Micros(2+i*3) * exam.Second))
		if i == 9 {
			c.at = c.now.Add(-80 * exam.Second)
			c.order(exam.Extend, 10*exam.Minute, "パソコンの交換のため")
		}
	case i < paused:
		c.write(late)
	case i < submitted:
		c.write(late)
		c.at = late
		c.order(exam.Pause, 0, "体調不良のため")
	case i < forced:
		c.hurry()
		c.submit()
	case i < void:
		c.expelled(c.now.Add(-17 * exam.Minute))
	default:
		c.write(late)
		c.at = late
		c.order(exam.Void, 0, "本人の申し出による")
	}
}

// hurry answers everything in little time.
func (c *candidate) hurry() {
	c.write(c.alarm)
	for c.err == nil && c.next <= len(c.paper.Items) {
		c.at = c.at.Add(exam.Micros(20+c.chance.IntN(30)) * exam.Second)
		c.answer(exam.Move, c.next, c.chance.Float64() < c.ability)
		c.next++
	}
}

// expelled is a candidate whose attempt was closed while the last answer was
// being changed.
func (c *candidate) expelled(at exam.Instant) {
	c.write(at)
	c.at = at.Add(20 * exam.Second)
	c.answer(exam.Save, c.next-1, false)
	c.at = at.Add(60 * exam.Second)
	c.order(exam.ForceSubmit, 0, "退室の申し出があったため")
	c.at = at.Add(64 * exam.Second)
	c.answer(exam.Save, c.next-1, true)
}
