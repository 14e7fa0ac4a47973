package questionset

import "shiken/internal/filetype"

// foreignCodes are the findings of classes of files.
var foreignCodes = map[filetype.Class]Code{
	filetype.Document: codeForeignDocument, filetype.Slides: codeForeignSlides, filetype.Sheet: codeForeignSheet,
	filetype.PDF: codeForeignPDF, filetype.Page: codeForeignPage, filetype.Picture: codeForeignPicture,
	filetype.Binary: codeForeignBinary,
}

// foreign reports a file that somebody took for one of questions.
func (r *Report) foreign(data []byte) bool {
	is := filetype.Of(data)
	code, known := foreignCodes[is.Class]
	if known {
		r.error(place{}, code, "type", is.Name)
	}
	return known
}
