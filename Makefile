# What each target needs it installs into ignored folders (target/, .venv/).
.PHONY: test check models bench big big-runs cross-cpu realworld parity clean

# The default model: `standpoint train` as users have it. tests/models.rs runs the same words.
STANCE_ARGS := data/stance/*.csv --train-only data/phrases/phrases.csv --train-only-weight 0.2 \
	--axis pro-guarantee=1 --axis neutral-analysis=0 --axis nato-skeptical=-1 --c 5 --seed 1

test:
	cargo test --locked --no-fail-fast

check:
	cargo fmt --all --check
	cargo clippy --locked --all-targets -- --deny warnings
	cargo clippy --locked --no-default-features -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --document-private-items

# Built without the embedded model, so that a missing or damaged one can be made anew.
models:
	cargo run --locked --quiet --no-default-features -- train $(STANCE_ARGS) --output models/stance.safetensors

bench:
	cargo bench --locked --bench pipeline

# Too long, or too particular about the machine, for `make test`.
big: cross-cpu big-runs

# Large and hostile inputs, with the time and the memory that each takes: make big-runs DATA=news.csv TEXT_COLUMN=text
big-runs:
	DATA="$(DATA)" TEXT_COLUMN="$(TEXT_COLUMN)" benches/big.sh

# The same bytes from a processor without AVX, under emulation.
cross-cpu:
	benches/cross_cpu.sh

# Figures on labelled texts from outside: make realworld DATA=folder
realworld:
	benches/realworld.sh $(DATA)

# Remakes tests/parity/fixture.json with scikit-learn.
parity: .venv
	.venv/bin/python tests/parity/make_fixture.py

.venv:
	python3 -m venv .venv
	.venv/bin/pip install --quiet scikit-learn

clean:
	rm -rf target .venv
