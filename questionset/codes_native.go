package questionset

// Findings about sets and packages in the form of our own.
const (
	codeNativeVersion   Code = "native_version"
	codeNativeHead      Code = "native_head"
	codeNativeLine      Code = "native_line"
	codeNativeLineLong  Code = "native_line_long"
	codeNativeValue     Code = "native_value"
	codeNativeSourceKey Code = "native_source_key"
	codeNativeHash      Code = "native_hash"
	codeNativeSet       Code = "native_set"
	codeNativeExam      Code = "native_exam"
)
