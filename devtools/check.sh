#!/usr/bin/env bash
# Static checks: generated files in step with their sources, gofmt, vet,
# staticcheck, errcheck, sqlclosecheck, the compose file, govulncheck. All run; the status is 1
# when any found something. The tools are pinned in devtools/tools/go.mod,
# apart from the product's requirements.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=()

step() {
	local name=$1
	shift
	echo "check: $name"
	"$@" || failed+=("$name")
}

tool() { go tool -modfile=devtools/tools/go.mod "$@"; }

generated() { find . -name '*_templ.go' -not -path './.git/*' -type f; }

sums() { generated | LC_ALL=C sort | xargs -r sha256sum; }

in_step() {
	local before after
	before=$(sums)
	make --no-print-directory -s generate || return 1
	after=$(sums)
	if [ "$before" != "$after" ]; then
		echo "generated files were out of step; make generate has mended them, commit the result"
		diff <(echo "$before") <(echo "$after") | sed -n 's/^[<>].*  /  /p' | sort -u
		return 1
	fi
	# On a developer's machine a change under way is no fault.
	[ -z "${CI:-}" ] || git diff --exit-code -- '*_templ.go'
}

formatted() {
	local files
	files=$(git ls-files -co --exclude-standard -- '*.go' | while read -r f; do [ -f "$f" ] && echo "$f"; done | xargs -r gofmt -l)
	[ -z "$files" ] || { echo "not formatted:"; echo "$files"; return 1; }
}

# unless_told runs a checker that knows no annotations and drops the findings on
# lines that say why they are none: //nolint:NAME // reason.
unless_told() {
	local name=$1 out found file line
	shift
	out=$("$@" 2>&1) && return 0
	found=$(while IFS= read -r finding; do
		[[ $finding == "go: downloading "* ]] && continue # told on a machine that has not run the checker before
		IFS=: read -r file line _ <<<"$finding"
		if [ -f "$file" ] && sed -n "${line}p" "$file" | grep -q "//nolint:$name // ."; then
			continue
		fi
		echo "$finding"
	done <<<"$out")
	[ -z "$found" ] && return 0
	echo "$found"
	return 1
}

# The vulnerability database is on the network; where it cannot be reached
# nothing is known, which is no fault of the tree.
vulnerabilities() {
	local out
	if out=$(tool govulncheck ./... 2>&1); then
		return 0
	fi
	case $out in
	*"fetching vulnerabilities"* | *"no such host"* | *"connection refused"* | *"i/o timeout"*)
		echo "  the vulnerability database cannot be reached: not checked" ;;
	*)
		echo "$out"
		return 1 ;;
	esac
}

# Docker's own parser, which needs no engine. The tests of devtools/cluster judge
# the file strictly anyway, as far as they know the specification.
composed() {
	if ! docker compose version >/dev/null 2>&1; then
		echo "  no compose plugin: not checked by Docker itself"
		return 0
	fi
	POSTGRES_PASSWORD=x REDIS_PASSWORD=x SHIKEN_ADMIN_PASSWORD=x SHIKEN_SECRET=x docker compose -f docker-compose.yml config --quiet
}

step "generated files" in_step
step gofmt formatted
step "go vet" go vet ./...
step staticcheck tool staticcheck ./...
step errcheck unless_told errcheck tool errcheck -ignoretests -exclude devtools/tools/errcheck.txt ./...
step sqlclosecheck unless_told sqlclosecheck tool sqlclosecheck ./...
step docker-compose.yml composed
step govulncheck vulnerabilities

if [ ${#failed[@]} -gt 0 ]; then
	echo "check failed: ${failed[*]}" >&2
	exit 1
fi
echo "check: all well"
