package questionset

// Findings about a question that is edited in a form.
const (
	codeEditType        Code = "edit_type"
	codeEditYear        Code = "edit_year"
	codeEditTags        Code = "edit_tags"
	codeEditWeight      Code = "edit_weight"
	codeEditItems       Code = "edit_items"
	codeEditGapWeight   Code = "edit_gap_weight"
	codeEditGapMark     Code = "edit_gap_mark"
	codeEditPairWeights Code = "edit_pair_weights"
	codeEditTreated     Code = "edit_treated"
)
