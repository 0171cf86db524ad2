"""Settings of the stance model, each by grouped cross-validation and on labelled real texts, with bootstrap intervals.

    make .venv && cargo build --release
    .venv/bin/python benches/peers/stance_table.py FOLDER > table.md

FOLDER holds dev_paragraphs.jsonl and dev_articles.jsonl (fields id, label, text); they are never trained on. The last row is
scikit-learn's TfidfVectorizer + LogisticRegression on the same training rows, with its own tokens.
"""

import csv
import glob
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target/release/standpoint"
BASE = {"--c": "5", "--train-only-weight": "0.2"}
SETTINGS = [
    ("as shipped", {}),
    ("C 1", {"--c": "1"}), ("C 2", {"--c": "2"}), ("C 10", {"--c": "10"}), ("C 20", {"--c": "20"}),
    ("1-grams", {"--ngrams": "1-1"}), ("1-3-grams", {"--ngrams": "1-3"}),
    ("no stemming", {"--no-stem": None}),
    ("characters 3-5 beside words", {"--chars": "3-5"}),
    ("min df 1", {"--min-df": "1"}), ("min df 3", {"--min-df": "3"}),
    ("phrases at weight 0.05", {"--train-only-weight": "0.05"}),
    ("phrases at weight 0.5", {"--train-only-weight": "0.5"}),
    ("phrases at weight 1", {"--train-only-weight": "1"}),
    ("balanced class weights", {"--class-weight": "balanced"}),
    ("paragraphs weigh by square root of words", {"--paragraph-weight": "square-root"}),
    ("paragraphs weigh by words", {"--paragraph-weight": "words"}),
    ("article as one bag (unit document)", {"--unit": "document"}),
]


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def interval(gold, predicted):
    """Macro-F1 with the 2.5 and 97.5 percentiles of 2,000 bootstrap samples of the rows."""
    draw = random.Random(1)
    rows = list(range(len(gold)))
    scores = []
    for _ in range(2000):
        sample = draw.choices(rows, k=len(rows))
        scores.append(f1_score([gold[i] for i in sample], [predicted[i] for i in sample], average="macro",
                               zero_division=0))
    scores.sort()
    return f"{f1_score(gold, predicted, average='macro'):.3f} ({scores[50]:.2f}-{scores[1949]:.2f})"


def cells(paragraphs, articles, top_paragraphs, top_articles):
    return [interval([row["label"] for row in paragraphs], top_paragraphs),
            interval([row["label"] for row in articles], top_articles)]


def ours(name, change, folder, paragraphs, articles):
    model = folder / "model.safetensors"
    options = {**BASE, **change}
    command = [PROGRAM, "train", *sorted(glob.glob("data/stance/*.csv")), "--train-only", "data/phrases/phrases.csv",
               "--output", model]
    for option, value in options.items():
        command += [option] if value is None else [option, value]
    report = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    validated = re.search(r"macro-F1 ([0-9.]+)", report)[1]

    def tops(rows, file):
        path = folder / file
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        out = subprocess.run([PROGRAM, "score", path, "--model", model, "--format", "jsonl", "--quiet", "--no-abstain"],
                             capture_output=True, text=True, check=True).stdout
        return [json.loads(line)["top"] for line in out.splitlines()]

    found = cells(paragraphs, articles, tops(paragraphs, "p.jsonl"), tops(articles, "a.jsonl"))
    print(f"| {name} | {validated} | {found[0]} | {found[1]} |", flush=True)


def scikit_learn(paragraphs, articles):
    rows = [row for path in sorted(glob.glob(str(ROOT / "data/stance/*.csv"))) for row in csv.DictReader(open(path))]
    phrases = list(csv.DictReader(open(ROOT / "data/phrases/phrases.csv")))
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    matrix = vectorizer.fit_transform([row["text"] for row in rows + phrases])
    model = LogisticRegression(C=5, max_iter=2000).fit(
        matrix, [row["label"] for row in rows + phrases], sample_weight=[1.0] * len(rows) + [0.2] * len(phrases))
    top_paragraphs = list(model.predict(vectorizer.transform([row["text"] for row in paragraphs])))

    def article(row):
        parts = [part for part in re.split(r"\n\s*\n", row["text"]) if len(part.split()) >= 5]
        return model.classes_[model.predict_proba(vectorizer.transform(parts)).mean(0).argmax()]

    found = cells(paragraphs, articles, top_paragraphs, [article(row) for row in articles])
    print(f"| scikit-learn, mean of paragraphs | - | {found[0]} | {found[1]} |")


def main():
    data = pathlib.Path(sys.argv[1])
    paragraphs = [row for row in lines(data / "dev_paragraphs.jsonl") if row["label"] != "off-topic"]
    articles = lines(data / "dev_articles.jsonl")
    print(f"| setting | cross-validation | {len(paragraphs)} real paragraphs | {len(articles)} real articles |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, change in SETTINGS:
            ours(name, change, pathlib.Path(folder), paragraphs, articles)
    scikit_learn(paragraphs, articles)


if __name__ == "__main__":
    main()
