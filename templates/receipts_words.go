package templates

import (
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// ReceiptsPath is where a receipt's short code is looked up.
const ReceiptsPath = "/receipts"

// ReceiptPath looks a code up, in the journals of an exam when that is not empty.
func ReceiptPath(code, exam string) string {
	q := url.Values{"code": {code}}
	if exam != "" {
		q.Set("exam", exam)
	}
	return ReceiptsPath + "?" + q.Encode()
}

// examOptions are the exams that an admin may choose from, after "my own attempts".
func (s ReceiptSearch) examOptions(page Page) []Field {
	return append([]Field{{Value: page.T("receipt.exam.none")}}, s.Exams...)
}

// what words an entry by its kind and question.
func (f ReceiptFound) what(page Page) string {
	switch {
	case f.Saved && f.Kind == "accept_late":
		return page.T("receipt.what.accepted", "n", f.Position)
	case f.Saved:
		return page.T("receipt.what.answer", "n", f.Position)
	}
	return page.T("receipt.what." + f.Kind)
}

// second is a time to the second.
func (p Page) second(t time.Time) string { return p.Locale.Date(t) + " " + p.Locale.Clock(t) }

func (f ReceiptFound) data() templ.Attributes {
	attrs := templ.Attributes{
		"data-attempt": f.Attempt, "data-seq": strconv.FormatInt(f.Seq, 10), "data-whole": strconv.FormatBool(f.Whole),
	}
	if f.ReplacedBy > 0 {
		attrs["data-replaced-by"] = strconv.FormatInt(f.ReplacedBy, 10)
	}
	return attrs
}
