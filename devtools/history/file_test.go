package history_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"shiken/devtools/history"
)

func TestAHistoryIsReadAsItWasWritten(t *testing.T) {
	yes := true
	told := history.New(history.Save)
	told.Client, told.Position, told.Answer, told.Flag = 3, 2, `{"a":"<&>\u2028"}`, &yes
	told.Sent, told.Done, told.Result, told.NewRev = time.Second, 2*time.Second, history.Applied, 0
	told.Receipt = history.Receipt{Seq: 4, Hash: strings.Repeat("ab", 32), Code: "AAAA-BBBB-CCCC"}
	want := []history.Op{history.New(history.Read), told}

	var file bytes.Buffer
	w := history.NewWriter(&file)
	for _, o := range want {
		if err := w.Append(o); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	got, err := history.ReadAll(&file)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v (%v), want %+v", got, err, want)
	}
}

func TestManyWriteOneHistory(t *testing.T) {
	var file bytes.Buffer
	w := history.NewWriter(&file)
	var all sync.WaitGroup
	for client := range 16 {
		all.Go(func() {
			for range 100 {
				o := history.New(history.Form)
				o.Client, o.Answer = client, `"`+strings.Repeat("x", 300)+`"`
				if err := w.Append(o); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if ops, err := history.ReadAll(&file); err != nil || len(ops) != 1_600 {
		t.Errorf("%d operations (%v)", len(ops), err)
	}
}

func TestWhatIsNoHistoryIsRefused(t *testing.T) {
	for _, text := range []string{"rubbish\n", `{"client":1,"colour":"red"}` + "\n", `{"client":`, strings.Repeat("x", 5<<20)} {
		if _, err := history.ReadAll(strings.NewReader(text)); !errors.Is(err, history.ErrLine) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	long := history.New(history.Save)
	long.Answer = strings.Repeat("x", 5<<20)
	if err := history.NewWriter(&bytes.Buffer{}).Append(long); !errors.Is(err, history.ErrLine) {
		t.Errorf("a line that nobody could read was written: %v", err)
	}
}
