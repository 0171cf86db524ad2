#!/usr/bin/env bash
# Trains and scores natively and on an emulated processor without AVX, and compares the bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
emulator=$(command -v qemu-x86_64-static || command -v qemu-x86_64 || true)
if [ -z "$emulator" ]; then
	echo "SKIPPED: cross-cpu needs qemu-x86_64-static (package qemu-user-static); nothing was compared" >&2
	exit 0
fi
cargo build --locked --release --quiet
program=target/release/standpoint
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
args=$(make --no-print-directory --eval 'print: ; @echo $(STANCE_ARGS)' print)
# shellcheck disable=SC2086
{
	"$program" train $args --jobs 2 --quiet --output "$folder/native.safetensors"
	"$emulator" -cpu Nehalem "$program" train $args --jobs 1 --quiet --output "$folder/emulated.safetensors"
}
cmp "$folder/native.safetensors" "$folder/emulated.safetensors"
cmp "$folder/native.safetensors" models/stance.safetensors
for model in models/stance.safetensors tests/golden/model.safetensors; do
	"$program" score data/articles tests/golden/texts.jsonl --model "$model" --paragraphs --explain 5 --quiet --format jsonl >"$folder/native.jsonl"
	"$emulator" -cpu Nehalem "$program" score data/articles tests/golden/texts.jsonl --model "$model" --paragraphs --explain 5 --quiet --format jsonl --jobs 1 >"$folder/emulated.jsonl"
	cmp "$folder/native.jsonl" "$folder/emulated.jsonl"
done
echo "cross-cpu: the same model and the same scores, byte for byte"
