package questionset

import (
	"regexp"

	"shiken/exam"
)

// reference finds references to media in the source of a text, whatever its format.
var reference = regexp.MustCompile(`/media/([0-9a-f]{64})\.[a-z0-9]{2,4}`)

// MediaRefs calls fn with the hash of everything that the texts of a question refer to, its guide for
// markers included, once for each reference.
func MediaRefs(q exam.Question, k exam.Key, f exam.Feedback, fn func(hash string)) {
	eachText(&q, &k, &f, func(t exam.Text) {
		for _, m := range reference.FindAllStringSubmatch(t.Source, -1) {
			fn(m[1])
		}
	})
}

// eachText calls fn with every text of a question.
func eachText(q *exam.Question, k *exam.Key, f *exam.Feedback, fn func(exam.Text)) {
	fn(k.Guide)
	fn(q.Stimulus)
	fn(q.Stem)
	eachOption(q.Options, fn)
	for i := range q.Prompts {
		fn(q.Prompts[i].Text)
		eachOption(q.Prompts[i].Options, fn)
	}
	fn(f.Explanation)
	for _, t := range f.Options {
		fn(t)
	}
}

func eachOption(options []exam.Option, fn func(exam.Text)) {
	for i := range options {
		fn(options[i].Text)
	}
}
