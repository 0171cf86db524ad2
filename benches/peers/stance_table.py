"""Settings of the stance model, each by grouped cross-validation and on labelled real texts, with bootstrap intervals.

    make .venv && cargo build --release
    .venv/bin/python benches/peers/stance_table.py FOLDER > table.md

FOLDER is as in realworld.py. Each row changes one of the options of STANCE_ARGS in the Makefile. Two choices that the
program does not offer are measured with scikit-learn's TfidfVectorizer + LogisticRegression and its own tokens.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from realworld import PROGRAM, ROOT, corpus, interval, make_variable, scored, texts

SETTINGS = [
    ("as shipped", {}),
    ("C 1", {"--c": "1"}), ("C 2", {"--c": "2"}), ("C 10", {"--c": "10"}), ("C 20", {"--c": "20"}),
    ("1-grams", {"--ngrams": "1-1"}), ("1-3-grams", {"--ngrams": "1-3"}),
    ("no stemming", {"--no-stem": None}),
    ("characters 3-5 beside words", {"--chars": "3-5"}),
    ("characters 3-5 alone", {"--chars": "3-5", "--ngrams": "0-0", "--outside": False}),
    ("quotations scored", {"--quotations": "score"}),
    ("min df 1", {"--min-df": "1"}), ("min df 3", {"--min-df": "3"}),
    ("without phrases", {"--train-only": False}),
    ("phrases at weight 0.05", {"--train-only-weight": "0.05"}),
    ("phrases at weight 0.5", {"--train-only-weight": "0.5"}),
    ("phrases at weight 1", {"--train-only-weight": "1"}),
    ("balanced class weights", {"--class-weight": "balanced"}),
    ("paragraphs by themselves", {"--passage-words": "0"}),
    ("passages of 100 words", {"--passage-words": "100"}),
    ("passages of 400 words", {"--passage-words": "400"}),
    ("passages weigh by square root of words", {"--paragraph-weight": "square-root"}),
    ("passages weigh by words", {"--paragraph-weight": "words"}),
    ("article as one bag (unit document)", {"--unit": "document"}),
]
NEGATIONS = re.compile(r"^(not|no|never|without|cannot|neither|nor|hardly)$|n['’]t$")


def changed(words, change):
    """The options with some of them set, added, or (False) taken out."""
    options = list(words)
    for name, value in change.items():
        while name in options:
            at = options.index(name)
            del options[at: at + 2]
        if value is None:
            options.append(name)
        elif value is not False:
            options += [name, value]
    return options


def ours(name, change, folder, paragraphs, articles):
    model = folder / "model.safetensors"
    command = [PROGRAM, "train", *changed(make_variable("STANCE_ARGS"), change), "--output", model]
    report = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    validated = re.search(r"macro-F1 ([0-9.]+)", report)[1]

    def found(rows, file):
        tops = [record["top"] for record in scored(rows, folder / file, "--model", model)]
        return interval([row["label"] for row in rows], tops)

    print(f"| {name} | {validated} | {found(paragraphs, 'p.jsonl')} | {found(articles, 'a.jsonl')} |", flush=True)


def negated(text):
    """Words and pairs, and behind a negation `not_` before the next three words."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())
    marked = [f"not_{word}" for at, negation in enumerate(words) if NEGATIONS.search(negation)
              for word in words[at + 1: at + 4]]
    return words + [f"{a} {b}" for a, b in zip(words, words[1:])] + marked


def plain(text):
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())
    return words + [f"{a} {b}" for a, b in zip(words, words[1:])]


def scikit_learn(name, analyzer, paragraphs):
    rows, phrases = corpus()
    vectorizer = TfidfVectorizer(analyzer=analyzer, sublinear_tf=True, min_df=2)
    matrix = vectorizer.fit_transform([row["text"] for row in rows + phrases])
    model = LogisticRegression(C=5, max_iter=3000).fit(
        matrix, [row["label"] for row in rows + phrases], sample_weight=[1.0] * len(rows) + [0.2] * len(phrases))
    tops = list(model.predict(vectorizer.transform([row["text"] for row in paragraphs])))
    print(f"| {name} | - | {interval([row['label'] for row in paragraphs], tops)} | - |", flush=True)


def main():
    paragraphs, articles = texts(sys.argv[1])
    print(f"| setting | cross-validation | {len(paragraphs)} real paragraphs | {len(articles)} real articles |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, change in SETTINGS:
            ours(name, change, pathlib.Path(folder), paragraphs, articles)
    scikit_learn("scikit-learn's terms", plain, paragraphs)
    scikit_learn("the same, negation marked on the next three words", negated, paragraphs)


if __name__ == "__main__":
    main()
