#!/usr/bin/env bash
# Figures of the default model on labelled real texts, which are never trained on and not part of this repository.
# The folder holds dev_paragraphs.jsonl and dev_articles.jsonl with the fields id, label, text, outlet, part (`first` or `second`)
# and confidence (3 where both coders were sure). Rows with the label off-topic are left out.
set -euo pipefail
data=${1:?usage: benches/realworld.sh FOLDER [standpoint evaluate options]}
shift
cd "$(dirname "$0")/.."
cargo build --locked --release --quiet

# The report on all rows of a kind of text, and the first table of that on each part of them.
measure() {
    local kind=$1
    shift
    local evaluate=(target/release/standpoint evaluate "$data/dev_$kind.jsonl" --ignore-label off-topic)
    echo "== $kind"
    "${evaluate[@]}" "$@"
    local part
    for part in part=first part=second confidence=3 part=second,confidence=3; do
        echo
        echo "== $kind, $part"
        local conditions
        IFS=, read -ra conditions <<<"$part"
        "${evaluate[@]}" "${conditions[@]/#/--where=}" "$@" 2>/dev/null | sed -n '1,/^$/p'
    done
    echo
}

measure paragraphs "$@"
measure articles --documents "$@"
