package questionset

// Findings about what a text holds and no page shows.
const (
	codeLeftOut         Code = "left_out"
	codeLeftOutMarkdown Code = "left_out_markdown"
	codeColours         Code = "left_out_colours"
	codeHidden          Code = "left_out_hidden"
)
