package questionset

import (
	"path"
	"strings"
)

// parseZippedTable reads a zip with one table, CSV or XLSX, and the pictures that its cells name.
func parseZippedTable(f *File, b *bundle) {
	if _, ok := b.entries[workbookPart]; ok {
		f.Format, f.Report.Format = XLSX, XLSX
		parseXLSX(f, b)
		return
	}
	var tables []string
	for _, name := range b.names {
		switch strings.ToLower(path.Ext(name)) {
		case ".csv", ".tsv", ".xlsx":
			if !byTheWay(name) {
				tables = append(tables, name)
			}
		}
	}
	if len(tables) != 1 {
		f.Report.error(place{}, codeZipTables, "count", len(tables), "names", strings.Join(tables, ", "))
		return
	}
	data, ok := f.unzipped(b, place{element: tables[0]}, "", tables[0])
	if !ok {
		return
	}
	pictures := &zippedPictures{bundle: b, dir: path.Dir(tables[0]), used: map[string]bool{tables[0]: true}}
	f.readZipped(data, pictures)
	pictures.reportUnused(&f.Report)
}

func (f *File) readZipped(data []byte, pictures *zippedPictures) {
	if !looksZip(data) {
		if text, ok := f.text(data); ok {
			f.readCSV(text, pictures)
		}
		return
	}
	f.Format, f.Report.Format = XLSX, XLSX
	if inner, ok := openBundle(f, data); ok {
		f.readXLSX(inner, pictures)
	}
}

// byTheWay tells files that systems put into a zip without being asked.
func byTheWay(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, ".") || strings.EqualFold(base, "Thumbs.db")
}

// zippedPictures finds what the cells of a zipped table name. It remembers what it found: those who read at once
// have one each.
type zippedPictures struct {
	bundle *bundle
	dir    string // of the table
	used   map[string]bool
	byBase map[string]string // path by lower-case base name, "" where several have it
}

// find finds a picture from the table's folder, or from the top, or wherever one file alone has its name.
func (z *zippedPictures) find(src string) ([]byte, bool) {
	name, ok := z.bundle.find(z.dir, src)
	if !ok && !strings.Contains(src, "/") {
		name = z.bases()[strings.ToLower(src)]
	}
	if name == "" {
		return nil, false
	}
	z.used[name] = true
	return z.bundle.shown(name)
}

// apart finds the same for another reader.
func (z *zippedPictures) apart() *zippedPictures {
	if z == nil {
		return nil
	}
	return &zippedPictures{bundle: z.bundle.apart(), dir: z.dir, used: map[string]bool{}}
}

func (z *zippedPictures) bases() map[string]string {
	if z.byBase == nil {
		z.byBase = map[string]string{}
		for _, name := range z.bundle.names {
			base := strings.ToLower(path.Base(name))
			if _, again := z.byBase[base]; again {
				name = ""
			}
			z.byBase[base] = name
		}
	}
	return z.byBase
}

// reportUnused names the files of the zip that no cell names.
func (z *zippedPictures) reportUnused(r *Report) {
	for _, name := range z.bundle.names {
		if !z.used[name] && !byTheWay(name) {
			r.note(place{element: excerpt(name)}, codeZipUnused)
		}
	}
}
