package questionset

import (
	"strings"

	"shiken/exam"
)

var truthPairs = map[string]string{
	"○": "×", "◯": "×", "〇": "×", "o": "x", "正": "誤", "正しい": "誤り", "真": "偽", "true": "false", "t": "f",
	"はい": "いいえ", "yes": "no", "verdadero": "falso",
}

// truthWords are further words of other languages. They tell which option says that a statement is true, but make
// no question of two options one of true and false: a file that was loaded before stays the same.
var truthWords = map[string]string{
	"vrai": "faux", "wahr": "falsch", "richtig": "falsch", "vero": "falso", "verdadeiro": "falso", "correct": "incorrect", "right": "wrong",
	"oui": "non", "ja": "nein", "sí": "no", "si": "no", "sim": "não",
}

// saysTrue tells the word of a pair that says that a statement is true.
func saysTrue(word, other string) bool {
	a, b := foldText(word), foldText(other)
	return a != "" && b != "" && (truthPairs[a] == b || truthWords[a] == b)
}

// isTruthPair tells two options that say right and wrong, in either order.
func isTruthPair(options []exam.Option) bool {
	if len(options) != 2 {
		return false
	}
	a, b := foldText(options[0].Text.Source), foldText(options[1].Text.Source)
	return truthPairs[a] == b && b != "" || truthPairs[b] == a && a != ""
}

// truths are the words for right and wrong of a key, folded.
var truths = func() map[string]bool {
	words := map[string]bool{"1": true, "0": false, "v": true, "真実": true, "correct": true, "incorrect": false, "wrong": false,
		"right": true, "对": true, "错": false, "對": true, "錯": false, "正确": true, "错误": false, "正確": true, "錯誤": false, "√": true,
		"✓": true, "✗": false, "참": true, "거짓": false, "verdadeiro": true, "vero": true, "верно": true, "неверно": false, "prawda": true,
		"fałsz": false, "doğru": true, "yanlış": false, "benar": true, "salah": false, "đúng": true, "sai": false, "wahr": true, "falsch": false, "richtig": true, "vrai": true, "faux": false, "si": true, "sí": true, "no": false}
	for right, wrong := range truthPairs {
		words[right], words[wrong] = true, false
	}
	return words
}()

// cross is the letter that says "wrong" beside a circle, and with which others tick what is right.
const cross = "x"

// circles are the answers that say "right" where a cross says "wrong", folded.
var circles = map[string]bool{"o": true, "○": true, "◯": true, "〇": true, "√": true, "✓": true}

// statementWords are those of the words for right and wrong that answer nothing else.
var statementWords = func() map[string]bool {
	words := map[string]bool{}
	for _, pair := range strings.Fields("true/false verdadero/falso vero/falso verdadeiro/falso vrai/faux wahr/falsch ○/× ◯/× 〇/× 正しい/誤り 对/错 對/錯 " +
		"正确/错误 正確/錯誤 верно/неверно prawda/fałsz doğru/yanlış benar/salah đúng/sai 참/거짓") {
		right, wrong, _ := strings.Cut(pair, "/")
		words[foldText(right)], words[foldText(wrong)] = true, false
	}
	return words
}()

// likelyWords say whether a statement is true when a question has no options, and hardly are what is asked for.
var likelyWords = map[string]bool{"t": true, "f": false, "yes": true, "no": false, "はい": true, "いいえ": false, "正": true, "誤": false, "真": true,
	"偽": false, "correct": true, "incorrect": false, "richtig": true, "oui": true, "non": false, "是": true, "否": false}
