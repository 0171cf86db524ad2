#!/usr/bin/env bash
# Figures of the default model on labelled real texts, which are never trained on and not part of this repository.
# The folder holds dev_paragraphs.jsonl and dev_articles.jsonl with the fields id, label, text.
set -euo pipefail
data=${1:?usage: benches/realworld.sh FOLDER [standpoint evaluate options]}
shift
cd "$(dirname "$0")/.."
cargo build --locked --release --quiet
echo "== paragraphs"
target/release/standpoint evaluate "$data/dev_paragraphs.jsonl" --ignore-label off-topic "$@"
echo
echo "== articles, scored paragraph by paragraph"
target/release/standpoint evaluate "$data/dev_articles.jsonl" --documents "$@"
