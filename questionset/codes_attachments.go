package questionset

// Findings about attachments of exams.
const (
	codeAttachmentsList   Code = "attachments_list"
	codeAttachmentTwice   Code = "attachment_twice"
	codeAttachmentHash    Code = "attachment_hash"
	codeAttachmentPath    Code = "attachment_path"
	codeAttachmentMissing Code = "attachment_missing"
	codeAttachmentUnread  Code = "attachment_unreadable"
	codeAttachmentOther   Code = "attachment_other"
	codeAttachmentName    Code = "attachment_name"
	codeAttachmentEmpty   Code = "attachment_empty"
	codeAttachmentType    Code = "attachment_type"
	codeAttachmentEnding  Code = "attachment_ending"
	codeAttachmentLarge   Code = "attachment_large"
)
