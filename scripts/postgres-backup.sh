#!/bin/sh
# Takes a backup of a cluster's database while candidates write: everything that
# was acknowledged before the call, as it is at one moment. An older file is
# never overwritten, and no half of one is left.
#
#   DATABASE_URL=postgres://… scripts/postgres-backup.sh FILE
#
# The file is as secret as the database. The tools of Postgres must not be older
# than the server. Other users of this machine can see the URL while this runs:
# keep the password in ~/.pgpass. Redis needs no backup: whoever is signed in
# stays so by the database.
set -eu
umask 077

fail() {
	echo "$0: $*" >&2
	exit 1
}

[ $# -eq 1 ] || { echo "usage: DATABASE_URL=… $0 FILE" >&2; exit 2; }
: "${DATABASE_URL:?}"
file=$1
[ ! -e "$file" ] || fail "$file is there already"
# A name that nobody knew before: in a folder of many there could be a link under it.
part=$(mktemp "$file.part.XXXXXX")
trap 'rm -f "$part"' EXIT
trap 'exit 1' HUP INT TERM

pg_dump --format=custom --no-owner --no-privileges --file="$part" --dbname="$DATABASE_URL"
# A list of contents stands at the end: a file that was cut off has none.
pg_restore --list "$part" >/dev/null
sync
# Unlike mv, ln fails where there is something already.
ln "$part" "$file"
sync
echo "$file"
