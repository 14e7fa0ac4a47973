package torture_test

import (
	"slices"
	"testing"

	"shiken/devtools/torture"
	"shiken/exam"
)

func TestOfficersReadASitting(t *testing.T) {
	seats := torture.ReadSeats(`<main><form method="post"><input type="checkbox" data-check-all><table>
		<tr id="seat-1" data-state="in_progress"><td><input type="checkbox" name="attempt" value="a1"></td></tr>
		<tr id="seat-2" data-state="not_arrived"><td></td></tr>
		<tr id="seat-3" data-state="paused"><td><input type="checkbox" name="attempt" value="a3"></td></tr></table></form></main>`)
	if want := [][2]string{{"a1", "in_progress"}, {"a3", "paused"}}; !slices.Equal(seats, want) {
		t.Errorf("read %v", seats)
	}
}

func TestOfficersReadAPlan(t *testing.T) {
	const plan = `<form method="post" action="/admin/exams/x/jobs"><input type="hidden" name="job" value="j">
		<input type="hidden" name="attempts" value="AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8">
		<input type="hidden" name="minutes" value="1"><input type="hidden" name="seconds" value="5">
		<textarea name="reason"></textarea></form>`
	id := "00010203-0405-0607-0809-0a0b0c0d0e0f"
	job, attempts, amount, err := torture.ReadOrder(exam.Extend, plan)
	if err != nil || job != "j" || !slices.Equal(attempts, []string{id, id}) || amount != 65*exam.Second {
		t.Errorf("extend: %s %v %d %v", job, attempts, amount, err)
	}
	if _, _, amount, err := torture.ReadOrder(exam.Pause, plan); err != nil || amount != 0 {
		t.Errorf("pause: %d %v", amount, err)
	}
	job, attempts, _, err = torture.ReadOrder(exam.AcceptLate,
		`<form method="post" action="/admin/exams/x/rejected/`+id+`/3"><input type="hidden" name="job" value="k"></form>`)
	if err != nil || job != "k" || !slices.Equal(attempts, []string{id}) {
		t.Errorf("accept: %s %v %v", job, attempts, err)
	}
}

func TestClientsReadACheckedQuestion(t *testing.T) {
	const closed = `<main data-position="2" data-total="3"><form method="post"><input type="hidden" name="seq" value="1">
		<fieldset disabled><input type="radio" name="answer" value="k1" checked><input type="radio" name="answer" value="k2">
		</fieldset><input type="hidden" name="answer" value="k1"></form></main>`
	if is, answer := torture.IsClosed(closed); !is || answer != `"k1"` {
		t.Errorf("closed %t, answer %s", is, answer)
	}
	const open = `<main data-position="2"><form method="post"><input type="hidden" name="seq" value="1">
		<input type="text" name="answer" value="typed"><button name="action" value="check"></button></form></main>`
	if is, answer := torture.IsClosed(open); is || answer != `"typed"` {
		t.Errorf("closed %t, answer %s", is, answer)
	}
}
