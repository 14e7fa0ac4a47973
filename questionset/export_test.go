package questionset

// ReadForm is ReadQuestion without what it keeps of the question that was edited.
var ReadForm = readQuestion

// SameContent reports whether two questions ask the same and are marked the same: their ids may differ,
// and so may the order of what is shuffled always. What groups questions is not compared.
func SameContent(a, b *Question) bool {
	ca, cb := canonical(a), canonical(b)
	ca.seal()
	cb.seal()
	return ca.ContentHash == cb.ContentHash
}
