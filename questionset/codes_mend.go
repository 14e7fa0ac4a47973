package questionset

// Findings about questions that their author mended after the file was read.
const (
	codeMended      Code = "mended"
	codeMendedCopy  Code = "mended_copy"
	codeMendNone    Code = "mend_none"
	codeMendSeveral Code = "mend_several"
)
