package questionset

// Findings about what a format that sets are exported in cannot say.
const (
	codeExportStimulus    Code = "export_stimulus"
	codeExportFields      Code = "export_fields"
	codeExportUnreadable  Code = "export_unreadable"
	codeExportDiffers     Code = "export_differs"
	codeExportGapPlace    Code = "export_gap_place"
	codeExportMedia       Code = "export_media"
	codeExportNoMedia     Code = "export_no_media"
	codeExportGIFTGaps    Code = "export_gift_gaps"
	codeExportExplanation Code = "export_explanation"
	codeExportType        Code = "export_type"
	codeExportGuide       Code = "export_guide"
	codeExportNoFull      Code = "export_no_full_credit"
	codeExportByExam      Code = "export_by_exam"
	codeExportSum         Code = "export_sum"
	codeExportScoring     Code = "export_scoring"
	codeExportFixed       Code = "export_fixed"
	codeExportArrow       Code = "export_arrow"
	codeExportCase        Code = "export_case"
	codeExportUnit        Code = "export_unit"
	codeExportPlain       Code = "export_plain"
	codeExportTruthWords  Code = "export_truth_words"
	codeExportTreatment   Code = "export_treatment"
	codeExportEither      Code = "export_either"
	codeExportCharacter   Code = "export_character"
)
