#!/bin/sh
# Copies a running Postgres into a new folder, as a standby that follows it. Run
# it as the account that will run the standby, on its machine.
#
#   PRIMARY_URL=postgres://replicator@primary:5432/postgres scripts/postgres-standby.sh NAME FOLDER
#
# NAME is what the primary calls it, in synchronous_standby_names and as the name
# of a replication slot: the primary keeps what the standby has not got yet, at
# most max_slot_wal_keep_size. Then start Postgres on FOLDER. Until the primary
# waits for it (docs/operations.md), a standby may lack acknowledged answers.
set -eu
umask 077

[ $# -eq 2 ] || { echo "usage: PRIMARY_URL=… $0 NAME FOLDER" >&2; exit 2; }
: "${PRIMARY_URL:?}"
name=$1
folder=$2
case $name in
*[!a-z0-9_]* | '') echo "$0: NAME has letters a-z, digits and _" >&2; exit 2 ;;
esac
case $PRIMARY_URL in
*\?*) primary="$PRIMARY_URL&application_name=$name" ;;
*) primary="$PRIMARY_URL?application_name=$name" ;;
esac

# Refuses a folder that is not empty. Checksums of all files are compared below.
pg_basebackup --pgdata="$folder" --dbname="$primary" --write-recovery-conf \
	--create-slot --slot="$name" --wal-method=stream --checkpoint=fast
pg_verifybackup --quiet "$folder"
echo "$folder"
