package questionset

import (
	"context"
	"strings"

	"shiken/internal/xmltree"
)

// Reread reads the text of a piece again, as its author has mended it, by the rules of the file's format. It
// gives the question that came of it, with its media; without one the report says why.
func (f *File) Reread(ctx context.Context, p *Piece, text string) (*Question, []Media, Report) {
	in := &File{Name: f.Name, Format: f.Format, options: Options{Format: f.Format, Columns: f.options.Columns, Text: f.options.Text}, Report: Report{File: f.Report.File, Format: f.Format, Encoding: f.Report.Encoding}}
	inTime, cancel := context.WithTimeout(ctx, MaxTime)
	defer cancel()
	in.Report.budget = budget{ctx: inTime, limit: MaxTime}
	text = lineEnds.Replace(text)
	switch {
	case f.reread == nil || !in.Report.checkRuns([]byte(text)):
	case !in.Report.checkText(place{}, text, maxBlock):
	default:
		f.reread(in, p, text)
	}
	r := &in.Report
	r.budget = budget{}
	switch {
	case len(in.Questions) == 1 && r.Counts.Seen == 1:
		q := in.Questions[0]
		var media []Media
		for _, m := range in.Media {
			media = append(media, m)
		}
		return &q, media, *r
	case r.Counts.Seen > 1:
		r.error(place{}, codeMendSeveral, "count", r.Counts.Seen)
	case r.Sound():
		r.error(place{}, codeMendNone)
	}
	return nil, nil, *r
}

// rereadGIFT reads a block in the category of the piece.
func rereadGIFT(f *File, p *Piece, text string) {
	g := &giftReader{file: f, keys: newKeyer(), known: newKnown(), category: p.Question.Category}
	g.blocks(text)
}

// rereadMoodle reads an element in the category of the piece.
func rereadMoodle(f *File, p *Piece, text string) {
	m := &moodleReader{file: f, keys: newKeyer(), known: newKnown(), tally: newTally(&f.Report), category: p.Question.Category}
	root, fault := xmltree.Parse(text)
	switch {
	case fault != nil:
		f.Report.xmlFault(place{}, fault)
	case root.Name != moodleEntryName:
		f.Report.error(place{line: root.Line}, codeMendNone)
	default:
		m.entry(root)
	}
}

// rereadQTI1 reads an item.
func rereadQTI1(f *File, _ *Piece, text string) {
	q := newQTI1Reader(f)
	q.document("<questestinterop>" + strings.TrimSpace(text) + "</questestinterop>")
}
