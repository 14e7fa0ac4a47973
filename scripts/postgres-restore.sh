#!/bin/sh
# Restores a backup into an empty database, and verifies it: every journal is
# replayed and compared, and receipts, if given, must be in it. The database of
# an exam that is under way is never touched: restore beside it, then let the
# instances use the new one.
#
#   createdb --template=template0 --encoding=UTF8 shiken2
#   DATABASE_URL=postgres://…/shiken2 scripts/postgres-restore.sh FILE [RECEIPTS]
#
# SHIKEN is the program, "shiken" if not set. Status 1: nothing was restored, or
# something is wrong with what was restored; the last lines say which.
set -eu

fail() {
	echo "$0: $*" >&2
	exit 1
}

[ $# -eq 1 ] || [ $# -eq 2 ] || { echo "usage: DATABASE_URL=… $0 FILE [RECEIPTS]" >&2; exit 2; }
: "${DATABASE_URL:?}"
file=$1
receipts=${2:-}
[ -r "$file" ] || fail "$file cannot be read"
[ -z "$receipts" ] || [ -r "$receipts" ] || fail "$receipts cannot be read"

ask() {
	psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname="$DATABASE_URL" --command="$1"
}

relations=$(ask "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'")
[ "$relations" = 0 ] || fail "the database is not empty; nothing was changed"

# All or nothing.
pg_restore --single-transaction --exit-on-error --no-owner --no-privileges --dbname="$DATABASE_URL" "$file"
ask ANALYZE

# verify reads the database alone; the other settings of a cluster have to be there.
REDIS_URL=${REDIS_URL:-redis://127.0.0.1:6379}
SHIKEN_SECRET=${SHIKEN_SECRET:-verify-signs-nothing-and-reads-no-session}
export DATABASE_URL REDIS_URL SHIKEN_SECRET
# SHIKEN may be a command with arguments.
# shellcheck disable=SC2086
${SHIKEN:-shiken} verify ${receipts:+--receipts "$receipts"}
