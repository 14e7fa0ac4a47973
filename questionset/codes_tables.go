package questionset

// Findings about tables: CSV and XLSX.
const (
	codeColumnAs         Code = "table_column_as"
	codeColumnUnknown    Code = "table_column_unknown"
	codeColumnTwice      Code = "table_column_twice"
	codeUnnamedColumn    Code = "table_unnamed_column"
	codeAboveHeader      Code = "table_above_header"
	codeTestBank         Code = "table_test_bank"
	codeTypeUnread       Code = "table_type_unread"
	codeTypeUnknown      Code = "table_type_unknown"
	codeTypeKeys         Code = "table_type_keys"
	codeKeyColumn        Code = "table_key_column"
	codeKeyIndex         Code = "table_key_index"
	codeKeyZero          Code = "table_key_zero"
	codeKeyTexts         Code = "table_key_texts"
	codeOptionsCell      Code = "table_options_cell"
	codeRightFirst       Code = "table_right_first"
	codeTableOpen        Code = "table_open"
	codeTruthOptions     Code = "table_truth_options"
	codeTextFormat       Code = "table_text_format"
	codeFeedbackNoOption Code = "table_feedback_no_option"
	codeOptionUnused     Code = "table_option_unused"
	codeTableNumber      Code = "table_number"
	codeTablePair        Code = "table_pair"
	codeKeyUnused        Code = "table_key_unused"
	codeOrderKey         Code = "table_order_key"
	codeModelAnswer      Code = "table_model_answer"
	codeStimulusMissing  Code = "table_stimulus_missing"
	codeStimulusDiffers  Code = "table_stimulus_differs"
	codeZipTables        Code = "table_zip_tables"
	codeZipTexts         Code = "zip_texts"
	codeZipUnused        Code = "table_zip_unused"
)

// Findings about workbooks.
const (
	codeCompound       Code = "xlsx_compound"
	codeSheetChosen    Code = "xlsx_sheet_chosen"
	codeSheetOther     Code = "xlsx_sheet_other"
	codeSheetQuestions Code = "xlsx_sheet_questions"
	codeSheetPictures  Code = "xlsx_pictures"
	codeSheetDate      Code = "xlsx_date"
	codeSheetError     Code = "xlsx_error"
	codeSheetFormula   Code = "xlsx_formula"
	codeSheetFormulas  Code = "xlsx_formulas"
	codeSheetHidden    Code = "xlsx_hidden"
	codeSheetMerged    Code = "xlsx_merged"
)

// Findings about questions in plain text: Aiken, and as people type them.
const (
	codeProseUnread        Code = "prose_unread"
	codeProseJoined        Code = "prose_joined"
	codeProseOptionJoined  Code = "prose_option_joined"
	codeProseLetterTwice   Code = "prose_letter_twice"
	codeProseLetterGap     Code = "prose_letter_gap"
	codeProseNoAnswer      Code = "prose_no_answer"
	codeProseBullets       Code = "prose_bullets"
	codeProseTwoKeys       Code = "prose_two_keys"
	codeProseSeveral       Code = "prose_several"
	codeProseAnswerOutside Code = "prose_answer_outside"
	codeProseNumbers       Code = "prose_numbers"
	codeAikenNumber        Code = "aiken_number"
	codeAikenWord          Code = "aiken_word"
	codeAikenLower         Code = "aiken_lower"
)

// Findings about questions that are written as a table.
const (
	codeWriteType    Code = "table_write_type"
	codeWriteOptions Code = "table_write_options"
	codeWriteKey     Code = "table_write_key"
	codeWriteAnswer  Code = "table_write_answer"
	codeWriteWeights Code = "table_write_weights"
	codeWritePartial Code = "table_write_partial"
	codeWriteCase    Code = "table_write_case"
	codeWriteRule    Code = "table_write_rule"
	codeWriteFixed   Code = "table_write_fixed"
	codeWriteFormat  Code = "table_write_format"
	codeWriteTag     Code = "table_write_tag"
	codeWriteGroup   Code = "table_write_group"
)
