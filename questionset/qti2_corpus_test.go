package questionset_test

import (
	"testing"

	"shiken/questionset"
)

// TestQTI2Files: what comes of the test data. Of seen items, refused ones are hot spots, an adaptive item,
// items without a body, and items that a test names and the package lacks.
func TestQTI2Files(t *testing.T) {
	for _, tt := range []struct {
		file                         string
		seen, taken, marker, refused int
	}{
		{"instructure/choice.xml", 1, 1, 0, 0},
		{"instructure/gap_match.xml", 1, 1, 0, 0},
		{"instructure/match.xml", 1, 1, 1, 0}, // pairs of one list
		{"instructure/match2.xml", 1, 1, 0, 0},
		{"instructure/categorization.xml", 1, 1, 0, 0},
		{"instructure/order.xml", 1, 1, 0, 0},
		{"instructure/text_entry.xml", 1, 1, 0, 0},
		{"instructure/essay.xml", 1, 1, 1, 0},
		{"instructure/extended_text_rubric.xml", 1, 1, 1, 0},
		{"instructure/Example02-feedbackInline.xml", 1, 1, 0, 0},
		{"instructure/test_qti_2.2.zip", 5, 4, 1, 1},
		{"onyx/Choicemultiple_2014410822.xml", 1, 1, 0, 0},
		{"onyx/Choicemultiple_871212949.xml", 1, 1, 0, 0},
		{"onyx/Choicesingle_853928446.xml", 1, 1, 0, 0},
		{"onyx/Choicetruefalse_176040516.xml", 1, 1, 0, 0},
		{"onyx/Hotspot_278940407.xml", 1, 0, 0, 1},
		{"onyx/Hottext_801974120.xml", 1, 1, 0, 0},
		{"onyx/Matchmultiple_1038910213.xml", 1, 1, 0, 0},
		{"onyx/Matchsingle_143114773.xml", 1, 1, 0, 0},
		{"onyx/Order_913967682.xml", 1, 1, 0, 0},
		{"onyx/TextEntry_883368511.xml", 1, 1, 0, 0},
		{"onyx/TextEntrynumeric_2040297025.xml", 1, 1, 0, 0},
		{"onyx/TextEntrynumeric_770468849.xml", 1, 1, 0, 0},
		{"onyx/TextEntrysubset_806481421.xml", 1, 1, 1, 0}, // gaps that depend on each other
		{"onyx/InteractionMixSachsen_1901710679.xml", 0, 0, 0, 0},
		{"onyx/imsmanifest.xml", 0, 0, 0, 0},
		{"qtiworks/WebDeveloperTest1.zip", 9, 9, 0, 0},
		{"qtiworks/BadMix.zip", 9, 9, 0, 0},
		{"qtiworks/Aardvark-cannon.zip", 1, 1, 0, 0},
		{"qtiworks/MissingFile.zip", 0, 0, 0, 0},
		{"qtiworks/ExternalHref.zip", 0, 0, 0, 0},
		{"qtiworks/NotContentPackage.zip", 9, 0, 0, 9},
		{"qtiworks/WebDeveloperTest1-incomplete.zip", 0, 0, 0, 0},
		{"qtiworks/ZipSlip.zip", 0, 0, 0, 0},
		{"qtiworks/BadManifest.zip", 0, 0, 0, 0},
		{"jqtiplus/MapResponse-Single.xml", 1, 0, 0, 1},
		{"jqtiplus/TextEntryInteraction-basic.xml", 1, 1, 1, 0},
	} {
		f := parseFile(t, "testdata/qti2/"+tt.file)
		want := questionset.Counts{Seen: tt.seen, Taken: tt.taken, NeedsMarker: tt.marker, Refused: tt.refused}
		if f.Report.Counts != want || f.Report.Sound() != (tt.refused == 0 && tt.seen > 0) {
			t.Errorf("%s: %+v, want %+v; findings %q", tt.file, f.Report.Counts, want, found(f))
		}
	}
}
