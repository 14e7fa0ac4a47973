package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"shiken/cli"
)

// dots is a Moodle file whose question shows a picture.
const dots = `<quiz><question type="multichoice"><name><text>n</text></name><questiontext format="html">
	<text><![CDATA[<p>Which is <img src="@@PLUGINFILE@@/dot.png" alt="a dot">?</p>]]></text>
	<file name="dot.png" path="/" encoding="base64">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==</file>
	</questiontext><single>true</single>
	<answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer></question></quiz>`

// The report lists the pictures and sounds of a file, and loading stores them.
func TestLoadTellsMedia(t *testing.T) {
	sh := newShell(t)
	out, _ := sh.run(cli.ExitOK, dots, "load", "-", "--set=s", "--dry-run")
	wantContains(t, out, "-: shows dot.png (image/png, 1 KB).")
	var report struct {
		Files []struct {
			Media []struct {
				Hash, Name, Type string
				Bytes            int
			}
		}
	}
	out, _ = sh.run(cli.ExitOK, dots, "load", "-", "--set=s", "--dry-run", "--report=json")
	if err := json.Unmarshal([]byte(out), &report); err != nil || len(report.Files) != 1 || len(report.Files[0].Media) != 1 {
		t.Fatalf("%v in %s", err, out)
	}
	m := report.Files[0].Media[0]
	if m.Name != "dot.png" || m.Type != "image/png" || m.Bytes != 70 || len(m.Hash) != 64 {
		t.Errorf("media %+v", m)
	}
	if _, err := sh.store().MediaInfo(t.Context(), m.Hash); err == nil {
		t.Error("a dry run stored a picture")
	}
	sh.lang = "ja"
	out, _ = sh.run(cli.ExitOK, dots, "load", "-", "--set=s")
	wantContains(t, out, "dot.png を使います")
	if info, err := sh.store().MediaInfo(t.Context(), strings.ToLower(m.Hash)); err != nil || info.Size != 70 {
		t.Errorf("stored %+v, %v", info, err)
	}
}
