package accounts

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"shiken/exam"
	"shiken/internal/textfile"
)

// Bounds of what is kept of a person.
const (
	MaxNameRunes  = 200
	MaxGroups     = 50
	MaxGroupRunes = 100
)

// GroupSeparator stands between groups where several are written in one text. No group's name holds it.
const GroupSeparator = ";"

// Cells are what somebody wrote about one person, as typed.
type Cells struct {
	Username, Name, Password string
	Groups                   string // separated by GroupSeparator
	ExtraPercent             string
}

// RosterLine is one person of a roster.
type RosterLine struct {
	Line         int // of the file, from 1
	Username     string
	Name         string
	Password     string // empty: kept, or made for a new user
	Groups       []string
	ExtraPercent int
	// Of somebody known: what of them stays as it is, since the line says nothing about it.
	KeepsName, KeepsGroups, KeepsExtra bool
}

// Judge reads one person. A name that is empty becomes the username. The faults have no Line; what
// they are about is empty in the person, or as it was typed.
func Judge(c Cells) (RosterLine, []RosterFault) {
	j := judge{}
	out := RosterLine{
		Username: j.username(c.Username), Groups: j.groups(c.Groups), Name: j.name(c.Name),
		Password: j.password(c.Password), ExtraPercent: j.percent(c.ExtraPercent),
	}
	if out.Name == "" {
		out.Name = out.Username
	}
	return out, j.faults
}

// JudgeGroup reads the name of one group.
func JudgeGroup(typed string) (string, []RosterFault) {
	j := judge{}
	name := strings.TrimSpace(typed)
	switch {
	case name == "":
		j.fault(columnGroups, "group_empty")
	case strings.Contains(name, GroupSeparator):
		j.fault(columnGroups, "group_separator")
	default:
		j.group(name)
	}
	return name, j.faults
}

// GroupFaultCodes lists the codes that JudgeGroup adds to those of a roster.
var GroupFaultCodes = []string{"group_empty", "group_separator"}

type judge struct{ faults []RosterFault }

func (j *judge) fault(column, code string, args ...any) {
	j.faults = append(j.faults, RosterFault{Column: column, Code: code, Args: args})
}

// readable judges characters that no text of a person may hold.
func (j *judge) readable(column, text string) bool {
	switch {
	case strings.ContainsFunc(text, isUnreadable):
		j.fault(column, "undecodable")
		return false
	case strings.ContainsFunc(text, textfile.IsControl):
		j.fault(column, "control")
		return false
	}
	return true
}

// isUnreadable tells what stands for bytes that could not be decoded, here (textfile.Undecodable, a
// noncharacter) or by the program that wrote the file.
func isUnreadable(c rune) bool {
	return c == utf8.RuneError || c >= 0xFDD0 && c <= 0xFDEF || c&0xFFFE == 0xFFFE
}

func (j *judge) username(typed string) string {
	if strings.ContainsFunc(typed, isUnreadable) {
		j.fault(columnUsername, "undecodable")
		return ""
	}
	name, err := NormalizeUsername(typed)
	if err != nil {
		j.fault(columnUsername, usernameCode(err), "value", short(typed), "max", MaxUsernameRunes)
		return ""
	}
	return name
}

func usernameCode(err error) string {
	switch {
	case errors.Is(err, ErrUsernameEmpty):
		return "username_empty"
	case errors.Is(err, ErrUsernameLong):
		return "username_long"
	case errors.Is(err, ErrUsernameStart):
		return "username_start"
	}
	return "username_characters"
}

func (j *judge) name(typed string) string {
	name := strings.TrimSpace(typed)
	if utf8.RuneCountInString(name) > MaxNameRunes {
		j.fault(columnName, "name_long", "max", MaxNameRunes)
		return name
	}
	j.readable(columnName, name)
	return name
}

// password judges a password where there is one.
func (j *judge) password(password string) string {
	if password == "" {
		return ""
	}
	switch err := CheckPassword(password); {
	case errors.Is(err, ErrPasswordShort):
		j.fault(columnPassword, "password_short", "min", MinPasswordRunes)
	case errors.Is(err, ErrPasswordLong):
		j.fault(columnPassword, "password_long", "max", MaxPasswordBytes)
	default:
		j.readable(columnPassword, password)
	}
	return password
}

func (j *judge) groups(cell string) []string {
	var groups []string
	for group := range strings.SplitSeq(cell, GroupSeparator) {
		group = strings.TrimSpace(group)
		if group == "" || slices.Contains(groups, group) {
			continue
		}
		if len(groups) == MaxGroups {
			j.fault(columnGroups, "groups_many", "max", MaxGroups)
			return groups
		}
		j.group(group)
		groups = append(groups, group)
	}
	return groups
}

func (j *judge) group(name string) {
	if utf8.RuneCountInString(name) > MaxGroupRunes {
		j.fault(columnGroups, "group_long", "value", short(name), "max", MaxGroupRunes)
		return
	}
	j.readable(columnGroups, name)
}

func (j *judge) percent(cell string) int {
	cell = folded(cell)
	if cell == "" {
		return 0
	}
	percent, err := strconv.Atoi(cell)
	if err != nil || percent < 0 || percent > exam.MaxExtraPercent {
		j.fault(columnExtra, "percent", "value", short(cell), "max", exam.MaxExtraPercent)
		return 0
	}
	return percent
}
