package questionset

import (
	"path"
	"strings"

	"shiken/internal/filetype"
)

// foreignCodes are the findings of classes of files.
var foreignCodes = map[filetype.Class]Code{
	filetype.Document: codeForeignDocument, filetype.Slides: codeForeignSlides, filetype.Sheet: codeForeignSheet,
	filetype.PDF: codeForeignPDF, filetype.Page: codeForeignPage, filetype.Picture: codeForeignPicture,
	filetype.Binary: codeForeignBinary,
}

// foreignPackages are packages of other programs by a file in them.
var foreignPackages = map[string]string{"moodle_backup.xml": "Moodle backup (.mbz)", "h5p.json": "H5P"}

// foreign names a package of another program that is not read, "" for others.
func (b *bundle) foreign() string {
	for name, is := range foreignPackages {
		if _, ok := b.entries[name]; ok {
			return is
		}
	}
	return ""
}

// foreign reports a file that somebody took for one of questions.
func (r *Report) foreign(data []byte) bool {
	is := filetype.Of(data)
	code, known := foreignCodes[is.Class]
	if strings.EqualFold(path.Ext(r.File), ".mbz") && known {
		code, is.Name = codeForeignPackage, foreignPackages["moodle_backup.xml"]
	}
	if known {
		r.error(place{}, code, "type", is.Name)
	}
	return known
}
