package questionset

// Code names a kind of finding; the catalogue holds its text in each language.
type Code string

// Findings about whole files.
const (
	codeFileTooLarge     Code = "file_too_large"
	codeEmptyFile        Code = "empty_file"
	codeUTF16            Code = "utf16"
	codeUnknownFormat    Code = "unknown_format"
	codeReadAsCP932      Code = "read_as_cp932"
	codeDoubtfulCP932    Code = "doubtful_cp932"
	codeTooManyQuestions Code = "too_many_questions"
	codeNoQuestions      Code = "no_questions"
	codeUnknownPackage   Code = "unknown_package"
	codeRunnable         Code = "runnable_code"
	codeEndlessLine      Code = "endless_line"
	codeTimeUp           Code = "time_up"
	codeTooManyErrors    Code = "too_many_errors"
	codeNotListed        Code = "not_listed"
)

// Findings about packages and media.
const (
	codeZipBroken     Code = "zip_broken"
	codeZipEntries    Code = "zip_entries"
	codeZipPath       Code = "zip_path"
	codeZipTwice      Code = "zip_twice"
	codeZipMissing    Code = "zip_missing"
	codeZipTooLarge   Code = "zip_too_large"
	codeZipBrokenFile Code = "zip_broken_file"
	codeMediaType     Code = "media_type"
	codeMediaSVG      Code = "media_svg"
	codeMediaTooLarge Code = "media_too_large"
	codeMediaTotal    Code = "media_total"
	codeMediaNoAlt    Code = "media_no_alt"
	codeMediaRemote   Code = "media_remote"
	codeMediaMissing  Code = "media_missing"
)

// Findings about XML documents.
const (
	codeXMLMalformed   Code = "xml_malformed"
	codeXMLDeclaration Code = "xml_declaration"
	codeXMLDoctype     Code = "xml_doctype"
	codeXMLTooDeep     Code = "xml_too_deep"
	codeXMLTooMany     Code = "xml_too_many"
	codeXMLEncoding    Code = "xml_encoding"
	codeXMLReallyUTF8  Code = "xml_really_utf8"
)

// Findings about any question.
const (
	codeUndecodable     Code = "undecodable"
	codeReplacement     Code = "replacement_character"
	codeControl         Code = "control_character"
	codeTooLong         Code = "too_long"
	codeEmptyStem       Code = "empty_stem"
	codeNoKey           Code = "no_key"
	codeOneOption       Code = "one_option"
	codeEmptyOption     Code = "empty_option"
	codeDuplicateOption Code = "duplicate_option"
	codeDuplicateStem   Code = "duplicate_stem"
	codeSameID          Code = "same_id"
	codeDuplicateID     Code = "duplicate_id"
	codeIdentical       Code = "identical_question"
	codeRefersToLetters Code = "refers_to_letters"
	codeRefersToAbove   Code = "refers_to_above"
	codeOwnLetter       Code = "own_letter"
	codeTooManyAnswers  Code = "too_many_answers"
	codeFeedbackMerged  Code = "feedback_merged"
	codeWeightSum       Code = "weight_sum"
	codeNoFull          Code = "no_full_credit"
	codeEmptyRight      Code = "empty_right"
	codeAcceptsAll      Code = "accepts_all"
	codeWildcard        Code = "wildcard"
	codeTooFewPairs     Code = "too_few_pairs"
	codeSameRight       Code = "same_right"
)

// Findings about CSV files.
const (
	codeNoHeader         Code = "csv_no_header"
	codeHeaderless       Code = "csv_headerless"
	codeMissingColumn    Code = "csv_missing_column"
	codeExtraColumn      Code = "csv_extra_column"
	codeRepeatedColumn   Code = "csv_repeated_column"
	codeOptionColumn     Code = "csv_option_column"
	codeDelimiter        Code = "csv_delimiter"
	codeRowTooLong       Code = "csv_row_too_long"
	codeRowShort         Code = "csv_row_short"
	codeTooManyColumns   Code = "csv_too_many_columns"
	codeBareQuote        Code = "csv_bare_quote"
	codeAfterQuote       Code = "csv_after_quote"
	codeUnclosedQuote    Code = "csv_unclosed_quote"
	codeYear             Code = "csv_year"
	codeKeyNotUnderstood Code = "csv_key_not_understood"
	codeKeyNoOption      Code = "csv_key_no_option"
	codeKeyEmptyOption   Code = "csv_key_empty_option"
	codeKeyNumber        Code = "csv_key_number"
	codeKeyFromZero      Code = "csv_key_from_zero"
	codeKeyKana          Code = "csv_key_kana"
	codeKeyText          Code = "csv_key_text"
	codeKeyAmbiguous     Code = "csv_key_ambiguous"
	codeKeyRepeated      Code = "csv_key_repeated"
	codeOnlyID           Code = "csv_only_id"
)

// Findings about exam files.
const (
	codeYAML                 Code = "exam_yaml"
	codeYAMLAlias            Code = "exam_yaml_alias"
	codeYAMLDepth            Code = "exam_yaml_depth"
	codeExamTwice            Code = "exam_twice"
	codeNotMapping           Code = "exam_not_mapping"
	codeFieldTwice           Code = "exam_field_twice"
	codeFieldEmpty           Code = "exam_field_empty"
	codeFieldUnknown         Code = "exam_field_unknown"
	codeFieldUnknownLike     Code = "exam_field_unknown_like"
	codeFieldMissing         Code = "exam_field_missing"
	codeSlug                 Code = "exam_slug"
	codeName                 Code = "exam_name"
	codeTitle                Code = "exam_title"
	codeLanguage             Code = "exam_language"
	codeWord                 Code = "exam_word"
	codeBoolean              Code = "exam_boolean"
	codeInteger              Code = "exam_integer"
	codeWrong                Code = "exam_wrong"
	codePoints               Code = "exam_points"
	codeDuration             Code = "exam_duration"
	codeDurationRange        Code = "exam_duration_range"
	codeTime                 Code = "exam_time"
	codeRelease              Code = "exam_release"
	codeAfterCloseNeedsClose Code = "exam_after_close_needs_close"
	codeWindowOrder          Code = "exam_window_order"
	codeWindowEmpty          Code = "exam_window_empty"
	codeSectionsList         Code = "exam_sections_list"
	codeDrawsTooMany         Code = "exam_draws_too_many"
)

// Findings about GIFT files.
const (
	codeGIFTCategoryBlock Code = "gift_category_block"
	codeGIFTJoined        Code = "gift_joined"
	codeGIFTTags          Code = "gift_tags"
	codeGIFTUnclosed      Code = "gift_unclosed"
	codeGIFTUnopened      Code = "gift_unopened"
	codeGIFTFragment      Code = "gift_fragment"
	codeGIFTSeveralBraces Code = "gift_several_braces"
	codeGIFTDescription   Code = "gift_description"
	codeGIFTLatexNewline  Code = "gift_latex_newline"
	codeGIFTMedia         Code = "gift_media"
	codeGIFTWeight        Code = "gift_weight"
	codeGIFTWeightOnRight Code = "gift_weight_on_right"
	codeGIFTUnescaped     Code = "gift_unescaped"
	codeGIFTTightEquals   Code = "gift_tight_equals"
	codeGIFTBeforeFirst   Code = "gift_before_first"
	codeGIFTSeveralRight  Code = "gift_several_right"
	codeGIFTTruthWord     Code = "gift_truth_word"
	codeGIFTNumber        Code = "gift_number"
	codeGIFTPair          Code = "gift_pair"
	codeGIFTEntity        Code = "gift_entity"
)
