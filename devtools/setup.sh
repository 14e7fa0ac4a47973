#!/usr/bin/env bash
# Installs what `make test` needs beside Go, git and make: a C compiler for the
# race detector, Chromium with Japanese fonts, HAProxy, Postgres, and, where no
# Docker engine answers, Redis. What is there is left alone. Packages
# come from apt-get, as root or through sudo; elsewhere the missing programs
# are named. Exit status 1 only where CI is set and something is missing.
set -euo pipefail

PATH=$PATH:/usr/sbin:/usr/local/sbin

docker_answers() {
	[ "${SHIKEN_TEST_DOCKER:-}" != 0 ] && command -v docker >/dev/null && timeout 5 docker info >/dev/null 2>&1
}

any_of() {
	local name
	for name in "$@"; do
		command -v "$name" >/dev/null && return 0
	done
	return 1
}

has_postgres() {
	any_of postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null
}

has_japanese_font() {
	[ "$(uname)" = Darwin ] || { any_of fc-list && [ -n "$(fc-list :lang=ja family 2>/dev/null | head -n 1)" ]; }
}

# missing prints the Debian package of each thing that is not there.
missing() {
	any_of gcc clang cc || echo gcc libc6-dev
	any_of "${SHIKEN_TEST_CHROMIUM:-chromium}" chromium-browser google-chrome-stable google-chrome chrome || echo chromium
	has_japanese_font || echo fonts-noto-cjk fontconfig
	any_of haproxy || echo haproxy
	# Backup and failover are tested with the tools of Postgres, whatever Docker has.
	has_postgres || echo postgresql
	docker_answers && return
	any_of redis-server || echo redis-server
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo -n "$@"
	fi
}

can_install() {
	any_of apt-get && { [ "$(id -u)" = 0 ] || { any_of sudo && sudo -n true 2>/dev/null; }; }
}

# install takes names of packages. Where there is a Chromium without a window's frame, it comes beside the whole one, and
# draws most pages with half the processor's time.
install() {
	local options=(-y -q --no-install-recommends -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3) packages=("$@")
	as_root apt-get update -q || return
	if [[ " ${packages[*]} " == *" chromium "* ]] && apt-cache show chromium-headless-shell >/dev/null 2>&1; then
		packages+=(chromium-headless-shell)
	fi
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "${packages[@]}"
}

read -r -a packages <<<"$(missing | tr '\n' ' ')"
if [ ${#packages[@]} -gt 0 ] && can_install; then
	echo "installing ${packages[*]}"
	log=$(mktemp)
	install "${packages[@]}" >"$log" 2>&1 || tail -n 20 "$log"
	rm -f "$log"
	read -r -a packages <<<"$(missing | tr '\n' ' ')"
fi
if [ ${#packages[@]} -gt 0 ]; then
	echo "missing, and not installed: ${packages[*]} (names of Debian packages)" >&2
	[ -z "${CI:-}" ] || exit 1
	echo "the tests that need them will be skipped" >&2
	exit 0
fi
echo "everything that the tests need is there"
