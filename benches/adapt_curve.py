#!/usr/bin/env python3
"""Measures what own labels bring: adapts to ever more of them and scores texts of outlets that were held out.

    benches/adapt_curve.py LABELED.jsonl [--program target/release/standpoint] [--sizes 0,50,100,200,400,max] [--folds 5]
    benches/adapt_curve.py LABELED.jsonl --adapt "OPTIONS OF ADAPT"
    benches/adapt_curve.py LABELED.jsonl --weight 1 [--seed 2] [--train "OPTIONS OF TRAIN"]

LABELED.jsonl has text, label, and the outlet in --group-column. Whole outlets are held out, fold by fold; of the others the first
N texts, outlet by outlet in an order of the seed, are one's own labels. Figures are over the texts of all folds, without
abstentions; the differences from no labels have 95 % intervals from 1,000 draws of outlets. Needs Python 3.9 and nothing else.

`adapt` takes minutes, because it tries weights. With --weight W, `train` learns once from the corpus and from one's own paragraphs
of that weight, which takes seconds: for several seeds, and for settings that `adapt` does not have (--train "--vectors ...").
"""

import argparse
import collections
import csv
import json
import math
import pathlib
import random
import re
import shlex
import subprocess
import tempfile

# Options of STANCE_ARGS in the Makefile that name files, or say when to abstain. The others say how to learn.
NOT_LEARNING = re.compile(r"--(weight-column|train-only|train-only-weight|outside|off-topic-\S+|max-error) \S+|--no-text-hashes|^\S+\.csv")
# The files of the corpus with the weights of their rows, by which a row's own `training_weight` is multiplied.
CORPUS = [("stance/*.csv", 1.0), ("phrases/phrases.csv", 0.6)]
# As in `adapt`: all labels of one's own count alike, and a rare one at most so many times its rows.
MAX_FACTOR = 4.0


def read(path, group_column, ignored):
    rows = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            if row["label"] not in ignored:
                # A text without an outlet is one by itself.
                group = row.get(group_column) or row.get("title") or f"text {number}"
                rows.append({"text": row["text"], "label": row["label"], "outlet": group})
    return rows


def deal(rows, folds, seed):
    """Gives each row a fold: outlets whole, the largest first, each to the smallest fold."""
    sizes = collections.Counter(row["outlet"] for row in rows)
    outlets = sorted(sizes)
    random.Random(seed).shuffle(outlets)
    outlets.sort(key=lambda outlet: -sizes[outlet])
    filled, fold_of = [0] * folds, {}
    for outlet in outlets:
        fold = filled.index(min(filled))
        fold_of[outlet] = fold
        filled[fold] += sizes[outlet]
    return [fold_of[row["outlet"]] for row in rows]


def first(rows, count, seed):
    """The first texts, outlet by outlet in an order of the seed."""
    outlets = sorted({row["outlet"] for row in rows})
    random.Random(seed).shuffle(outlets)
    place = {outlet: number for number, outlet in enumerate(outlets)}
    return sorted(rows, key=lambda row: place[row["outlet"]])[:count]


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def run(args):
    done = subprocess.run(args, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, args))}\n{done.stderr}")
    return done.stdout


def scored(options, folder, model, rows):
    write(folder / "test.jsonl", rows)
    args = [options.program, "score", folder / "test.jsonl", "--format", "jsonl", "--no-abstain", "--no-loaded", "--quiet"]
    out = run(args + (["--model", model] if model else []))
    return [json.loads(line)["probabilities"] for line in out.splitlines()]


def adapted(options, folder, own):
    """The model, and what the run said that it chose."""
    write(folder / "own.jsonl", own)
    model = folder / "model.safetensors"
    out = run([options.program, "adapt", folder / "own.jsonl", "--output", model] + shlex.split(options.adapt))
    chosen = [line.split(" *")[0] for line in out.splitlines() if " *" in line[:40] and not line.startswith("*")]
    return model, chosen[0] if chosen else "?"


def learning_options():
    makefile = pathlib.Path("Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    words = re.search(r"^STANCE_ARGS := (.*)$", makefile, re.MULTILINE)[1]
    return shlex.split(NOT_LEARNING.sub("", words))


def trained(options, folder, own):
    """The model of the corpus and of one's own paragraphs, with one weight."""
    counts = collections.Counter(row["label"] for row in own)
    even = len(own) / len(counts)
    model = folder / "model.safetensors"
    with open(folder / "rows.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["text", "label", "weight"])
        for pattern, weight in CORPUS:
            for path in sorted(pathlib.Path("data").glob(pattern)):
                with open(path, newline="", encoding="utf-8") as rows:
                    for row in csv.DictReader(rows):
                        out.writerow([row["text"], row["label"], weight * float(row.get("training_weight", 1))])
        for row in own:
            weight = options.weight * min(even / counts[row["label"]], MAX_FACTOR)
            out.writerow([row["text"], row["label"], weight])
    how = learning_options() + shlex.split(options.train)
    run([options.program, "train", folder / "rows.csv", "--weight-column", "weight", "--folds", "0", "--output", model] + how)
    return model, f"weight {options.weight:g}"


def figures(rows, answers, chosen):
    """Macro-F1, log loss, and how far confidence lies above accuracy, over the chosen rows."""
    labels = sorted({row["label"] for row in rows})
    pairs, loss, confidence = collections.Counter(), 0.0, 0.0
    for at in chosen:
        gold, answer = rows[at]["label"], answers[at]
        top = max(answer, key=answer.get)
        pairs[gold, top] += 1
        loss -= math.log(max(answer[gold], 1e-9))
        confidence += answer[top]
    f1 = []
    for label in labels:
        right = pairs[label, label]
        of_gold = sum(count for (gold, _), count in pairs.items() if gold == label)
        of_top = sum(count for (_, top), count in pairs.items() if top == label)
        if of_gold + of_top:
            f1.append(2 * right / (of_gold + of_top))
    accuracy = sum(pairs[label, label] for label in labels) / len(chosen)
    return [sum(f1) / len(f1), loss / len(chosen), confidence / len(chosen) - accuracy]


def intervals(rows, before, after, seed):
    by_outlet = collections.defaultdict(list)
    for at, row in enumerate(rows):
        by_outlet[row["outlet"]].append(at)
    outlets, draw, found = list(by_outlet), random.Random(seed), []
    for _ in range(1000):
        chosen = [at for outlet in draw.choices(outlets, k=len(outlets)) for at in by_outlet[outlet]]
        pair = figures(rows, before, chosen), figures(rows, after, chosen)
        found.append([b - a for a, b in zip(*pair)])
    return [(sorted(column)[25], sorted(column)[974]) for column in zip(*found)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labeled")
    parser.add_argument("--also-own", help="further labels, of any length, without the outlets of the fold that is held out")
    parser.add_argument("--program", default="target/release/standpoint")
    parser.add_argument("--group-column", default="outlet")
    parser.add_argument("--ignore-label", action="append", default=["off-topic"])
    parser.add_argument("--sizes", default="0,50,100,200,400,max")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weight", type=float, help="train with this weight of one's own labels instead of adapting")
    parser.add_argument("--adapt", default="", metavar="OPTIONS", help="further options of `adapt`, as \"--vectors ...\"")
    parser.add_argument("--train", default="", metavar="OPTIONS", help="further options of `train`, with --weight")
    options = parser.parse_args()

    rows = read(options.labeled, options.group_column, options.ignore_label)
    also = read(options.also_own, options.group_column, options.ignore_label) if options.also_own else []
    folds = deal(rows, options.folds, options.seed)
    everything, before = range(len(rows)), None
    print(f"{len(rows)} texts of {len({row['outlet'] for row in rows})} outlets, {options.folds} folds")
    print("labels  macro-F1  - none                     log loss  - none                     conf-acc  chosen")
    for size in options.sizes.split(","):
        answers, chosen, counts = [None] * len(rows), [], []
        for fold in range(options.folds):
            test = [at for at in everything if folds[at] == fold]
            outlets = {rows[at]["outlet"] for at in test}
            others = [rows[at] for at in everything if folds[at] != fold]
            own = first(others, len(others) if size == "max" else int(size), options.seed)
            own += [row for row in also if row["outlet"] not in outlets] if size != "0" else []
            counts.append(len(own))
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                make = adapted if options.weight is None else trained
                model, choice = make(options, folder, own) if own else (None, "-")
                chosen.append(choice)
                for at, answer in zip(test, scored(options, folder, model, [rows[at] for at in test])):
                    answers[at] = answer
        before = before or answers
        f1, loss, over = figures(rows, answers, everything)
        line = f"{round(sum(counts) / len(counts)):6}  {f1:8.3f}"
        if answers is not before:
            (f1_low, f1_high), (loss_low, loss_high), _ = intervals(rows, before, answers, options.seed)
            f1_before, loss_before, _ = figures(rows, before, everything)
            line += f"  {f1 - f1_before:+.3f} ({f1_low:+.3f} to {f1_high:+.3f})  {loss:8.3f}"
            line += f"  {loss - loss_before:+.3f} ({loss_low:+.3f} to {loss_high:+.3f})  {over:+8.3f}"
        else:
            line += f"  {'':25}  {loss:8.3f}  {'':25}  {over:+8.3f}"
        counted = collections.Counter(chosen).most_common()
        print(f"{line}  {', '.join(f'{name} ({times})' for name, times in counted)}", flush=True)


if __name__ == "__main__":
    main()
