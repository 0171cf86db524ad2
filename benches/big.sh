#!/usr/bin/env bash
# Large and hostile inputs, one line each: seconds, MB/s of input and the most memory that the run took, which may not be
# over the model's size + 200 MB + 10 times the largest record. Fails where one is, or where a result is not as it should be.
#
#   DATA=news.csv TEXT_COLUMN=text benches/big.sh [RUN...]
#
# DATA is CSV with a header; without it the rows of data/stance are taken. RUN is any of csv jobs resume jsonl files line
# bomb paragraphs; all without one. MB is the size of the large files (2048), KILLS the kills of the resume run (6).
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
size=$(( ${MB:-2048} * 1000000 ))
kills=${KILLS:-6}
text_column=${TEXT_COLUMN:-text}
runs=${*:-csv jobs resume jsonl files line bomb paragraphs}

if [ -z "${PROGRAM:-}" ]; then
	cargo build --locked --release --quiet
	PROGRAM=target/release/standpoint
fi
model=$(stat -c %s models/stance.safetensors)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
data=${DATA:-$folder/data.csv}
if [ -z "${DATA:-}" ]; then
	rows=(data/stance/*.csv)
	head -n 1 "${rows[0]}" >"$data"
	for file in "${rows[@]}"; do tail -n +2 "$file" >>"$data"; done
fi
failed=0

fail() {
	echo "FAILED: $*"
	failed=1
}

wants() {
	[[ " $runs " == *" $1 "* ]]
}

# The rows of the data as records of lines: a quote that is open carries a row over a line end.
# Each copy gets ids of its own in a column before all others.
copies() {
	local copy=0
	echo "big_id,$(head -n 1 "$data")"
	while :; do
		copy=$((copy + 1))
		tail -n +2 "$data" | awk -v copy="$copy" '
			!open { printf "%d-%d,", copy, ++row }
			{ print; if (gsub(/"/, "\"") % 2) open = !open }' || return 0
	done
}

# The same rows as JSON: each row as it is written is a text.
objects() {
	local copy=0
	while :; do
		copy=$((copy + 1))
		tail -n +2 "$data" | tr -d '\000-\010\013-\037' | sed 's/\\/\\\\/g; s/"/\\"/g; s/\t/ /g' | awk -v copy="$copy" '
			!open { printf "{\"id\":\"%d-%d\",\"text\":\"", copy, ++row }
			{ printf "%s", $0; if (gsub(/"/, "\"") % 2) open = !open; printf "%s", open ? "\\n" : "\"}\n" }' || return 0
	done
}

# A stream cut at about so many bytes, behind the last whole record: `from` is what a record begins with.
cut_at() {
	awk -v size="$1" -v from="$2" '{ if (bytes > size && $0 ~ from) exit; bytes += length($0) + 1; print }'
}

# Bytes of the largest record of a file whose records begin like this.
largest() {
	awk -v from="$2" '
		$0 ~ from { if (bytes > most) most = bytes; bytes = 0 }
		{ bytes += length($0) + 1 }
		END { if (bytes > most) most = bytes; print most }' "$1"
}

letters() {
	head -c "$1" /dev/zero | tr '\0' a
}

# score NAME BYTES LARGEST CODE ARGUMENT...: runs the program, which should end with this code; `seconds` is what it took.
score() {
	local name=$1 bytes=$2 largest=$3 expected=$4 code=0 peak=0 now started pid
	shift 4
	started=$(date +%s%N)
	"$PROGRAM" score "$@" --quiet 2>"$folder/stderr" &
	pid=$!
	# The kernel keeps the highest mark; it is gone with the process.
	while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null); do
		[ -n "$now" ] || break
		peak=$now
		sleep 0.02
	done
	wait "$pid" || code=$?
	seconds=$(( ($(date +%s%N) - started) / 1000000 ))
	local bound=$(( (model + 200000000 + 10 * largest) / 1000 )) taken=$(( peak * 1024 / 1000 ))
	awk -v name="$name" -v ms="$seconds" -v bytes="$bytes" -v peak="$taken" -v bound="$bound" 'BEGIN {
		printf "%-34s %8.1f s %8.1f MB/s %8.1f MB of at most %.1f\n", name, ms / 1e3, bytes / 1e3 / (ms + !ms), peak / 1e3, bound / 1e3
	}'
	[ "$code" = "$expected" ] || fail "$name: exit code $code instead of $expected: $(head -c 1000 "$folder/stderr")"
	[ "$taken" -le "$bound" ] || fail "$name: $taken KB are more than $bound KB"
}

# The results of a file of JSON lines: so many texts and so many errors.
holds() {
	local texts errors
	errors=$(grep -c '"error":{' "$2" || true)
	texts=$(( $(wc -l <"$2") - errors ))
	[ "$texts $errors" = "$3 $4" ] || fail "$1: $texts texts and $errors errors instead of $3 and $4"
}

if wants csv || wants jobs || wants resume; then
	copies | cut_at "$size" '^[0-9]+-[0-9]+,' >"$folder/big.csv"
	bytes=$(stat -c %s "$folder/big.csv")
	most=$(largest "$folder/big.csv" '^[0-9]+-[0-9]+,')
	records=$(grep -cE '^[0-9]+-[0-9]+,' "$folder/big.csv")
	csv=("$folder/big.csv" --id-column big_id --text-column "$text_column")
	score "$((bytes / 1000000)) MB of CSV" "$bytes" "$most" 0 "${csv[@]}" --output "$folder/whole.jsonl"
	undisturbed=$seconds
	holds "CSV" "$folder/whole.jsonl" "$records" 0
fi

if wants jobs; then
	score "the same by one thread" "$bytes" "$most" 0 "${csv[@]}" --jobs 1 --output "$folder/one.jsonl"
	one=$seconds
	score "the same by two threads" "$bytes" "$most" 0 "${csv[@]}" --jobs 2 --output "$folder/two.jsonl"
	cmp "$folder/whole.jsonl" "$folder/one.jsonl" || fail "one thread gives other results"
	cmp "$folder/whole.jsonl" "$folder/two.jsonl" || fail "two threads give other results"
	awk -v one="$one" -v two="$seconds" 'BEGIN { printf "%-34s %8.2f times as fast\n", "two threads", one / two }'
	rm "$folder/one.jsonl" "$folder/two.jsonl"
fi

if wants resume; then
	killed=0
	started=$(date +%s%N)
	for _ in $(seq "$kills"); do
		"$PROGRAM" score "${csv[@]}" --quiet --resume --output "$folder/killed.jsonl" 2>"$folder/stderr" &
		pid=$!
		life=$(( undisturbed * 3 / 2 / kills * (RANDOM % 1000) / 1000 ))
		sleep "$(awk -v ms="$life" 'BEGIN { print ms / 1000 }')"
		kill -9 "$pid" 2>/dev/null && killed=$((killed + 1))
		# The shell tells of the kill by itself.
		wait "$pid" 2>/dev/null || true
		[ ! -e "$folder/killed.jsonl" ] || break
	done
	# One line is the run's settings, the others are checkpoints; after the last rename there is none.
	checkpoints=$(( $(wc -l 2>/dev/null <"$folder/killed.jsonl.partial.journal" || echo 1) - 1 ))
	[ -e "$folder/killed.jsonl" ] || "$PROGRAM" score "${csv[@]}" --quiet --resume --output "$folder/killed.jsonl"
	cmp "$folder/whole.jsonl" "$folder/killed.jsonl" || fail "what was gone on with differs from the undisturbed run"
	[ "$killed" -gt 0 ] || fail "no run was killed"
	awk -v ms=$(( ($(date +%s%N) - started) / 1000000 )) -v killed="$killed" -v checkpoints="$checkpoints" 'BEGIN {
		printf "%-34s %8.1f s, %d checkpoints before the last start; the same bytes\n", "killed " killed " times", ms / 1e3, checkpoints
	}'
fi
rm -f "$folder"/big.csv "$folder"/whole.jsonl "$folder"/killed.jsonl*

if wants jsonl; then
	objects | cut_at "$size" '^{"id"' >"$folder/big.jsonl"
	bytes=$(stat -c %s "$folder/big.jsonl")
	score "$((bytes / 1000000)) MB of JSON lines" "$bytes" "$(largest "$folder/big.jsonl" '^{"id"')" 0 \
		"$folder/big.jsonl" --output "$folder/out.jsonl"
	holds "JSON lines" "$folder/out.jsonl" "$(wc -l <"$folder/big.jsonl")" 0
	rm "$folder/big.jsonl" "$folder/out.jsonl"
fi

if wants files; then
	for part in $(seq 100 199); do mkdir -p "$folder/files/$part"; done
	{ while :; do tail -n +2 "$data" || break; done; } | awk -v folder="$folder/files" '
		{ print >file; bytes += length($0) + 1 }
		BEGIN { file = sprintf("%s/%d/%05d.txt", folder, 100, 0) }
		bytes > 1500 {
			close(file); bytes = 0
			if (++count == 100000) exit
			file = sprintf("%s/%d/%05d.txt", folder, 100 + int(count / 1000), count)
		}' || true
	read -r bytes most < <(find "$folder/files" -type f -printf '%s\n' |
		awk '{ bytes += $1; if ($1 > most) most = $1 } END { printf "%d %d\n", bytes, most }')
	score "100,000 files" "$bytes" "$most" 0 "$folder/files" --output "$folder/out.jsonl"
	holds "files" "$folder/out.jsonl" 100000 0
	score "100,000 files by one thread" "$bytes" "$most" 0 "$folder/files" --jobs 1 --output "$folder/out.jsonl"
	rm -r "$folder/files" "$folder/out.jsonl"
fi

if wants line; then
	for format in csv jsonl txt; do
		file=$folder/line.$format
		case $format in
		csv) { printf 'id,text\n1,one\n2,'; letters 1G; printf '\n3,three\n'; } >"$file" ;;
		jsonl) { printf '{"text":"one"}\n{"text":"'; letters 1G; printf '"}\n{"text":"three"}\n'; } >"$file" ;;
		txt) letters 1G >"$file" ;;
		esac
		printf 'A text that is well.\n' >"$folder/good.txt"
		# Of a text no more is read than a record may have.
		[ "$format" = txt ] && bytes=16777216 || bytes=$(stat -c %s "$file")
		score "a line of 1 GB in $format" "$bytes" 16777216 3 "$file" "$folder/good.txt" --output "$folder/out.jsonl"
		[ "$format" = txt ] && texts=1 || texts=3
		holds "a line in $format" "$folder/out.jsonl" "$texts" 1
		rm "$file"
	done
fi

if wants bomb; then
	# Members follow each other: ten of one gigabyte are one of ten.
	letters 1G | gzip -9 >"$folder/one.gz"
	for _ in $(seq 10); do cat "$folder/one.gz"; done >"$folder/bomb.gz"
	if command -v zstd >/dev/null; then
		letters 10G | zstd --quiet -o "$folder/bomb.zst"
	else
		echo "SKIPPED: no zstd here; its bomb was not made" >&2
	fi
	printf 'A text that is well.\n' >"$folder/good.txt"
	for packing in gz zst; do
		[ -e "$folder/bomb.$packing" ] || continue
		for format in csv jsonl txt; do
			mv "$folder/bomb.$packing" "$folder/bomb.$format.$packing"
			[ "$format" = txt ] && bytes=16777216 || bytes=10737418240
			score "10 GB in $(( $(stat -c %s "$folder/bomb.$format.$packing") / 1000 )) KB, .$format.$packing" \
				"$bytes" 16777216 3 "$folder/bomb.$format.$packing" "$folder/good.txt" --output "$folder/out.jsonl"
			holds "a bomb" "$folder/out.jsonl" 1 1
			mv "$folder/bomb.$format.$packing" "$folder/bomb.$packing"
		done
	done
	rm -f "$folder"/bomb.* "$folder"/one.gz
fi

if wants paragraphs; then
	{ yes $'a\n' || true; } 2>/dev/null | head -c 15000000 >"$folder/letters.txt"
	for options in "" "--paragraphs" "--paragraphs --explain 5"; do
		# shellcheck disable=SC2086
		score "five million paragraphs $options" 15000000 15000000 0 "$folder/letters.txt" $options --output "$folder/out.jsonl"
		[ "$(wc -l <"$folder/out.jsonl")" = 1 ] || fail "five million paragraphs: not one record"
	done
	# One after the other, so that several are under way at a time.
	{
		echo "id,text"
		for copy in 1 2 3 4 5; do printf '%d,"' "$copy"; cat "$folder/letters.txt"; echo '"'; done
	} >"$folder/letters.csv"
	score "five such texts --paragraphs" 75000000 15000000 0 "$folder/letters.csv" --paragraphs --output "$folder/out.jsonl"
	holds "five such texts" "$folder/out.jsonl" 5 0
fi
exit "$failed"
