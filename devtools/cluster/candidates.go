package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Account is somebody who can sign in.
type Account struct{ Username, Password string }

// Person is who gets an account.
type Person struct {
	Name         string
	ExtraPercent int // of time
}

// ImportCandidates makes n accounts by `shiken user import`. Further calls
// make further ones.
func (i *Instance) ImportCandidates(ctx context.Context, n int) ([]Account, error) {
	people := make([]Person, n)
	for k := range people {
		people[k].Name = fmt.Sprintf("Candidate %d", k+1)
	}
	return i.ImportPeople(ctx, people)
}

// ImportPeople makes an account for each candidate.
func (i *Instance) ImportPeople(ctx context.Context, people []Person) ([]Account, error) {
	batch := strings.ToLower(rand.Text()[:6])
	var roster strings.Builder
	roster.WriteString("username,name,password,groups,extra_time_percent\n")
	accounts := make([]Account, len(people))
	for k, p := range people {
		a := Account{Username: fmt.Sprintf("c-%s-%03d", batch, k+1), Password: rand.Text()}
		accounts[k] = a
		fmt.Fprintf(&roster, "%s,%s,%s,,%d\n", a.Username, p.Name, a.Password, p.ExtraPercent)
	}
	file, err := os.CreateTemp("", "shiken-roster-*.csv")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(file.Name()) }() // a temporary file
	_, err = file.WriteString(roster.String())
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	if out, err := i.Command(ctx, "user", "import", file.Name()); err != nil {
		return nil, fmt.Errorf("cluster: user import: %w\n%s", err, out)
	}
	return accounts, nil
}
