package questionset

// Findings about files that hold no questions, see package filetype.
const (
	codeForeignDocument Code = "foreign_document"
	codeForeignSlides   Code = "foreign_slides"
	codeForeignSheet    Code = "foreign_sheet"
	codeForeignPDF      Code = "foreign_pdf"
	codeForeignPage     Code = "foreign_page"
	codeForeignPicture  Code = "foreign_picture"
	codeForeignPackage  Code = "foreign_package"
	codeForeignBinary   Code = "foreign_binary"
)
