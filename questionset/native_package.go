package questionset

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

// The files of a package: its head, its exam, and where media lie by what texts call them.
const (
	packageHeadFile = "shiken.json"
	packageExam     = "exam.yaml"
	packageAttached = "attachments/"
)

// packageHead says what a package holds.
type packageHead struct {
	Format  string       `json:"format"`
	Version int          `json:"version"`
	Exam    string       `json:"exam,omitempty"` // file
	Sets    []packageSet `json:"sets"`
}

type packageSet struct {
	Set  string `json:"set"`
	File string `json:"file"`
}

// PackageEnding is how the names of packages end.
const PackageEnding = ".shiken.zip"

// maxPackageSets bounds the sets of a package; an exam has no more sections.
const maxPackageSets = 1_000

// parseNativePackage reads an exam with its sets, or a set with its media.
func parseNativePackage(f *File, b *bundle) {
	f.Report.Encoding = UTF8
	head, ok := f.packageHead(b)
	if !ok {
		return
	}
	if head.Exam != "" && f.options.Set == "" && !f.packagedExam(b, head.Exam) {
		return
	}
	taken := map[string]bool{}
	for _, s := range head.Sets {
		if clean, ok := CleanSetName(s.Set); !ok || clean != s.Set || taken[s.Set] {
			f.Report.error(place{element: packageHeadFile}, codeNativeSet, "set", s.Set)
			return
		}
		taken[s.Set] = true
		f.Sets = append(f.Sets, s.Set)
		if f.options.Set == "" || f.options.Set == s.Set {
			f.packagedSet(b, s)
		}
	}
}

func (f *File) packageHead(b *bundle) (head packageHead, ok bool) {
	at := place{element: packageHeadFile}
	data, ok := f.unzipped(b, at, "", packageHeadFile)
	if !ok {
		return head, false
	}
	err := errTooLarge
	if len(data) <= MaxExamFile {
		err = strictJSON(data, &head)
	}
	if err != nil && head.Version <= attachedVersion {
		f.Report.error(at, codeNativeHead, "detail", jsonDetail(err))
		return head, false
	}
	if !f.Report.nativeKind(at, nativePackage, head.Format, head.Version) {
		return head, false
	}
	if len(head.Sets) > maxPackageSets || head.Exam == "" && len(head.Sets) == 0 {
		f.Report.error(at, codeNativeHead, "detail", "sets")
		return head, false
	}
	return head, true
}

// packagedExam reads the exam by the rules of an exam file; one that is not sound refuses the package.
func (f *File) packagedExam(b *bundle, name string) bool {
	at := place{element: name}
	data, ok := f.unzipped(b, at, "", name)
	if !ok {
		return false
	}
	inner := &File{Name: f.Name, Format: Exam, Report: Report{File: f.Name, Format: Exam, budget: f.Report.budget}}
	inner.options.Beside = b.beside(name)
	if text, ok := inner.text(data); ok {
		parseExams(inner, text)
	}
	for _, finding := range inner.Report.Findings {
		finding.Element = strings.TrimSuffix(name+": "+finding.Element, ": ")
		f.Report.Findings = append(f.Report.Findings, finding)
	}
	f.Report.budget = inner.Report.budget
	n := inner.Report.Counts.Seen
	f.Report.Counts.Seen += n
	if n != 1 {
		f.Report.error(at, codeNativeExam, "count", n)
		return false
	}
	f.Definitions, f.Media, f.mediaBytes = inner.Definitions, inner.Media, inner.mediaBytes
	return len(f.Definitions) == 1
}

// beside opens what a file of the package names.
func (b *bundle) beside(name string) Beside {
	return func(other string) (io.ReadCloser, error) {
		from, err := b.unpack(path.Join(path.Dir(name), other))
		if errors.Is(err, errNoEntry) {
			return nil, fs.ErrNotExist
		}
		return from, err
	}
}

// packagedSet reads the questions of a set as they are unpacked.
func (f *File) packagedSet(b *bundle, s packageSet) {
	n := nativeReader{File: f, element: s.File, set: s.Set, missing: func(ref string) bool { return f.packagedMedia(b, ref) }}
	from, err := b.unpack(s.File)
	if err != nil {
		f.Report.error(place{element: s.File}, codeZipMissing, "name", s.File)
		return
	}
	n.read(from)
	if err := from.Close(); err != nil {
		f.Report.error(place{element: s.File}, codeZipBrokenFile, "name", s.File)
	}
}

// packagedMedia takes what a text refers to into the set; it reports true for what the package lacks. What
// is not what its name says is told as an error of the package.
func (f *File) packagedMedia(b *bundle, ref string) bool {
	hash := MediaHash(ref)
	if _, taken := f.Media[hash]; taken {
		return false
	}
	name := path.Join("media", path.Base(ref))
	if _, there := b.entries[name]; !there {
		return true
	}
	at := place{element: name}
	if b.wrong[name] {
		return false
	}
	data, err := b.read(name)
	sum := sha256.Sum256(data)
	switch {
	case errors.Is(err, errTooLarge):
		f.Report.error(at, codeZipTooLarge, "name", name, "limit", MaxUnpacked>>20)
	case err != nil:
		f.Report.error(at, codeZipBrokenFile, "name", name)
	case hex.EncodeToString(sum[:]) != hash:
		f.Report.error(at, codeNativeHash, "name", name)
	default:
		if got, ok := f.addMedia(at, name, data); ok && got == ref {
			return false
		} else if ok {
			f.Report.error(at, codeNativeHash, "name", name)
		}
	}
	if b.wrong == nil {
		b.wrong = map[string]bool{}
	}
	b.wrong[name] = true
	return false
}

// unpack unpacks a file as it is read, within what may still be unpacked.
func (b *bundle) unpack(name string) (io.ReadCloser, error) {
	entry, ok := b.entries[name]
	if !ok {
		return nil, errNoEntry
	}
	r, err := entry.Open()
	return &unpacking{ReadCloser: r, bundle: b}, err
}

// unpacking counts what is unpacked.
type unpacking struct {
	io.ReadCloser
	bundle *bundle
}

func (u *unpacking) Read(p []byte) (int, error) {
	if u.bundle.left <= 0 {
		return 0, errTooLarge
	}
	n, err := u.ReadCloser.Read(p[:min(int64(len(p)), u.bundle.left)])
	u.bundle.left -= int64(n)
	return n, err
}
