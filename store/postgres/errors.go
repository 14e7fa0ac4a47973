package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"shiken/store"
)

// SQLSTATE codes (PostgreSQL documentation, appendix A).
const (
	uniqueViolation       = "23505"
	notInRepertoire       = "22021"
	untranslatable        = "22P05"
	readOnlyTransaction   = "25006" // a standby, after a failover
	lockNotAvailable      = "55P03"
	serializationFailure  = "40001"
	deadlockDetected      = "40P01"
	openIndex             = "attempts_open"
	classConnection       = "08"
	classRollback         = "40"
	classResources        = "53"
	classIntervention     = "57"
	classSystem           = "58"
	lengthOfSQLStateClass = 2
)

// unavailable holds codes and classes of a database that cannot be used now.
var unavailable = map[string]bool{
	readOnlyTransaction: true, lockNotAvailable: true, classConnection: true, classRollback: true,
	classResources: true, classIntervention: true, classSystem: true,
}

// classify gives errors of pgx the meaning that package store has for them. What was classified
// before stays as it is.
func classify(err error) error {
	var e *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrExists),
		errors.Is(err, store.ErrUnstorable):
		return err
	case errors.As(err, &e):
		return classifyAnswer(e, err)
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("%w: %w", store.ErrNotFound, err)
	case lost(err):
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return err
}

// classifyAnswer judges an error that the server answered with.
func classifyAnswer(e *pgconn.PgError, err error) error {
	switch {
	case e.Code == uniqueViolation && e.ConstraintName == openIndex:
		return fmt.Errorf("%w: %w: %w", store.ErrOpenElsewhere, store.ErrExists, err)
	case e.Code == uniqueViolation:
		return fmt.Errorf("%w: %w", store.ErrExists, err)
	case e.Code == notInRepertoire || e.Code == untranslatable:
		return fmt.Errorf("%w: %w", store.ErrUnstorable, err)
	case e.Code == serializationFailure || e.Code == deadlockDetected:
		return fmt.Errorf("%w: %w: %w", store.ErrRolledBack, store.ErrUnavailable, err)
	case unavailable[e.Code] || len(e.Code) > lengthOfSQLStateClass && unavailable[e.Code[:lengthOfSQLStateClass]]:
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return err
}

// lost reports whether the connection could not be made, broke, or took too long. A caller that went
// away is neither.
func lost(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	var (
		connect *pgconn.ConnectError
		network net.Error
	)
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}
