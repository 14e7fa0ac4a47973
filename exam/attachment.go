package exam

// MaxAttachments bounds the attachments of an exam.
const MaxAttachments = 10

// Attachment is a file that candidates may open during their attempt, such as a formula sheet. Its content
// stands elsewhere, under its hash: another content is another attachment.
type Attachment struct {
	Title Title  `json:"title,omitempty"` // none: the name of the file
	File  string `json:"file"`            // name, without folders; unique in its exam
	Media string `json:"media"`           // hex SHA-256 of the content
	Type  string `json:"type"`            // under which it is served
	Size  int64  `json:"size"`            // bytes
}

// Name is what people call the attachment in a language.
func (a *Attachment) Name(lang string) string {
	if name := a.Title.In(lang); name != "" {
		return name
	}
	return a.File
}

// Attachment returns the attachment at a 1-based place, or nil outside of them.
func (p *Paper) Attachment(n int) *Attachment {
	if n < 1 || n > len(p.Attachments) {
		return nil
	}
	return &p.Attachments[n-1]
}
