"""Retraining beside peers on the same rows: one table for tweets, for articles, for unseen sources.

    cargo build --release
    .venv/bin/python benches/peers/retrain.py tweets semeval2016_task6a.csv
    .venv/bin/python benches/peers/retrain.py articles article_bias.csv
    .venv/bin/python benches/peers/retrain.py sources article_bias.csv

tweets: columns target, text, label (FAVOR, AGAINST, NONE), split (train, test). One model a target, one setting for all, chosen by
5-fold cross-validation on the training tweets; F_avg is the mean F1 of FAVOR and AGAINST over the test tweets of all targets.
articles: columns title, text, label, split (train, test). Macro-F1, calibration error and sets at 90 % on the test articles.
sources: columns title, text, label, source. Five folds by source (scikit-learn's GroupKFold, the same for all); the setting of each
fold is chosen by grouped cross-validation inside its training part; macro-F1 over all held-out articles together.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.svm import LinearSVC

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target/release/standpoint"
csv.field_size_limit(1 << 30)


def read(path):
    with open(path, newline="", encoding="utf-8", errors="replace") as file:
        return list(csv.DictReader(file))


def write(path, rows, columns):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def run(*args):
    began = time.time()
    done = subprocess.run([str(PROGRAM), *map(str, args)], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"standpoint {' '.join(map(str, args))}\n{done.stderr}")
    return done.stdout, time.time() - began


def calibration_error(confidence, right, bins=15):
    at = numpy.minimum((confidence * bins).astype(int), bins - 1)
    return sum(abs(confidence[at == b].sum() - right[at == b].sum()) for b in range(bins)) / len(right)


def tops(folder, model, rows, columns):
    write(folder / "test.csv", rows, columns)
    run("score", folder / "test.csv", "--model", model, "--no-abstain", "--format", "csv", "--output",
        folder / "scores.csv", "--quiet")
    return [row["top"] for row in read(folder / "scores.csv")]


# ---- tweets

TWEETS = [
    "--ngrams 1-2",
    "--ngrams 1-2 --weighting binary --c 0.1",
    "--ngrams 1-2 --chars 2-5 --punctuation tokens --class-weight balanced --c 3",
    "--ngrams 0 --chars 3-5 --class-weight balanced --c 3 --min-df 1",
    "--ngrams 0 --chars 2-5 --class-weight balanced --c 3 --min-df 1",
    "--ngrams 0 --chars 2-5 --class-weight balanced --c 5 --min-df 1",
    "--ngrams 1-1 --chars 2-5 --class-weight balanced --c 3 --min-df 1",
    "--ngrams 0 --chars 2-5 --class-weight balanced --c 3 --min-df 1 --no-unlabeled",
    "--ngrams 0 --chars 2-5 --weighting idf --class-weight balanced --c 3 --min-df 1",
    "--preset posts",
    "--preset posts --punctuation drop",
]


def f_avg(gold, predicted):
    return 100 * f1_score(gold, predicted, labels=["FAVOR", "AGAINST"], average="macro")


def tweets(path):
    rows = [row for row in read(path) if row["label"] in ("FAVOR", "AGAINST", "NONE")]
    targets = sorted({row["target"] for row in rows})
    parts = {target: [row for row in rows if row["target"] == target] for target in targets}
    columns = ["id", "text", "label"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write(folder / "all.csv", [row for row in rows if row["split"] == "train"], columns)

        def ours(setting, train, test):
            words = setting.split()
            more = [] if "--no-unlabeled" in words else ["--unlabeled", folder / "all.csv"]
            words = [word for word in words if word != "--no-unlabeled"]
            if "--preset" not in words:
                words += ["--preset", "general", "--no-stem"]
            write(folder / "train.csv", train, columns)
            run("train", folder / "train.csv", "--output", folder / "m.safetensors", "--unit", "document",
                "--folds", "0", "--quiet", *words, *more)
            return tops(folder, folder / "m.safetensors", test, columns)

        def theirs(train, test):
            vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
            model = LogisticRegression(C=3, class_weight="balanced", max_iter=1000)
            model.fit(vectorizer.fit_transform([row["text"] for row in train]), [row["label"] for row in train])
            return list(model.predict(vectorizer.transform([row["text"] for row in test])))

        def pooled(predict, cross):
            gold, predicted = [], []
            for target in targets:
                train = [row for row in parts[target] if row["split"] == "train"]
                test = [row for row in parts[target] if row["split"] == "test"]
                splits = [(train, test)]
                if cross:
                    folds = StratifiedKFold(5, shuffle=True, random_state=1)
                    splits = [([train[i] for i in a], [train[i] for i in b])
                              for a, b in folds.split(train, [row["label"] for row in train])]
                for a, b in splits:
                    gold += [row["label"] for row in b]
                    predicted += predict(a, b)
            return f_avg(gold, predicted)

        found = []
        for setting in TWEETS:
            found.append((pooled(lambda a, b: ours(setting, a, b), True), setting))
            print(f"cross-validation {found[-1][0]:.2f}  {setting}", flush=True)
        best = max(found)[1]
        print(f"chosen on the training tweets: {best}")
        print(f"test F_avg: standpoint {pooled(lambda a, b: ours(best, a, b), False):.2f}")
        print(f"test F_avg: scikit-learn, tf-idf of characters 2-5, LogisticRegression C 3 balanced {pooled(theirs, False):.2f}")


# ---- articles

ARTICLES = ("--unit document --text-column title,text --case keep --no-stem --punctuation breaks --ngrams 1-2 --min-df 3 "
            "--c 100 --group-column id --no-splits --tolerance 1e-5").split()


def articles(path):
    rows = read(path)
    train = [row for row in rows if row["split"] == "train"]
    test = [row for row in rows if row["split"] == "test"]
    gold = numpy.array([row["label"] for row in test])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model = folder / "m.safetensors"
        _, seconds = run("train", path, "--where", "split=train", *ARTICLES, "--output", model)
        print(f"standpoint {' '.join(ARTICLES)}: training with 5 folds {seconds:.0f} s")
        for split in ["test", "valid"]:
            out, _ = run("evaluate", path, "--where", f"split={split}", "--model", model, "--confidence-level", "0.9", "--group-column",
                         "id", "--format", "json", "--quiet")
            figures = json.loads(out)
            sets = figures["sets"]
            print(f"  {split}: macro-F1 {figures['macro_f1']:.4f}, accuracy {figures['accuracy']:.4f}, calibration error "
                  f"{figures['calibration_error']:.4f}, sets at 0.9 hold {sets['coverage']:.4f}, mean size "
                  f"{sets['mean_size']:.3f}, {sets['empty']} of {sets['rows']} empty", flush=True)
    text = [row["text"] for row in train + test]
    patterns = {"words 1-2": r"(?u)\b\w\w+\b", "words 1-2 and punctuation": r"\w+|[^\w\s]"}
    for shown, pattern in patterns.items():
        vectorizer = TfidfVectorizer(token_pattern=pattern, ngram_range=(1, 2), sublinear_tf=True, min_df=2, dtype=numpy.float32)
        a = vectorizer.fit_transform(text[:len(train)])
        b = vectorizer.transform(text[len(train):])
        labels = [row["label"] for row in train]
        for peer in [LinearSVC()] + [LogisticRegression(C=10, max_iter=60)] * (shown == "words 1-2"):
            began = time.time()
            peer.fit(a, labels)
            line = f"scikit-learn {shown}, {type(peer).__name__}: macro-F1 {f1_score(gold, peer.predict(b), average='macro'):.4f}"
            if isinstance(peer, LogisticRegression):
                p = peer.predict_proba(b)
                error = calibration_error(p.max(axis=1), peer.classes_[p.argmax(axis=1)] == gold)
                line += f", calibration error {error:.4f}"
            print(f"{line}; fit {time.time() - began:.0f} s", flush=True)


# ---- sources

SOURCES = [
    "--ngrams 1-1 --c 10",
    "--ngrams 1-1 --c 1 --class-weight balanced",
    "--ngrams 1-1 --c 1 --class-weight balanced --weighting idf",
]


def sources(path):
    rows = read(path)
    groups = [row["source"] for row in rows]
    gold = numpy.array([row["label"] for row in rows])
    ours, theirs = gold.copy(), gold.copy()
    columns = ["id", "title", "text", "label", "source"]
    common = "--unit document --text-column title,text --no-stem --min-df 5 --folds 3 --no-splits --tolerance 1e-4 --calibration temperature".split()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for train, test in GroupKFold(5).split(rows, gold, groups):
            write(folder / "train.csv", [rows[i] for i in train], columns)
            tried = []
            for number, setting in enumerate(SOURCES):
                model = folder / f"{number}.safetensors"
                run("train", folder / "train.csv", *common, *setting.split(), "--output", model)
                # The grouped cross-validation inside the training part.
                out, _ = run("inspect", model)
                line = next(line for line in out.splitlines() if "macro-F1" in line)
                inner = float(line.split("macro-F1")[1].split()[0].strip(",;"))
                tried.append((inner, number))
            _, best = max(tried)
            ours[test] = tops(folder, folder / f"{best}.safetensors", [rows[i] for i in test], columns)
            vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, dtype=numpy.float32)
            peer = LinearSVC().fit(vectorizer.fit_transform([rows[i]["text"] for i in train]), gold[train])
            theirs[test] = peer.predict(vectorizer.transform([rows[i]["text"] for i in test]))
            print(f"fold: inner {', '.join(f'{SOURCES[n]} {f:.3f}' for f, n in tried)}; held out: standpoint "
                  f"{f1_score(gold[test], ours[test], average='macro'):.3f}, scikit-learn "
                  f"{f1_score(gold[test], theirs[test], average='macro'):.3f}", flush=True)
    print(f"all folds together: standpoint {f1_score(gold, ours, average='macro'):.4f}, scikit-learn 1-2-grams LinearSVC "
          f"{f1_score(gold, theirs, average='macro'):.4f}")


if __name__ == "__main__":
    {"tweets": tweets, "articles": articles, "sources": sources}[sys.argv[1]](sys.argv[2])
