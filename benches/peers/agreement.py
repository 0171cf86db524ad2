"""The same settings in standpoint and in scikit-learn, on rows kept apart: macro-F1 of both.

    cargo build --release --bins --examples
    .venv/bin/python benches/peers/agreement.py FILE.csv [--where COLUMN=VALUE]... [--split split]

FILE.csv has the columns text, label and one (`split`) that says `train` or `test`. Each row is one document. scikit-learn is
given standpoint's own terms (examples/terms.rs) as its analyzer: with its own tokens it is another featurizer, and other figures
are to be expected.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import tempfile
import threading

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target/release/standpoint"
TERMS = ROOT / "target/release/examples/terms"


def terms(texts):
    """The word 1-2-grams of each text, one after the other: single words in, pairs made here."""
    with subprocess.Popen([TERMS, "1-1", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          encoding="utf-8") as process:
        def write():
            for text in texts:
                process.stdin.write(" ".join(text.split("\n")).replace("\r", " ") + "\n")
            process.stdin.close()
        threading.Thread(target=write).start()
        for line in process.stdout:
            words = json.loads(line)
            yield words + [f"{a} {b}" for a, b in zip(words, words[1:])]


def main():
    csv.field_size_limit(1 << 30)
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--where", action="append", default=[])
    parser.add_argument("--split", default="split")
    parser.add_argument("--c", default="10")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="scikit-learn's; its own default")
    args = parser.parse_args()
    conditions = [condition.split("=", 1) for condition in args.where]
    with open(args.file, newline="", encoding="utf-8", errors="replace") as file:
        rows = [row for row in csv.DictReader(file) if all(row[name] == value for name, value in conditions)]
    train = [row for row in rows if row[args.split] == "train"]
    test = [row for row in rows if row[args.split] == "test"]
    gold = [row["label"] for row in test]

    vectorizer = TfidfVectorizer(analyzer=lambda terms_of_row: terms_of_row, sublinear_tf=True, min_df=2)
    model = LogisticRegression(C=float(args.c), max_iter=2000, tol=args.tolerance)
    model.fit(vectorizer.fit_transform(terms(row["text"] for row in train)), [row["label"] for row in train])
    predicted = model.predict(vectorizer.transform(terms(row["text"] for row in test)))
    theirs = f1_score(gold, predicted, average="macro")

    where = [word for condition in args.where for word in ("--where", condition)]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.safetensors"
        subprocess.run([PROGRAM, "train", args.file, "--preset", "general", "--unit", "document", *where, "--where", f"{args.split}=train", "--c",
                        args.c, "--folds", "0", "--quiet", "--output", path], check=True)
        out = subprocess.run([PROGRAM, "evaluate", args.file, *where, "--where", f"{args.split}=test", "--model", path,
                              "--format", "json", "--quiet"], check=True, capture_output=True, text=True).stdout
    ours = json.loads(out)["macro_f1"]
    print(f"{len(train)} training rows, {len(test)} test rows: standpoint {ours:.4f}, scikit-learn {theirs:.4f}, "
          f"difference {ours - theirs:+.4f}")


if __name__ == "__main__":
    main()
