package questionset

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A table may hold all options of a question in one cell, the right answer in one column and the wrong ones in
// others, or no options at all.

// wrongWords begin the names of columns with wrong answers.
var wrongWords = foldedWords("wrong wrong_answer wrong_option incorrect incorrect_answer incorrect_option distractor false_answer errata risposta_errata " +
	"sbagliata incorrecta respuesta_incorrecta mauvaise_reponse resposta_errada incorreta falsche_antwort 誤答 不正解 错误答案 오답")

// wrongPlace returns the 0-based place of a column of wrong answers, or -1.
func wrongPlace(name string) int { return placeAfter(name, columnWrong) }

// wrongName is the column that a folded name means, "" where it means no wrong answer. A mark in brackets is a
// remark, and no part of a name.
func wrongName(name string) string {
	if strings.ContainsAny(name, "()") {
		return ""
	}
	if place := markAfter(name, wrongWords); place >= 0 && place < maxOptions {
		return columnWrong + optionID(place)
	}
	return ""
}

// arrange settles how the options stand when all columns are known: each in a column, all in one cell, or the right
// answer beside the wrong ones. What is not needed is left unread.
func (t *tableReader) arrange(h *tableHeader, line int) {
	answer, keyed := h.column[columnAnswer]
	joined, wrongs := -1, slices.DeleteFunc(slices.Clone(h.wrong), func(cell int) bool { return cell < 0 })
	_, hasWrongs := h.column[columnWrongs]
	switch {
	case len(h.options) > 0:
	case h.has(columnOptions):
		joined = h.column[columnOptions]
	case keyed && len(wrongs) > 0:
		h.rightFirst, h.options = true, append([]int{answer}, wrongs...)
	case keyed && hasWrongs:
		h.rightFirst, joined = true, h.column[columnWrongs]
	}
	if joined >= 0 {
		h.joined, h.options = true, slices.Repeat([]int{joined}, maxOptions)
	}
	if h.rightFirst {
		t.file.Report.note(t.place(line, columnAnswer), codeRightFirst)
	}
	t.dropUnneeded(h, line, joined, wrongs)
}

// dropUnneeded leaves columns of options unread that stand beside others.
func (t *tableReader) dropUnneeded(h *tableHeader, line, joined int, wrongs []int) {
	for _, name := range []string{columnOptions, columnWrongs} {
		if cell, has := h.column[name]; has && cell != joined {
			delete(h.column, name)
			t.leaveUnread(h, t.place(line, name), cell, name)
		}
	}
	if h.rightFirst && !h.joined {
		return
	}
	for _, cell := range wrongs {
		t.leaveUnread(h, t.place(line, columnWrong), cell, columnWrong)
	}
	h.wrong = nil
}

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

// spread cuts the cell that holds all options, or all that are wrong; false refuses the row.
func (w *tableRow) spread() bool {
	h, ok := w.header, true
	if !h.joined {
		return true
	}
	name, answer := columnOptions, w.get(columnAnswer)
	if h.rightFirst {
		name = columnWrongs
		w.parts = cutWrong(h.get(w.cells, name))
		w.parts, ok = append([]string{answer}, w.parts...), len(w.parts) < maxOptions
	} else {
		w.parts, ok = cutOptions(h.get(w.cells, name), answer)
	}
	if !ok {
		w.file.Report.error(w.p.at(name), codeOptionsCell, "text", h.get(w.cells, name))
	}
	return ok
}

// cutWrong are the wrong answers of a cell, which may be one.
func cutWrong(cell string) []string {
	if parts, ok := listedOptions(cell); ok {
		return parts
	}
	if parts, ok := cutOptions(cell, ""); ok {
		return parts
	}
	return []string{cell}
}

// noOptions are cells that say that there are none.
var noOptions = map[string]bool{"": true, "-": true, "–": true, "[]": true, "null": true, "none": true, "nan": true, "n/a": true}

// cutOptions are the options of a cell that holds all of them: a list as JSON or Python writes it, or texts with a
// line end, a bar or a semicolon between them. Where several of these would do, the one is taken in which the key
// names an option. ok is false where that does not decide it, or where there is one text only.
func cutOptions(cell, key string) (parts []string, ok bool) {
	if noOptions[foldText(cell)] {
		return nil, true
	}
	if parts, ok := listedOptions(cell); ok {
		return withoutLabels(parts), len(parts) > 1 && len(parts) <= maxOptions
	}
	var all, named [][]string
	for _, separator := range []string{"\n", "||", "|", ";", "；"} {
		parts := cutAt(cell, separator)
		if len(parts) < 2 || len(parts) > maxOptions {
			continue
		}
		parts = withoutLabels(parts)
		all = append(all, parts)
		if namesPart(parts, key) {
			named = append(named, parts)
		}
	}
	if key == "" || len(named) == 0 {
		named = all
	}
	if len(named) == 0 {
		return nil, false
	}
	for _, other := range named[1:] {
		if !slices.Equal(other, named[0]) {
			return nil, false
		}
	}
	return named[0], true
}

func partAt(parts []string, place int) string {
	if place < len(parts) {
		return parts[place]
	}
	return ""
}

func cutAt(cell, separator string) []string {
	var parts []string
	for part := range strings.SplitSeq(cell, separator) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// namesPart reports whether a key is one of the parts, or names some by letter or number.
func namesPart(parts []string, key string) bool {
	if slices.ContainsFunc(parts, func(p string) bool { return foldText(p) == foldText(key) }) {
		return true
	}
	names, ok := readKey(foldText(key), maxOptions)
	return ok && !slices.ContainsFunc(names.places, func(place int) bool { return place >= len(parts) })
}

// ownLabel is a letter or number that an option begins with.
var ownLabel = regexp.MustCompile(`(?s)^[(（]?([A-Za-zＡ-Ｚａ-ｚ0-9０-９])\s*(?:[)）、．：]\s*|[.:]\s+|->\s*)(\S.*)$`)

// withoutLabels takes labels off where every option has one, in their order from the first.
func withoutLabels(parts []string) []string {
	bare := make([]string, len(parts))
	for i, part := range parts {
		m := ownLabel.FindStringSubmatch(part)
		if m == nil || markPlace(foldText(m[1])) != i {
			return parts
		}
		bare[i] = strings.TrimSpace(m[2])
	}
	return bare
}

// listedOptions reads ["a", "b"], ['a', 'b'], {"A": "a", "B": "b"}, or objects with a text each.
func listedOptions(cell string) (parts []string, ok bool) {
	if !strings.HasPrefix(cell, "[") && !strings.HasPrefix(cell, "{") {
		return nil, false
	}
	var list []any
	d := json.NewDecoder(strings.NewReader(cell))
	d.UseNumber()
	if d.Decode(&list) == nil && !d.More() {
		return jsonOptions(list)
	}
	var lettered map[string]string
	if json.Unmarshal([]byte(cell), &lettered) == nil {
		return letteredOptions(lettered)
	}
	return pythonList(cell)
}

func jsonOptions(list []any) (parts []string, ok bool) {
	for _, item := range list {
		switch v := item.(type) {
		case string:
			parts = append(parts, strings.TrimSpace(v))
		case json.Number:
			parts = append(parts, v.String())
		case bool:
			parts = append(parts, strconv.FormatBool(v))
		case map[string]any:
			text, has := v["text"].(string)
			if !has {
				return nil, false
			}
			parts = append(parts, strings.TrimSpace(text))
		default:
			return nil, false
		}
	}
	return parts, true
}

// letteredOptions are the values of letters from a, in their order.
func letteredOptions(lettered map[string]string) (parts []string, ok bool) {
	parts = make([]string, len(lettered))
	seen := map[int]bool{}
	for letter, text := range lettered {
		place := markPlace(foldText(letter))
		if place < 0 || place >= len(parts) || seen[place] {
			return nil, false
		}
		parts[place], seen[place] = strings.TrimSpace(text), true
	}
	return parts, true
}

// pythonQuoted is a text in quotation marks, and what may stand before it in a list.
var pythonQuoted = regexp.MustCompile(`^[\s,]*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")`)

var pythonEscapes = strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\"`, `"`, `\n`, "\n", `\t`, "\t")

// pythonList reads a list of texts as Python writes it, also without commas, as NumPy does.
func pythonList(cell string) (parts []string, ok bool) {
	rest, closed := strings.CutSuffix(strings.TrimPrefix(cell, "["), "]")
	for m := pythonQuoted.FindStringSubmatch(rest); m != nil; m = pythonQuoted.FindStringSubmatch(rest) {
		parts = append(parts, strings.TrimSpace(pythonEscapes.Replace(m[1]+m[2])))
		rest = rest[len(m[0]):]
	}
	return parts, closed && strings.TrimSpace(rest) == "" && len(parts) > 0
}
