"""What blocks of features bring on tweets: one table.

    cargo build --release
    .venv/bin/python benches/peers/blocks.py tweets.csv [--labels FAVOR,AGAINST]

Columns target, text, label, split; rows whose split is `test` are held back. For each target and each set of features C (1, 3, 10) and
the class weights are chosen by 3-fold cross-validation on the other rows. Shown are macro-F1 in that cross-validation and on the test rows,
means over the targets, and F_avg, the mean F1 of FAVOR and AGAINST over the test rows of all targets.
"""

import argparse
import itertools
import pathlib
import re
import tempfile

from retrain import read, run, write
from sklearn.metrics import f1_score

SETS = {"words": [], "words and characters in one row": ["--chars", "3-5"]}
for weight in (0.5, 1, 2):
    characters = ["--block", f"characters:min-df=1,weight={weight}"]
    SETS[f"block of characters, weight {weight}"] = characters
    SETS[f"blocks of words and characters, weight {weight}"] = [*characters, "--block", f"words:min-df=1,weight={weight}"]


def trial(folder, train, test, options):
    """Macro-F1 in cross-validation, and the test rows' answers."""
    write(folder / "train.csv", train, ["label", "text"])
    write(folder / "test.csv", test, ["label", "text"])
    model = folder / "m.safetensors"
    run("train", folder / "train.csv", "--output", model, "--unit", "document", "--min-words", 0, "--min-df", 1, "--folds", 3,
        "--no-splits", "--quiet", *options)
    validated = re.search(r"cross-validated macro-F1 ([0-9.]+)", run("inspect", model, "--top", 0)[0])
    answers = folder / "answers.csv"
    run("score", folder / "test.csv", "--model", model, "--no-loaded", "--no-abstain", "--output", answers)
    return float(validated.group(1)), [row["label"] for row in read(answers)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--labels", default="FAVOR,AGAINST,NONE")
    args = parser.parse_args()
    rows = [row for row in read(args.file) if row["label"] in args.labels.split(",")]
    print("| features | cross-validation | test macro-F1 | F_avg |\n|---|---|---|---|")
    for name, options in SETS.items():
        validated, tested, gold, found = [], [], [], []
        for target in sorted({row["target"] for row in rows}):
            own = [row for row in rows if row["target"] == target]
            train, test = ([row for row in own if (row["split"] == "test") == held] for held in (False, True))
            with tempfile.TemporaryDirectory() as folder:
                settings = itertools.product((1, 3, 10), ("none", "balanced"))
                trials = (trial(pathlib.Path(folder), train, test, [*options, "--c", c, "--class-weight", weight])
                          for c, weight in settings)
                score, answers = max(trials, key=lambda each: each[0])
            labels = [row["label"] for row in test]
            validated.append(score)
            tested.append(f1_score(labels, answers, average="macro"))
            gold, found = gold + labels, found + answers
        favg = f1_score(gold, found, labels=["FAVOR", "AGAINST"], average="macro")
        means = [sum(scores) / len(scores) for scores in (validated, tested)]
        print(f"| {name} | {means[0]:.3f} | {means[1]:.3f} | {favg:.3f} |", flush=True)


if __name__ == "__main__":
    main()
