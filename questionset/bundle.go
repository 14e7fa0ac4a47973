package questionset

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"
)

// bundle is a package: a zip with files in it. It is never unpacked to a disk. Reading from it is
// bounded, by file and in all, and remembered: a bundle is one reader's.
type bundle struct {
	entries map[string]*zip.File // by clean path
	names   []string             // in the package's order
	folded  map[string]string    // path by its lower case
	left    int64                // bytes that may still be unpacked

	media      map[string][]byte // unpacked already, by path
	wrong      map[string]bool   // found not to be what their names say, by path
	mediaBytes int
}

var (
	errNoEntry  = errors.New("questionset: no such file in the package")
	errTooLarge = errors.New("questionset: unpacked it is too large")
)

const zipMagic = "PK\x03\x04"

func looksZip(data []byte) bool { return bytes.HasPrefix(data, []byte(zipMagic)) }

// openBundle reads the list of a zip's files; it reports what is wrong with it, and false when nothing
// can be read.
func openBundle(f *File, data []byte) (*bundle, bool) {
	r := &f.Report
	if bytes.Count(data, []byte("PK\x01\x02")) > MaxEntries { // before the list takes memory
		r.error(place{}, codeZipEntries, "limit", MaxEntries)
		return nil, false
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		r.error(place{}, codeZipBroken)
		return nil, false
	}
	b := &bundle{entries: map[string]*zip.File{}, folded: map[string]string{}, left: MaxUnpacked}
	for _, entry := range z.File {
		if entry.FileInfo().IsDir() {
			continue
		}
		name, ok := entryName(entry.Name)
		if !ok {
			r.warning(place{element: excerpt(strings.ToValidUTF8(entry.Name, "\uFFFD"))}, codeZipPath)
			continue
		}
		if _, twice := b.entries[name]; twice {
			r.warning(place{element: excerpt(name)}, codeZipTwice)
			continue
		}
		b.entries[name], b.folded[strings.ToLower(name)] = entry, name
		b.names = append(b.names, name)
	}
	return b, true
}

// apart is the same package for another reader, who may read while others do, with bounds of its own.
func (b *bundle) apart() *bundle {
	return &bundle{entries: b.entries, names: b.names, folded: b.folded, left: MaxUnpacked}
}

// entryName is the clean path of an entry; it reports false for one that leads out of the package.
func entryName(name string) (string, bool) {
	name = strings.ReplaceAll(name, `\`, "/")
	if strings.HasPrefix(name, "/") || strings.Contains(name, ":") || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		return "", false
	}
	name = path.Clean(name)
	return name, name != "." && name != ".." && !strings.HasPrefix(name, "../")
}

// find is the path in the package of a file that something in dir refers to: as it stands, then with
// its percent signs read, then in whatever case. It reports false when there is none.
func (b *bundle) find(dir, href string) (string, bool) {
	href, _, _ = strings.Cut(href, "#")
	href, _, _ = strings.Cut(href, "?")
	candidates := []string{href}
	if plain, err := url.PathUnescape(href); err == nil && plain != href {
		candidates = append(candidates, plain)
	}
	for _, c := range candidates {
		for _, from := range []string{dir, ""} {
			name, ok := entryName(path.Join(from, c))
			if !ok {
				continue
			}
			if _, ok := b.entries[name]; ok {
				return name, true
			}
			if real, ok := b.folded[strings.ToLower(name)]; ok {
				return real, true
			}
		}
	}
	return "", false
}

// read unpacks one file.
func (b *bundle) read(name string) ([]byte, error) {
	entry, ok := b.entries[name]
	if !ok {
		return nil, errNoEntry
	}
	limit := min(b.left, MaxFile)
	if entry.UncompressedSize64 > uint64(limit) {
		return nil, errTooLarge
	}
	r, err := entry.Open()
	if err != nil {
		return nil, err
	}
	data, err := readBounded(r, int64(entry.UncompressedSize64), limit)
	err = errors.Join(err, r.Close())
	b.left -= max(int64(len(data)), int64(entry.UncompressedSize64))
	return data, err
}

// unzipped reads a file of the package that something in dir refers to, and reports what hinders it.
func (f *File) unzipped(b *bundle, p place, dir, href string) ([]byte, bool) {
	name, ok := b.find(dir, href)
	if !ok {
		f.Report.error(p, codeZipMissing, "name", href)
		return nil, false
	}
	data, err := b.read(name)
	switch {
	case errors.Is(err, errTooLarge):
		f.Report.error(p, codeZipTooLarge, "name", href, "limit", MaxUnpacked>>20)
		return nil, false
	case err != nil:
		f.Report.error(p, codeZipBrokenFile, "name", href)
		return nil, false
	}
	return data, true
}

// mediaIn finds media for linkMedia in a package, from what stands in dir.
func (b *bundle) mediaIn(dir string) func(src string) ([]byte, bool) {
	return func(src string) ([]byte, bool) {
		name, ok := b.find(dir, src)
		if !ok {
			return nil, false
		}
		return b.shown(name)
	}
}

// shown unpacks a picture or a sound, which many questions may show: once.
func (b *bundle) shown(name string) ([]byte, bool) {
	if data, ok := b.media[name]; ok {
		return data, true
	}
	data, err := b.read(name)
	if err != nil {
		return nil, false
	}
	if _, known := mediaTypes[http.DetectContentType(data)]; known && b.mediaBytes+len(data) <= MaxMediaTotal {
		if b.media == nil {
			b.media = map[string][]byte{}
		}
		b.media[name] = data // the file keeps it, too
		b.mediaBytes += len(data)
	}
	return data, true
}

// dataURL reads a data: address in base64; it reports false when src is none.
func dataURL(src string) ([]byte, bool) {
	rest, ok := strings.CutPrefix(src, "data:")
	head, body, found := strings.Cut(rest, ",")
	if !ok || !found || !strings.HasSuffix(head, ";base64") {
		return nil, false
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	return data, err == nil
}
