package templates

// questionPath, submitPath, resultPath and startPath are where forms and the
// end of the time lead; on trial one path takes them all, and nothing leads on
// by itself.

func (s Sitting) questionPath() string {
	if s.Preview != nil {
		return LocalPath(s.Preview.Path)
	}
	return QuestionPath(s.Attempt, s.Position)
}

func (s Sitting) submitPath() string {
	if s.Preview != nil {
		return LocalPath(s.Preview.Path)
	}
	return SubmitPath(s.Attempt)
}

func (s Sitting) resultPath() string {
	if s.Preview != nil {
		return ""
	}
	return ResultPath(s.Attempt)
}

func (v ExamView) startPath() string {
	if v.Preview != nil {
		return LocalPath(v.Preview.Path)
	}
	return StartPath(v.Slug)
}
