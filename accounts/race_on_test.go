//go:build race

package accounts_test

const underRace = true
