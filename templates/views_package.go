package templates

// PackageRefusedView says why an exam was not exported with its sets.
type PackageRefusedView struct {
	Exam, Title string
	TooLarge    bool
	MB          int // that a package may take
	Findings    []DeskFinding
}

// PackagePath is where an exam is exported with its sets.
func PackagePath(slug string) string { return ExamEditPath(slug) + "/package" }
