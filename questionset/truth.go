package questionset

import (
	"strings"

	"shiken/exam"
)

// Option IDs of a true/false question.
const (
	trueOption  = "true"
	falseOption = "false"
)

// setTruth makes a question one of right or wrong. words are the answer or the type as the source has them.
func setTruth(q *Question, truth bool, words ...string) {
	right := trueOption
	if !truth {
		right = falseOption
	}
	q.Question.Type, q.Question.Options = exam.TrueFalse, truthOptions(q.Question.Stem.Source, words...)
	q.Key = exam.Key{Options: map[string]int{right: exam.FullCredit}}
}

// truthOptions are the options of a true/false question, in the language of its stem. A stem in Chinese looks like one
// in Japanese without kana: there the first Chinese one of the words decides.
func truthOptions(stem string, words ...string) []exam.Option {
	lang := english
	if isJapanese(stem) {
		lang = "ja"
	}
	c := catalogueOf(lang)
	labels := [2]string{c.label(trueOption), c.label(falseOption)}
	for _, word := range words {
		if chinese, ok := chineseTruths[keyWithoutMarks(word)]; ok && !hasKana(stem) {
			labels = chinese
			break
		}
	}
	return []exam.Option{{ID: trueOption, Text: exam.Text{Source: labels[0]}}, {ID: falseOption, Text: exam.Text{Source: labels[1]}}}
}

// chineseTruths are what says right and wrong in Chinese, and the types of such questions.
var chineseTruths = map[string][2]string{
	"对": {"正确", "错误"}, "错": {"正确", "错误"}, "正确": {"正确", "错误"}, "错误": {"正确", "错误"}, "判断": {"正确", "错误"}, "判断题": {"正确", "错误"},
	"對": {"正確", "錯誤"}, "錯": {"正確", "錯誤"}, "正確": {"正確", "錯誤"}, "錯誤": {"正確", "錯誤"}, "判斷題": {"正確", "錯誤"},
}

// isJapanese tells a text with kana or kanji.
func isJapanese(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x3041 && r <= 0x9FFF }) >= 0
}

// hasKana tells what is Japanese, and no Chinese.
func hasKana(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x3041 && r <= 0x30FE && r != '・' }) >= 0
}
