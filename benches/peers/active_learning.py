"""How many labels `standpoint suggest` saves: rounds of labelling from a pool, picked by it and picked at random.

    cargo build --release
    .venv/bin/python benches/peers/active_learning.py FILE.csv [--where COLUMN=VALUE]... [--seeds 5] [--rare LABEL=SHARE]

FILE.csv has the columns text, label and one (`split`) that says `train` or `test`. A run begins with `--start` labelled rows of the
pool (random ones of the training rows), trains, lets `suggest` pick `--step` more, "labels" them with what the file says,
and so on up to `--stop` rows; beside it runs one that adds random rows. Each round's model is measured on the test rows
(random ones of them). Both runs of a seed have the same pool, beginning and test rows. `--rare LABEL=SHARE` thins a label out in
the pool and in the test rows to that share, as labels are in most newsrooms' archives.

Printed are the mean macro-F1 after each round, and how many labels `suggest` needs for the macro-F1 that random choice has at the end, by
straight lines between rounds. scikit-learn, if there is one, computes macro-F1 once more, as a check.
"""

import argparse
import csv
import json
import pathlib
import random
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--where", action="append", default=[])
    parser.add_argument("--split", default="split")
    parser.add_argument("--test-split", default="test", help="value of the split column of rows to measure on")
    parser.add_argument("--pool", type=int, default=4000)
    parser.add_argument("--test", type=int, default=1500)
    parser.add_argument("--words", type=int, default=300, help="texts are cut to so many words")
    parser.add_argument("--start", type=int, default=100)
    parser.add_argument("--step", type=int, default=50)
    parser.add_argument("--stop", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rare", help="LABEL=SHARE")
    parser.add_argument("--rare-share", help="passed to suggest")
    parser.add_argument("--program", default=ROOT / "target/release/standpoint", type=pathlib.Path)
    return parser.parse_args()


def read(args):
    """Training and test rows, with texts cut."""
    csv.field_size_limit(1 << 30)
    conditions = [condition.split("=", 1) for condition in args.where]
    with open(args.file, newline="", encoding="utf-8", errors="replace") as file:
        rows = [row for row in csv.DictReader(file) if all(row[name] == value for name, value in conditions)]
    for number, row in enumerate(rows):
        row["text"] = " ".join(row["text"].split()[:args.words])
        row["id"] = str(number)
    train = [row for row in rows if row[args.split] == "train" and row["text"]]
    if args.test_split == "train":
        return train, None
    return train, [row for row in rows if row[args.split] == args.test_split and row["text"]]


def thin(rows, rare, order):
    """The rows with a label cut down to a share of all, in a random order."""
    if not rare:
        return rows
    label, share = rare.rsplit("=", 1)
    others = [row for row in rows if row["label"] != label]
    few = [row for row in rows if row["label"] == label]
    thinned = others + few[:round(len(others) * float(share) / (1 - float(share)))]
    order.shuffle(thinned)
    return thinned


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, ["id", "label", "text"], extrasaction="ignore")
        out.writeheader()
        out.writerows(rows)


class Rounds:
    """One pool, labelled round after round."""

    def __init__(self, args, folder, pool, start, test):
        self.args, self.folder = args, folder
        self.labelled, self.pool = list(pool[:start]), {row["id"]: row for row in pool[start:]}
        self.test = test
        write(folder / "test.csv", test)

    def run(self, *words):
        done = subprocess.run([self.args.program, *words], capture_output=True, text=True, cwd=self.folder, encoding="utf-8")
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def measure(self):
        """Trains on what is labelled; macro-F1 on the test rows."""
        write(self.folder / "labelled.csv", self.labelled)
        self.run("train", "labelled.csv", "--preset", "general", "--unit", "document", "--folds", "0", "--quiet", "--output", "model.safetensors")
        return json.loads(self.run("evaluate", "test.csv", "--model", "model.safetensors", "--format", "json", "--quiet"))["macro_f1"]

    def suggested(self):
        write(self.folder / "pool.csv", self.pool.values())
        share = ["--rare-share", self.args.rare_share] if self.args.rare_share else []
        out = self.run("suggest", "pool.csv", "--model", "model.safetensors", "-n", str(self.args.step), *share,
                       "--labelled", "labelled.csv", "--quiet")
        return [row["id"] for row in csv.DictReader(out.splitlines(keepends=True))]

    def label(self, ids):
        self.labelled += [self.pool.pop(number) for number in ids]

    def check(self):
        """The last model's macro-F1, by scikit-learn."""
        try:
            from sklearn.metrics import f1_score
        except ImportError:
            return None
        out = self.run("score", "test.csv", "--model", "model.safetensors", "--format", "jsonl", "--quiet", "--no-abstain")
        top = [json.loads(line)["top"] for line in out.splitlines()]
        return f1_score([row["label"] for row in self.test], top, average="macro")


def needed(curve, sizes, goal):
    """Labels at which a curve first reaches a goal; None if it does not."""
    for (before, low), (after, high) in zip(zip(sizes, curve), zip(sizes[1:], curve[1:])):
        if low >= goal:
            return before
        if high >= goal:
            return before + (after - before) * (goal - low) / (high - low)
    return None


def main():
    args = arguments()
    train, test = read(args)
    sizes = list(range(args.start, args.stop + 1, args.step))
    curves = {"suggest": [], "random": []}
    for seed in range(args.seeds):
        order = random.Random(seed)
        rows = train[:]
        order.shuffle(rows)
        if test is None:
            held_out, rows = rows[args.pool:], rows[:args.pool]
        else:
            held_out = test[:]
            order.shuffle(held_out)
        pool = thin(rows, args.rare, order)[:args.pool]
        measured_on = thin(held_out, args.rare, order)[:args.test]
        for how, found in curves.items():
            with tempfile.TemporaryDirectory() as folder:
                rounds = Rounds(args, pathlib.Path(folder), pool, args.start, measured_on)
                chance = random.Random(seed + 1000)
                curve = [rounds.measure()]
                while len(curve) < len(sizes):
                    ids = rounds.suggested() if how == "suggest" else chance.sample(list(rounds.pool), args.step)
                    rounds.label(ids)
                    curve.append(rounds.measure())
                found.append(curve)
                again = rounds.check()
                assert again is None or abs(again - curve[-1]) < 1e-9, (again, curve[-1])
            print(seed, how, *(f"{f1:.3f}" for f1 in curve), flush=True)

    mean = {how: [statistics.mean(column) for column in zip(*found)] for how, found in curves.items()}
    print(f"\n{len(pool)} texts in the pool, {len(rounds.test)} to test on, {args.seeds} seeds; mean macro-F1\n")
    print("| labels | random | suggest | difference, its standard error |\n|---|---|---|---|")
    for at, size in enumerate(sizes):
        differences = [a[at] - b[at] for a, b in zip(curves["suggest"], curves["random"])]
        error = statistics.stdev(differences) / len(differences) ** 0.5 if len(differences) > 1 else float("nan")
        print(f"| {size} | {mean['random'][at]:.3f} | {mean['suggest'][at]:.3f} | {statistics.mean(differences):+.3f} ± {error:.3f} |")
    for part in (0.5, 0.75, 1):
        at = round((len(sizes) - 1) * part)
        goal = max(mean["random"][:at + 1])
        labels = needed(mean["suggest"], sizes, goal)
        saved = "not reached" if labels is None else f"{labels:.0f} labels, {1 - labels / sizes[at]:.0%} saved"
        print(f"macro-F1 {goal:.3f}, which random choice has with {sizes[at]} labels: {saved}")


if __name__ == "__main__":
    main()
