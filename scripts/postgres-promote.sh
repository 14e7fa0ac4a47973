#!/bin/sh
# Makes a standby the primary, after the old one is gone for good, and verifies
# it: every journal is replayed and compared, and receipts, if given, must be in
# it. Only receipts show that the newest answers are missing.
#
#   DATABASE_URL=postgres://… scripts/postgres-promote.sh OLD [RECEIPTS]
#
# DATABASE_URL is that of the database on the standby, for an account that may
# call pg_promote, such as a superuser. OLD is the URL of the old primary. While it
# answers, be it with a refusal, or while the standby still gets something from a
# primary, nothing is done: two primaries would each take answers that the other
# never gets. Stop it so that it does not come back by itself before you run this.
set -eu

fail() {
	echo "$0: $*" >&2
	exit 1
}

[ $# -eq 1 ] || [ $# -eq 2 ] || { echo "usage: DATABASE_URL=… $0 OLD [RECEIPTS]" >&2; exit 2; }
: "${DATABASE_URL:?}"
old=$1
receipts=${2:-}
[ -z "$receipts" ] || [ -r "$receipts" ] || fail "$receipts cannot be read"

ask() {
	psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname="$DATABASE_URL" --command="$1"
}

# A wrong password or a full server is an answer, too: only silence tells that it is gone.
silence=0
pg_isready --quiet --timeout=5 --dbname="$old" || silence=$?
case $silence in
2) ;;
3) fail "OLD cannot be understood; nothing was done" ;;
*) fail "the old primary still answers; nothing was done" ;;
esac
[ "$(ask 'SELECT pg_is_in_recovery()')" = t ] || fail "this is no standby; nothing was done"
# Where OLD names the wrong server, the standby knows better. It gives up one that vanished after
# wal_receiver_timeout, and hears of one that died at once.
tries=5
while [ "$(ask "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'")" != 0 ]; do
	tries=$((tries - 1))
	[ "$tries" -gt 0 ] || fail "the standby still follows a primary that lives; nothing was done"
	sleep 1
done
[ "$(ask 'SELECT pg_promote()')" = t ] || fail "it was not promoted in time; see its log"

waits=$(ask 'SHOW synchronous_standby_names')
if [ -n "$waits" ]; then
	echo "$0: synchronous_standby_names is '$waits' here, too: no answer is acknowledged until such a standby follows" >&2
fi

# verify reads the database alone; the other settings of a cluster have to be there.
REDIS_URL=${REDIS_URL:-redis://127.0.0.1:6379}
SHIKEN_SECRET=${SHIKEN_SECRET:-verify-signs-nothing-and-reads-no-session}
export DATABASE_URL REDIS_URL SHIKEN_SECRET
# SHIKEN may be a command with arguments.
# shellcheck disable=SC2086
${SHIKEN:-shiken} verify ${receipts:+--receipts "$receipts"}
