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

// ImportCandidates makes n accounts by `shiken user import`. Further calls
// make further ones.
func (i *Instance) ImportCandidates(ctx context.Context, n int) ([]Account, error) {
	batch := strings.ToLower(rand.Text()[:6])
	var roster strings.Builder
	roster.WriteString("username,name,password,groups,extra_time_percent\n")
	accounts := make([]Account, n)
	for k := range accounts {
		a := Account{Username: fmt.Sprintf("c-%s-%03d", batch, k+1), Password: rand.Text()}
		accounts[k] = a
		fmt.Fprintf(&roster, "%s,Candidate %d,%s,,\n", a.Username, k+1, a.Password)
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
