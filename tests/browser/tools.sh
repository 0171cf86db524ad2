#!/bin/sh
# Finds or fetches what the browser tests need, and prints the path of a Chromium: the one that CHROMIUM names, an installed one, or
# Debian's, unpacked into .browser/. Writes nothing outside of ignored folders and needs no root. Where something is missing, one line
# says what, and the script fails.
set -eu
cd "$(dirname "$0")/../.."
here=$(pwd)

fail() {
	echo "$*" >&2
	exit 1
}

has() { command -v "$1" >/dev/null; }

node_packages() {
	has node && has npm || fail "Node.js and npm are not installed"
	node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' || fail "Node.js is older than 20"
	[ tests/browser/node_modules -nt tests/browser/package.json ] && return
	if npm install --prefix tests/browser --no-audit --no-fund >/dev/null 2>&1; then
		touch tests/browser/node_modules
	else
		# Without a network those of an earlier run will do.
		[ -d tests/browser/node_modules/playwright-core ] || fail "npm could not fetch playwright-core and axe-core"
	fi
}

installed() {
	for name in chromium chromium-browser google-chrome; do
		command -v "$name" && return
	done
	return 1
}

# apt-get with its lists and packages in our folder, and without the commands that systems run after an update.
apt() {
	apt-get -c "$work/apt.conf" -o Dir::State::lists="$work/lists" -o Dir::Cache="$work" -o Debug::NoLocking=1 \
		-o APT::Sandbox::User="$(id -un)" -o Acquire::http::Timeout=30 -o Acquire::Retries=2 -q -y --no-install-recommends "$@" \
		>"$work/said" 2>&1 || fail "apt-get could not fetch Chromium: $(grep -m1 '^E:' "$work/said" || tail -n1 "$work/said")"
}

fetched() {
	has apt-get && has dpkg-deb || fail "no Chromium is installed, and there is no apt-get to fetch Debian's with; install one or set CHROMIUM"
	work=$here/.browser.partial
	rm -rf "$work"
	trap 'rm -rf "$work"' EXIT
	mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/root"
	for hook in Update::Pre-Invoke Update::Post-Invoke Update::Post-Invoke-Success; do echo "#clear APT::$hook;"; done >"$work/apt.conf"
	apt update
	apt install --download-only chromium fonts-liberation
	# The system's own C library fits its loader; another one would not.
	rm -f "$work"/archives/libc6_*.deb
	for package in "$work"/archives/*.deb; do dpkg-deb -x "$package" "$work/root"; done
	rm -rf "$work/archives" "$work/lists"
	cp tests/browser/debian/chromium tests/browser/debian/fonts.conf "$work"
	timeout 60 "$work/chromium" --headless --no-sandbox --disable-dev-shm-usage --dump-dom about:blank >/dev/null 2>"$work/said" || fail "Debian's Chromium does not start here: $(tail -n1 "$work/said")"
	rm -rf .browser
	mv "$work" .browser
}

node_packages
if [ -n "${CHROMIUM:-}" ]; then
	has "$CHROMIUM" || fail "CHROMIUM names $CHROMIUM, which cannot be run"
	echo "$CHROMIUM"
elif ! installed; then
	[ -x .browser/chromium ] || fetched
	echo "$here/.browser/chromium"
fi
