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

// attachmentPath is the attachment at a 0-based place.
func (s Sitting) attachmentPath(i int) string {
	if s.Preview != nil {
		return LocalPath(s.Preview.Leave + attachmentsPart + s.Attachments[i].Media)
	}
	return AttachmentPath(s.Attempt, i+1)
}

func (v ExamView) startPath() string {
	if v.Preview != nil {
		return LocalPath(v.Preview.Path)
	}
	return StartPath(v.Slug)
}
