package cli

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
)

func runUser(ctx context.Context, t *Terminal, args []string) error {
	if len(args) == 0 {
		return usage("usage.user")
	}
	commands := map[string]func(context.Context, *Terminal, []string) error{
		"add": addUser, "import": importUsers, "passwd": changePassword, "list": listUsers,
		"accommodate": accommodateUsers, "erase": eraseUser,
	}
	run, ok := commands[args[0]]
	if !ok {
		return usage("usage.user")
	}
	return run(ctx, t, args[1:])
}

func now() exam.Instant { return exam.Instant(time.Now().UnixMicro()) }

// addUser judges its arguments the way a roster's line is judged.
func addUser(ctx context.Context, t *Terminal, args []string) error {
	flags := flag.NewFlagSet("user add", flag.ContinueOnError)
	name := flags.String("name", "", "")
	roles := flags.String("role", string(store.RoleCandidate), "")
	groups := flags.String("groups", "", "")
	extra := flags.Int("extra", 0, "")
	fromStdin := flags.Bool("password-stdin", false, "")
	username, err := oneArgument(flags, args, "USERNAME")
	if err != nil {
		return err
	}
	user := store.User{}
	if user.Roles, err = parseRoles(*roles); err != nil {
		return err
	}
	password, made, err := t.password(*fromStdin)
	if err != nil {
		return err
	}
	line, err := t.judge(accounts.Cells{
		Username: username, Name: *name, Password: password, Groups: *groups, ExtraPercent: strconv.Itoa(*extra),
	})
	if err != nil {
		return err
	}
	user.Username, user.Name, user.Groups, user.ExtraPercent = line.Username, line.Name, line.Groups, line.ExtraPercent
	return t.withStore(ctx, func(s store.Store) error {
		user, err := accounts.NewUser(ctx, accounts.NewHasher(), user, password, now())
		if err == nil {
			err = putUser(ctx, s, &user)
		}
		if errors.Is(err, store.ErrExists) {
			return refused("user.exists", "user", user.Username)
		}
		if err == nil {
			t.say(t.Language.T("user.added", "user", user.Username))
			err = t.tellPasswords(made, accounts.MadePassword{Username: user.Username, Password: password})
		}
		return err
	})
}

func oneArgument(flags *flag.FlagSet, args []string, what string) (string, error) {
	rest, err := parse(flags, args)
	switch {
	case err != nil:
		return "", err
	case len(rest) == 0:
		return "", usage("usage.missing", "argument", what)
	case len(rest) > 1:
		return "", usage("usage.surplus", "argument", rest[1])
	}
	return rest[0], nil
}

func parseRoles(list string) ([]store.Role, error) {
	var roles []store.Role
	for _, word := range strings.Split(list, ",") {
		role := store.Role(strings.ToLower(strings.TrimSpace(word)))
		if !slices.Contains([]store.Role{store.RoleCandidate, store.RoleAuthor, store.RoleAdmin}, role) {
			return nil, usage("usage.role", "value", word)
		}
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return roles, nil
}

// judge tells the faults of one person.
func (t *Terminal) judge(cells accounts.Cells) (accounts.RosterLine, error) {
	line, faults := accounts.Judge(cells)
	for _, f := range faults {
		t.say(f.Column + ": " + t.Language.T("roster."+f.Code, f.Args...))
	}
	if len(faults) > 0 {
		return accounts.RosterLine{}, refused("user.refused")
	}
	return line, nil
}

// password reads the first line of the standard input, or makes a password.
func (t *Terminal) password(fromStdin bool) (password string, made bool, err error) {
	if !fromStdin {
		return accounts.RandomPassword(), true, nil
	}
	in := bufio.NewReader(io.LimitReader(t.In, accounts.MaxPasswordBytes+2))
	password, err = in.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, err
	}
	password = strings.TrimRight(password, "\r\n")
	return password, false, accounts.CheckPassword(password)
}

// tellPasswords writes made passwords to the standard output, as CSV.
func (t *Terminal) tellPasswords(made bool, passwords ...accounts.MadePassword) error {
	if !made || len(passwords) == 0 {
		return nil
	}
	t.say(t.Language.T("user.made", "n", len(passwords)))
	w := csv.NewWriter(t.Out)
	rows := [][]string{{"username", "password"}}
	for _, p := range passwords {
		rows = append(rows, []string{p.Username, p.Password})
	}
	return w.WriteAll(rows)
}

func changePassword(ctx context.Context, t *Terminal, args []string) error {
	flags := flag.NewFlagSet("user passwd", flag.ContinueOnError)
	fromStdin := flags.Bool("password-stdin", false, "")
	typed, err := oneArgument(flags, args, "USERNAME")
	if err != nil {
		return err
	}
	username, err := accounts.NormalizeUsername(typed)
	if err != nil {
		return refused("user.unknown", "user", typed)
	}
	password, made, err := t.password(*fromStdin)
	if err != nil {
		return err
	}
	return t.withStore(ctx, func(s store.Store) error {
		user, err := s.UserByName(ctx, username)
		if errors.Is(err, store.ErrNotFound) {
			return refused("user.unknown", "user", username)
		}
		if err == nil {
			err = setPassword(ctx, s, &user, password)
		}
		if err != nil {
			return err
		}
		t.say(t.Language.T("user.changed", "user", username))
		return t.tellPasswords(made, accounts.MadePassword{Username: username, Password: password})
	})
}

func setPassword(ctx context.Context, s store.Recorder, user *store.User, password string) error {
	hash, err := accounts.NewPassword(ctx, accounts.NewHasher(), password)
	if err != nil {
		return err
	}
	by := s.By(act(store.ActSetPassword, user.ID, map[string]string{"username": user.Username}))
	return by.SetPassword(ctx, user.ID, hash, "")
}

func listUsers(ctx context.Context, t *Terminal, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	return t.withExisting(ctx, func(s store.Store) error {
		users, err := s.Users(ctx)
		if err != nil {
			return err
		}
		l := t.Language
		w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, strings.Join([]string{l.T("user.column.username"), l.T("user.column.name"), //nolint:errcheck // told by Flush
			l.T("user.column.roles"), l.T("user.column.groups"), l.T("user.column.state")}, "\t"))
		for i := range users {
			fmt.Fprintln(w, strings.Join(t.userCells(&users[i]), "\t")) //nolint:errcheck // told by Flush
		}
		return w.Flush()
	})
}

// userCells are a line of the list. Extra time stands on no list: paper lies about.
func (t *Terminal) userCells(u *store.User) []string {
	roles := make([]string, len(u.Roles))
	for i, role := range u.Roles {
		roles[i] = string(role)
	}
	var state []string
	if u.Disabled {
		state = append(state, t.Language.T("user.disabled"))
	}
	if u.Demo {
		state = append(state, t.Language.T("user.demo"))
	}
	return []string{u.Username, u.Name, strings.Join(roles, ","), strings.Join(u.Groups, ";"), strings.Join(state, ",")}
}
