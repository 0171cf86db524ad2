"""What the scripts on labelled real texts share: reading them, and macro-F1 with its interval."""

import csv
import glob
import json
import pathlib
import random
import re
import subprocess

from sklearn.metrics import f1_score

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target/release/standpoint"


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def texts(folder):
    """On-topic paragraphs, and articles, of a folder with dev_paragraphs.jsonl and dev_articles.jsonl (id, label, text)."""
    folder = pathlib.Path(folder)
    paragraphs = [row for row in lines(folder / "dev_paragraphs.jsonl") if row["label"] != "off-topic"]
    return paragraphs, lines(folder / "dev_articles.jsonl")


def corpus():
    """Training rows and phrases."""
    rows = [row for path in sorted(glob.glob(str(ROOT / "data/stance/*.csv"))) for row in csv.DictReader(open(path))]
    return rows, list(csv.DictReader(open(ROOT / "data/phrases/phrases.csv")))


def make_variable(name):
    """The words of a variable of the Makefile, as a shell would give them."""
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    words = re.search(rf"^{name} := (.*)$", makefile, re.M)[1].split()
    return [found for word in words for found in (sorted(glob.glob(word, root_dir=ROOT)) if "*" in word else [word])]


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


def scored(rows, path, *options):
    """The program's records of texts."""
    path.write_text("".join(json.dumps({"text": row["text"]}) + "\n" for row in rows), encoding="utf-8")
    command = [PROGRAM, "score", path, "--format", "jsonl", "--quiet", "--no-abstain", *options]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]
