package cli_test

import (
	"testing"

	"shiken/cli"
)

const strange = "Kode,Tekst,Svar en,Svar to,Rett\nx1,*Which* holds?,wall,beam,B\n"

// --columns says what the columns of a table are, --text how its cells are written.
func TestLoadColumns(t *testing.T) {
	sh := newShell(t)
	path := sh.file("quiz.csv", strange)
	sh.run(cli.ExitRefused, "", "load", path)
	out, _ := sh.run(cli.ExitOK, "", "load", "--columns=question=Tekst,option_a=Svar en,b=4,correct=E", "--text=markdown", path)
	wantContains(t, out, "Question set quiz: 1 new")
	_, said := sh.run(cli.ExitUsage, "", "load", "--columns=colour=A", path)
	wantContains(t, said, "colour=A")
	_, said = sh.run(cli.ExitUsage, "", "load", "--text=latex", path)
	wantContains(t, said, "latex")
}
