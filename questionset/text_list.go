package questionset

import "shiken/exam"

// textList gathers accepted answers, in order.
type textList struct {
	list   []exam.TextKey
	taken  map[exam.TextKey]bool
	folded map[string]bool // of those that take upper case and lower case
}

// add adds a key unless one before it takes the same answers.
func (k *textList) add(key exam.TextKey) {
	fold := foldText(key.Pattern)
	if k.taken[key] || k.folded[fold] {
		return
	}
	if k.taken == nil {
		k.taken, k.folded = map[exam.TextKey]bool{}, map[string]bool{}
	}
	k.taken[key] = true
	if !key.CaseSensitive {
		k.folded[fold] = true
	}
	k.list = append(k.list, key)
}
