package storetest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"shiken/exam"
)

// RunKills kills a process at each failpoint of an answer, and wants every acknowledged answer back
// (R1), the one under way whole or not at all, and the same command to be answered well when it is
// sent again (R2). address is where the program in testdata/answerer finds the backend's database;
// program is that program's folder.
func RunKills(t *testing.T, program string, fresh func(t *testing.T) (b Backend, address string)) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "answerer")
	if out, err := exec.Command("go", "build", "-tags", "failpoints", "-o", binary, program).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	b, address := fresh(t)
	for _, tt := range []struct {
		point string
		again exam.Result // of the command that was under way
	}{
		{"after_read", exam.Applied},
		{"before_statement", exam.Applied},
		{"after_commit", exam.Replayed},
	} {
		for _, hit := range []int{1, 4} {
			t.Run(fmt.Sprintf("R1 killed %s %d", tt.point, hit), func(t *testing.T) {
				w := newWorld(t, b)
				s := w.sit(w.newExam(1))
				acknowledged := s.runKilled(binary, address, fmt.Sprintf("%s:%d", tt.point, hit))
				s.survived(acknowledged, hit-1, tt.again)
				again := s.runKilled(binary, address, "")
				if len(again) == 0 || !strings.HasPrefix(again[hit-1], string(tt.again)) {
					w.Errorf("sent again: %q, want command %d %s", again, hit, tt.again)
				}
				if text := s.load().Attempt.Responses[1].Answer.Text; text != fmt.Sprint("answer ", answersOfProgram) {
					w.Errorf("in the end the answer is %q", text)
				}
				s.sound()
			})
		}
	}
}

const answersOfProgram = 6

// runKilled runs the program and returns the lines that it printed. With a failpoint it must be
// killed.
func (s *sitting) runKilled(binary, address, failpoint string) []string {
	s.Helper()
	cmd := exec.Command(binary, address, s.id, s.user.ID, fmt.Sprint(answersOfProgram))
	cmd.Env = append(os.Environ(), "SHIKEN_FAILPOINT="+failpoint)
	var out, problems strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	killed := status.Signaled() && status.Signal() == syscall.SIGKILL
	if killed != (failpoint != "") || err != nil && !killed {
		s.Fatalf("failpoint %q: %v\n%s", failpoint, err, problems.String())
	}
	return strings.FieldsFunc(out.String(), func(r rune) bool { return r == '\n' })
}

// survived wants what was acknowledged, and of the command under way nothing, or all of it.
func (s *sitting) survived(acknowledged []string, want int, again exam.Result) {
	s.Helper()
	if len(acknowledged) != want {
		s.Errorf("acknowledged %q, want %d", acknowledged, want)
	}
	var receipts []string
	for _, line := range acknowledged {
		fields := strings.Fields(line)
		receipts = append(receipts, strings.Join(append([]string{s.id}, fields[2:]...), " "))
	}
	if lines, _ := s.verify(receipts); len(lines) > 0 {
		s.Errorf("verify: %s", strings.Join(lines, "\n"))
	}
	saved := want
	if again == exam.Replayed {
		saved++
	}
	text := ""
	if saved > 0 {
		text = fmt.Sprint("answer ", saved)
	}
	if got := s.load().Attempt.Responses[1]; got.Answer.Text != text || got.Rev != int64(saved) {
		s.Errorf("after the kill: rev %d %q, want %q", got.Rev, got.Answer.Text, text)
	}
}
