package questionset

import "strings"

// open tells a table without any options.
func (h *tableHeader) open() bool { return len(h.options) == 0 }

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

// openRow reads a row of a table without options: its answer says whether the stem is true, or is what those who
// mark the question should know.
func (w *tableRow) openRow() bool {
	if truth, says := statementWords[foldText(w.get(columnAnswer))]; says {
		setTruth(w.q, truth)
		return true
	}
	w.once(w.p.at(columnAnswer), codeTableOpen)
	return w.open(rowEssay)
}
