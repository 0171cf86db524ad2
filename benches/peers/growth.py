"""How cost grows: `standpoint score` and `train` on made-up texts, one table for each thing that grows.

    cargo build --release
    python3 benches/peers/growth.py [--standpoint PATH] [--quick] [--only documents,features,classes,length,threads]

Words are made up and drawn by Zipf's law from 2,000 of them (200,000 for `features`), a tenth of them from 20 words of the text's
label; the seed is fixed. Training is of word 1-2-grams, without stems, language check and cross-validation; scoring is of the same
file as CSV, to CSV. Each figure is of a whole process, the least time of --runs runs (of one, where one takes over a minute), so
that at small sizes starting up and reading the model count; memory under 10 MB is not told apart. Between neighbours stands the
exponent of growth: 1 where twice as much takes twice as long, 0 where it takes no longer.

`features` takes texts until they have so many distinct 1-2-grams, repeats them up to the same number of words for all sizes, and trains
with --min-df 1. Texts and models are deleted when a size is done; at full size they need 1 GB of disk.
"""

import argparse
import itertools
import math
import multiprocessing
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

from programs import ROOT, measure

TRAIN = "--unit document --no-stem --language none --folds 0 --quiet".split()


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--standpoint", default=ROOT / "target/release/standpoint", type=os.path.abspath)
    parser.add_argument("--quick", action="store_true", help="a tenth of the texts, up to 10^5 documents and 10^6 features")
    parser.add_argument("--only", default="documents,features,classes,length,threads")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=pathlib.Path, help="folder for texts and models [a temporary one]")
    return parser.parse_args()


def word(number):
    """The number-th made-up word: syllables, the commonest words short."""
    made = ""
    while True:
        number, syllable = divmod(number, 100)
        made += "bdfgklmnprstvzhjwxcq"[syllable // 5] + "aeiou"[syllable % 5]
        if not number:
            return made
        number -= 1


class Texts:
    """Random texts as lists of the words' numbers."""

    def __init__(self, vocabulary, classes):
        self.draw = random.Random(1)
        self.words = [word(number) for number in range(vocabulary + 20 * classes)]
        self.ranks = range(vocabulary)
        self.sums = list(itertools.accumulate(1 / (rank + 1) for rank in self.ranks))
        self.classes = classes

    def one(self, label, length):
        text = self.draw.choices(self.ranks, cum_weights=self.sums, k=length)
        own = len(self.ranks) + 20 * label
        for _ in range(max(1, length // 10)):
            text[self.draw.randrange(length)] = own + self.draw.randrange(20)
        return text

    def write(self, path, documents, length, features=None):
        """A CSV of so many texts; with `features`, only as many different ones as have that many 1-2-grams."""
        size, seen, kept = len(self.words), set(), []
        with open(path, "w", encoding="ascii") as file:
            file.write("id,label,text\n")
            for number in range(documents):
                label = number % self.classes
                if features is None or len(seen) < features:
                    text = self.one(label, length)
                    line = " ".join(self.words[term] for term in text)
                    if features is not None:
                        seen.update(text)
                        seen.update((a + 1) * size + b for a, b in zip(text, text[1:]))
                        kept.append((label, line))
                else:
                    label, line = kept[number % len(kept)]
                file.write(f"{number},label{label},{line}\n")


def write(path, documents, length, classes, vocabulary, features):
    """In a process of its own, which gives its memory back."""
    Texts(vocabulary, classes).write(path, documents, length, features)


def fewest(command, runs, log):
    """Wall clock of the quickest run, greatest memory."""
    every = sorted(os.sched_getaffinity(0))
    found = [measure(command, every, log)]
    while len(found) < runs and found[0]["wall"] < 60:
        found.append(measure(command, every, log))
    return {"seconds": min(run["wall"] for run in found), "mb": max(run["rss"] for run in found)}


def exponent(before, after, key):
    return math.log(after[key] / before[key]) / math.log(after["size"] / before["size"])


class Growth:
    def __init__(self, args, folder):
        self.args, self.folder = args, folder

    def size(self, size, documents, length, classes=2, vocabulary=2000, features=None, threads=None, reuse=False):
        """Trains and scores one size; the row of its table."""
        print(f"{documents} texts of {length} words", file=sys.stderr)
        data, model, out = self.folder / "texts.csv", self.folder / "model.safetensors", self.folder / "scores.csv"
        if not reuse:
            writer = multiprocessing.Process(target=write, args=(data, documents, length, classes, vocabulary, features))
            writer.start()
            writer.join()
            assert writer.exitcode == 0, "the texts could not be written"
        jobs = ["--jobs", threads] if threads else []
        least = ["--min-df", 1] if features else []
        program, log = self.args.standpoint, self.folder / "log"
        train = fewest([program, "train", data, *TRAIN, *least, *jobs, "--output", model], self.args.runs, log)
        score = fewest([program, "score", data, "--model", model, *jobs, "--quiet", "--restart", "--output", out], self.args.runs, log)
        about = subprocess.run([program, "inspect", model], capture_output=True, text=True, check=True).stdout
        return {"size": size, "words": documents * length, "features": int(re.search(r"features +(\d+)", about)[1]),
                "train": train["seconds"], "train mb": train["mb"], "score": score["seconds"], "score mb": score["mb"]}

    def table(self, what, rows):
        measured = "exponent | MB | exponent | ns a word"
        print(f"\n| {what} | words | features | train s | {measured} | score s | {measured} |")
        print("|" + "--:|" * 13)
        before = None
        for row in rows:
            cells = [f"{row['size']:,}", f"{row['words']:,}", f"{row['features']:,}"]
            for step in ["train", "score"]:
                for key, digits in [(step, 2), (f"{step} mb", 0)]:
                    cells += [f"{row[key]:,.{digits}f}", f"{exponent(before, row, key):+.2f}" if before else ""]
                cells.append(f"{row[step] * 1e9 / row['words']:,.0f}")
            print(f"| {' | '.join(cells)} |", flush=True)
            before = row

    def run(self, axis):
        quick = self.args.quick
        scale = 1 if quick else 10
        if axis == "documents":
            sizes = [10 ** power for power in range(3, 6 if quick else 7)]
            self.table("documents of 100 words", (self.size(n, n, 100) for n in sizes))
        elif axis == "features":
            # So many words that the greatest size is reached: a text of Zipf's words has about one new 1-2-gram in two words.
            sizes = [10 ** power for power in range(4, 7 if quick else 8)]
            self.table("distinct 1-2-grams", (self.size(n, 25_000 * scale, 100, vocabulary=200_000, features=n) for n in sizes))
        elif axis == "classes":
            self.table("classes", (self.size(n, 2_000 * scale, 100, classes=n) for n in [2, 5, 10, 20, 50]))
        elif axis == "length":
            self.table("words a document", (self.size(n, 1_000_000 * scale // n, n) for n in [10, 100, 1_000, 10_000, 100_000]))
        elif axis == "threads":
            self.table("threads", (self.size(n, 10_000 * scale, 100, threads=n, reuse=n > 1) for n in [1, 2]))


def main():
    args = arguments()
    with tempfile.TemporaryDirectory(dir=args.work) as folder:
        growth = Growth(args, pathlib.Path(folder))
        version = subprocess.run([args.standpoint, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        print(f"{version}, {len(os.sched_getaffinity(0))} processors, {args.runs} runs, seed 1")
        for axis in args.only.split(","):
            growth.run(axis)


if __name__ == "__main__":
    main()
