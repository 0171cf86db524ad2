"""What the settings to start from, blocks of features, split names and tags and word vectors bring on tweets: one table.

    cargo build --release
    .venv/bin/python benches/peers/blocks.py tweets.csv [--labels FAVOR,AGAINST] [--vectors news.vectors] [--only NAME]

Columns target, text, label, split; rows whose split is `test` are held back. There is a model for each target. The settings to start from
are taken as they are, or are where `--tune` begins; for each set of features C (1, 3, 10) and the class weights are chosen by 3-fold
cross-validation on the other rows. Shown are macro-F1 in that cross-validation and on the test rows, means over the targets, macro-F1
over the test rows of all targets together, and F_avg, the mean F1 of FAVOR and AGAINST over them. Vectors must be of one house style. `--only` shows the rows of the table whose names hold NAME.
"""

import argparse
import itertools
import pathlib
import re
import tempfile

from retrain import read, run, write
from sklearn.metrics import f1_score

SPLIT = ["--social-text", "normalize"]
STARTS = {f"{preset} settings{', --tune' * bool(tune)}": ["--preset", preset, *tune]
          for tune in ([], ["--tune"]) for preset in ("general", "posts")}
STARTS["posts settings, names split only"] = ["--preset", "posts", *SPLIT]
STARTS["posts settings, pairs of words"] = ["--preset", "posts", "--ngrams", "1-2"]
STARTS["posts settings, names split only, pairs of words"] = ["--preset", "posts", *SPLIT, "--ngrams", "1-2"]
STARTS["posts settings, punctuation dropped"] = ["--preset", "posts", "--punctuation", "drop"]
STARTS["posts settings, --tune for F_avg"] = ["--preset", "posts", "--tune", "--f1-labels", "FAVOR,AGAINST"]
SETS = {"words": [], "words, names split": SPLIT, "words and characters in one row": ["--chars", "3-5"]}
for weight in (0.5, 1, 2):
    characters = ["--block", f"characters:min-df=1,weight={weight}"]
    SETS[f"block of characters, weight {weight}"] = characters
    SETS[f"block of characters, weight {weight}, names split"] = [*characters, *SPLIT]
    SETS[f"blocks of words and characters, weight {weight}"] = [*characters, "--block", f"words:min-df=1,weight={weight}"]


def tables(vectors):
    """The names of the table's rows with the options that each of their trials has."""
    trials = {name: [options] for name, options in STARTS.items()}
    for name, options in SETS.items():
        choices = itertools.product((1, 3, 10), ("none", "balanced"))
        common = ["--preset", "general", "--min-df", 1, *options]
        trials[name] = [[*common, "--c", c, "--class-weight", weight] for c, weight in choices]
    if vectors:
        given = ["--vectors", vectors, "--vectors-scale", 1, "--house-style", "unify"]
        trials |= {f"{name}, vectors": [[*options, *given] for options in each] for name, each in trials.items()}
    return trials


def trial(folder, train, test, options):
    """Macro-F1 in cross-validation, and the test rows' answers."""
    write(folder / "train.csv", train, ["label", "text"])
    write(folder / "test.csv", test, ["label", "text"])
    model = folder / "m.safetensors"
    run("train", folder / "train.csv", "--output", model, "--unit", "document", "--min-words", 0, "--folds", 3, "--no-splits",
        "--quiet", *options)
    validated = re.search(r"cross-validated macro-F1 ([0-9.]+)", run("inspect", model, "--top", 0)[0])
    answers = folder / "answers.csv"
    run("score", folder / "test.csv", "--model", model, "--no-loaded", "--no-abstain", "--output", answers)
    return float(validated.group(1)), [row["label"] for row in read(answers)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--labels", default="FAVOR,AGAINST,NONE")
    parser.add_argument("--vectors", type=pathlib.Path)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    rows = [row for row in read(args.file) if row["label"] in args.labels.split(",")]
    print("| features | cross-validation | test macro-F1 | all targets together | F_avg |\n|---|---|---|---|---|")
    shown = {name: each for name, each in tables(args.vectors).items() if args.only in name}
    for name, options in shown.items():
        validated, tested, gold, found = [], [], [], []
        for target in sorted({row["target"] for row in rows}):
            own = [row for row in rows if row["target"] == target]
            train, test = ([row for row in own if (row["split"] == "test") == held] for held in (False, True))
            with tempfile.TemporaryDirectory() as folder:
                trials = (trial(pathlib.Path(folder), train, test, each) for each in options)
                score, answers = max(trials, key=lambda each: each[0])
            labels = [row["label"] for row in test]
            validated.append(score)
            tested.append(f1_score(labels, answers, average="macro"))
            gold, found = gold + labels, found + answers
        together = f1_score(gold, found, average="macro")
        favg = f1_score(gold, found, labels=["FAVOR", "AGAINST"], average="macro")
        means = [sum(scores) / len(scores) for scores in (validated, tested)]
        print(f"| {name} | {means[0]:.3f} | {means[1]:.3f} | {together:.3f} | {favg:.3f} |", flush=True)


if __name__ == "__main__":
    main()
