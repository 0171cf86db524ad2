# What each target needs it installs into ignored folders (target/, .venv/, .venv-python/, .venv-wheel/, .cargo-tools/, .browser/,
# tests/page/node_modules/, tests/browser/node_modules/).
.PHONY: test test-rust test-browser test-tools python python-types python-stream wheel browser check check-lints check-features models vectors report pictures page-check bench big big-runs fuzz cross-cpu realworld parity retraining clean

# The default models: `standpoint train` as users have it. tests/it/models.rs runs the same words. Their rows are published, and the
# program holds those of the stance model: no hashes of texts.
STANCE_ARGS := data/stance/*.csv --weight-column training_weight --train-only data/phrases/phrases.csv --train-only-weight 0.6 \
	--outside data/offtopic/offtopic.csv --off-topic-threshold 1 --off-topic-window 80 --off-topic-window-threshold 2.05 \
	--max-error 0.1 --passage-words 300 --quotations skip --lone-quotation-weight 0.25 --house-style unify \
	--axis pro-guarantee=1 --axis neutral-analysis=0 --axis nato-skeptical=-1 \
	--passage-label-weight neutral-analysis=0.35 --naive-bayes 0.4 --ngram-weight 0.7 --label-smoothing 0.05 \
	--temperature 0.9 --c 30 --seed 1 --no-text-hashes
LOADED_ARGS := data/loaded/loaded.csv --group-column pair --min-words 4 --max-error 0.1 --house-style unify \
	--vectors data/vectors/news.vectors --vectors-scale 1 \
	--axis loaded=1 --axis plain=0 --calibration temperature --c 5 --seed 1 --no-text-hashes

# What the other tests need is fetched while the Rust ones compile: a third job, so that cargo keeps two.
test:
	$(MAKE) --jobs 3 test-rust test-tools
	$(MAKE) python
	$(MAKE) test-browser

test-tools: .venv-python
	@tests/browser/tools.sh >/dev/null 2>&1 || true

# Drives the page of `standpoint serve` in Chromium: keys, kills, foreign pages, axe-core. CHROMIUM and STANDPOINT_BIN name other
# programs; KILLS=50 kills the program more often than 3 times. Its waits are long, and end as soon as what they wait for is there.
# The program is the one that `cargo test` builds: `cargo build` would choose other features of its crates and compile all anew.
browser:
	cargo test --locked --quiet --no-run --test it
	chromium=$$(tests/browser/tools.sh) && CHROMIUM=$$chromium node --test --test-reporter=spec --test-concurrency=2 \
		tests/browser/*.test.mjs

# Where there is no Node.js, or Chromium is neither installed nor to be had from Debian, the other tests are worth running alone.
test-browser:
	@if missing=$$(tests/browser/tools.sh 2>&1 >/dev/null); then $(MAKE) browser; \
	else echo "The browser tests were not run: $$missing."; fi

test-rust:
	cargo test --locked --no-fail-fast

# Builds the Python package, installs it into a fresh environment and runs its tests. The wheel is built with the settings of
# `cargo test`, which has compiled most of it by then; what `pip install ./python` builds is optimized as a release is.
python: .venv-python
	rm -rf target/wheels
	.venv-python/bin/maturin build --locked --quiet --profile dev --manifest-path python/Cargo.toml --out target/wheels
	.venv-python/bin/pip install --quiet --force-reinstall --no-deps target/wheels/*.whl
	.venv-python/bin/pytest python/tests $(PYTEST_ARGS)

.venv-python: python/requirements.txt
	rm -rf .venv-python
	python3 -m venv .venv-python
	.venv-python/bin/pip install --quiet --requirement python/requirements.txt || { rm -rf .venv-python; exit 1; }

# Checks the types with pyright, which fetches itself by npm when it first runs; the tests check them with mypy and stubtest.
python-types: .venv-python
	.venv-python/bin/pyright --project python --pythonpath .venv-python/bin/python

# Streams 2 GB of text through Polars, by an optimized build of the package: fails where that takes a gigabyte of memory.
python-stream: .venv-python
	.venv-python/bin/pip install --quiet --force-reinstall --no-deps ./python
	.venv-python/bin/python benches/polars_stream.py $(MB)

# The wheel that is published, for any Python from 3.9 on and any Linux with glibc 2.17 or later: zig links to that version, whatever
# this machine has. Fails where the wheel uses more than the stable interface of Python, or a later glibc.
wheel: .venv-wheel
	rm -rf target/published
	PATH="$(CURDIR)/.venv-wheel/bin:$$PATH" .venv-wheel/bin/maturin build --profile wheel --locked --quiet --zig --compatibility manylinux2014 \
		--compression-level 9 --manifest-path python/Cargo.toml --out target/published
	.venv-wheel/bin/abi3audit --strict target/published/*.whl
	.venv-wheel/bin/auditwheel show target/published/*.whl

.venv-wheel: python/requirements-wheel.txt
	rm -rf .venv-wheel
	python3 -m venv .venv-wheel
	.venv-wheel/bin/pip install --quiet --requirement python/requirements-wheel.txt || { rm -rf .venv-wheel; exit 1; }

# Each feature alone, and the command line with each other one.
FEATURES := bundled-corpus bundled-models cli feeds html mail parquet serve spreadsheet train
PAIRS := $(patsubst %,cli$(shell printf ,)%,$(filter-out cli,$(FEATURES)))

# Both at a time: most of what either does runs on one core.
check:
	$(MAKE) --jobs 2 check-lints check-features

check-lints:
	cargo fmt --all --check
	cargo clippy --locked --all-targets -- --deny warnings
	cargo clippy --locked --package standpoint-python -- --deny warnings
	cargo clippy --locked --no-default-features -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --document-private-items

check-features:
	@set -e; for features in $(FEATURES) $(PAIRS); do \
		echo "cargo check --no-default-features --features $$features"; \
		RUSTFLAGS="--deny warnings" cargo check --locked --quiet --target-dir target/features --no-default-features --features $$features; \
	done
	cargo run --locked --quiet --target-dir target/features --no-default-features --features bundled-models --example score

# Built without the embedded models, so that a missing or damaged one can be made anew.
models:
	cargo run --locked --quiet --no-default-features --features cli,train -- train $(STANCE_ARGS) --output models/stance.safetensors --save-corpus models/stance.corpus
	cargo run --locked --quiet --no-default-features --features cli,train -- train $(LOADED_ARGS) --output models/loaded.safetensors

# Word vectors of news, figures without a sentence: make vectors ARCHIVE=article_bias_random.csv.zst
vectors:
	cargo run --release --locked --quiet -- vectors $(ARCHIVE) --house-style unify --output data/vectors/news.vectors

# The sample pages: an evaluation, and a page about scored texts. The default model's settings, trained on some genres and shown on others.
# tests/it/sample_pages.rs runs the same commands.
report:
	cargo run --locked --quiet -- train $(subst data/stance/*.csv,data/stance/[a-r]*.csv,$(STANCE_ARGS)) --quiet --output target/a-to-r.safetensors
	cargo run --locked --quiet -- evaluate data/stance/[s-w]*.csv --model target/a-to-r.safetensors \
		--group-column genre --date-column period --report docs/report.html
	cargo run --locked --quiet -- train $(subst data/stance/*.csv,data/stance/[m-z]*.csv,$(STANCE_ARGS)) --quiet --output target/m-to-z.safetensors
	cargo run --locked --quiet -- score data/stance/[a-l]*.csv --model target/m-to-z.safetensors --loaded-model models/loaded.safetensors \
		--keep genre,period --mark-duplicates --quiet --output target/a-to-l.jsonl
	cargo run --locked --quiet -- report target/a-to-l.jsonl --texts data/stance/[a-l]*.csv --model target/m-to-z.safetensors \
		--training-rows data/stance/[m-z]*.csv data/phrases/phrases.csv \
		--group-column genre --date-column period --output docs/scored.html

# Checks the sample pages with axe-core in Chromium; `make pictures` takes the README's pictures as well, also of `standpoint serve`.
PAGES := docs/report.html docs/scored.html

page-check: tests/page/node_modules
	chromium=$$(tests/browser/tools.sh) && CHROMIUM=$$chromium node tests/page/check.mjs $(PAGES)

pictures: tests/page/node_modules
	mkdir -p target/pictures
	chromium=$$(tests/browser/tools.sh) && CHROMIUM=$$chromium node tests/page/check.mjs --pictures target/pictures $(PAGES)
	cp target/pictures/report.png target/pictures/scored.png docs/
	cargo test --locked --quiet --no-run --test it
	chromium=$$(tests/browser/tools.sh) && CHROMIUM=$$chromium node tests/browser/pictures.mjs docs

tests/page/node_modules: tests/page/package.json
	npm install --prefix $(@D) --no-audit --no-fund
	touch $@

# Retraining beside scikit-learn: make retraining TWEETS=semeval2016_task6a.csv ARTICLES=article_bias.csv
retraining: .venv
	.venv/bin/python benches/peers/retrain.py tweets $(TWEETS)
	.venv/bin/python benches/peers/retrain.py articles $(ARTICLES)
	.venv/bin/python benches/peers/retrain.py sources $(ARTICLES)

# Stages by themselves; with DATA=article_bias.csv also this program beside others, from file to file (docs/PERFORMANCE.md).
bench:
	cargo bench --locked --bench pipeline
ifneq ($(DATA),)
	cargo build --release --locked
	$(MAKE) .venv
	cargo bench --locked --bench solver --no-run
	.venv/bin/pip install --quiet scikit-learn pandas joblib vowpalwabbit liblinear-official
	.venv/bin/python benches/peers/speed.py $(DATA) --ours "cargo bench --locked --quiet --bench solver -- {matrix} {c}" $(BENCH_ARGS)
endif

# Too long, or too particular about the machine, for `make test`.
big: cross-cpu big-runs python-stream

# Large and hostile inputs, with the time and the memory that each takes: make big-runs DATA=news.csv TEXT_COLUMN=text
big-runs:
	DATA="$(DATA)" TEXT_COLUMN="$(TEXT_COLUMN)" benches/big.sh

# Fuzzes each target for SECONDS; `make fuzz TARGET=html SECONDS=60` fuzzes one. Fails on a crash, an input that takes too
# long, or one that takes too much memory, which is then in fuzz/artifacts/. New inputs are kept in fuzz/corpus/.
# The address sanitizer watches the C code of zstd and the unsafe code of others; it is an unstable flag that RUSTC_BOOTSTRAP
# lets the stable compiler take.
TARGET := csv export feed html json mail markdown model parquet spreadsheet text warc
SECONDS := 600

fuzz: .cargo-tools/bin/cargo-fuzz
	@set -e; for target in $(TARGET); do \
		mkdir -p fuzz/corpus/$$target; \
		RUSTC_BOOTSTRAP=1 .cargo-tools/bin/cargo-fuzz run --sanitizer address $$target \
			fuzz/corpus/$$target fuzz/seeds/$$target -- -dict=fuzz/dictionaries/$$target \
			-max_total_time=$(SECONDS) -max_len=32768 -timeout=10 -len_control=20 -rss_limit_mb=1024 -malloc_limit_mb=256 \
			-print_final_stats=1; \
	done

.cargo-tools/bin/cargo-fuzz:
	cargo install cargo-fuzz --locked --version 0.13.2 --root .cargo-tools

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
	rm -rf target .venv .venv-python .venv-wheel .cargo-tools .browser fuzz/target tests/page/node_modules tests/browser/node_modules
