"""What speed.py and growth.py share: the inputs of all programs, the commands that train and score, and measuring them."""

import csv
import hashlib
import importlib.util
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORD = re.compile(r"\b\w\w+\b")  # scikit-learn's own
csv.field_size_limit(1 << 30)

SK_TRAIN = """
import sys, joblib, pandas
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
data, out, kind, c, most = sys.argv[1:]
rows = pandas.read_csv(data, usecols=["text", "label"])
model = LogisticRegression(C=float(c), max_iter=5000) if kind == "lr" else LinearSVC()
terms = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=int(most) or None)
joblib.dump(make_pipeline(terms, model).fit(rows.text, rows.label), out)
print(len(terms.vocabulary_), "features,", model.n_iter_, "iterations")
"""
SK_SCORE = """
import sys, joblib, pandas
model, data, out = sys.argv[1:]
model = joblib.load(model)
rows = pandas.read_csv(data, usecols=["id", "text"])
p = model.predict_proba(rows.text) if hasattr(model[-1], "predict_proba") else model.decision_function(rows.text)
p = pandas.DataFrame(p, columns=model.classes_)
p.insert(0, "id", rows.id)
p.to_csv(out, index=False)
"""
# standpoint's settings. `off`: no stems, no language check, and no boilerplate, off-topic check or loaded sentences.
PLAIN = "--unit document --folds 0"
KINDS = {
    "off": f"{PLAIN} --no-stem --language none",
    "stems": PLAIN,
    "on": "--passage-words 600 --folds 2 --no-splits --outside data/offtopic/offtopic.csv",
}
INSTALL = {"sk": "pip install scikit-learn pandas joblib", "ft": "apt-get install fasttext", "vw": "pip install vowpalwabbit"}


def prepare(args):
    """Writes the inputs of all programs; returns their folder, the labels, and the test rows' gold labels by row number."""
    size = os.path.getsize(args.data)
    folder = args.work / f"{size}-{args.rows or 'all'}"
    done = folder / "done.json"
    if done.exists():
        return folder, *json.loads(done.read_text())
    print("preparing inputs", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    with open(args.data, newline="", encoding="utf-8", errors="replace") as file:
        labels, total = set(), 0
        for total, row in enumerate(csv.DictReader(file), 1):
            labels.add(row["label"])
    labels, step, gold = sorted(labels), max(1, total / (args.rows or total)), {}
    parts = ["all", "train", "test"]
    files = {(part, kind): open(folder / f"{part}.{kind}", "w", newline="", encoding="utf-8")
             for part in parts for kind in ["csv", "ft", "vw"]}
    with open(args.data, newline="", encoding="utf-8", errors="replace") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames) + ["id"] * ("id" not in reader.fieldnames)
        tables = {part: csv.DictWriter(files[part, "csv"], names) for part in parts}
        for table in tables.values():
            table.writeheader()
        count = 0
        for number, row in enumerate(reader):
            if number < count * step:
                continue
            row.setdefault("id", number)
            test = row["split"] == "test" if "split" in row else zlib.crc32(str(number).encode()) % 5 == 0
            if test:
                gold[count] = row["label"]
            count += 1
            words, label = " ".join(WORD.findall(row["text"].lower())), labels.index(row["label"]) + 1
            for part in ["all", "test" if test else "train"]:
                known = part == "train"
                tables[part].writerow(row)
                files[part, "ft"].write(f"__label__{label} {words}\n" if known else words + "\n")
                files[part, "vw"].write(f"{label if known else ''} |t {words}\n")
    for file in files.values():
        file.close()
    done.write_text(json.dumps([labels, gold]))
    return folder, labels, gold


class Programs:
    """The commands that train and score, and how to read what they say."""

    def __init__(self, args):
        self.args = args
        self.folder, self.labels, gold = prepare(args)
        self.gold = {int(row): label for row, label in gold.items()}
        vw = shutil.which("vw")
        self.vw = [vw] if vw else [sys.executable, "-m", "vowpalwabbit"]
        found = lambda *names: all(importlib.util.find_spec(name) for name in names)
        self.there = {"sp": True, "sk": found("sklearn", "pandas", "joblib"), "ft": bool(shutil.which("fasttext")),
                      "vw": bool(vw) or found("vowpalwabbit")}
        about = os.stat(args.standpoint)
        settings = [KINDS, args.c, args.max_features, args.train_options]
        self.key = {"sp": [settings, about.st_size, about.st_mtime_ns], "sk": [SK_TRAIN, args.c, args.max_features]}

    def model(self, tool):
        key = hashlib.sha256(json.dumps(self.key.get(tool[:2], "")).encode()).hexdigest()[:8]
        return self.folder / f"{tool}-{key}{'.bin' if tool[:2] == 'ft' else ''}"

    def train(self, tool):
        model, program, kind = self.model(tool), tool[:2], tool[3:]
        data = self.folder / f"train.{program if program in ('ft', 'vw') else 'csv'}"
        if program == "sp":
            most = ["--max-features", self.args.max_features] * bool(self.args.max_features)
            options = [ROOT / word if word.startswith("data/") else word for word in KINDS[kind].split()]
            return [self.args.standpoint, "train", data, "--preset", "general", *options, "--c", self.args.c, *most,
                    *self.args.train_options.split(), "--quiet", "--output", model]
        if program == "sk":
            return [sys.executable, "-c", SK_TRAIN, data, model, kind, self.args.c, self.args.max_features]
        if program == "ft":
            return ["fasttext", "supervised", "-input", data, "-output", model.with_suffix(""), "-wordNgrams", 2,
                    "-thread", 2, "-lr", 0.5, "-dim", kind]
        return [*self.vw, "-d", data, "-f", model, "--oaa", len(self.labels), "--loss_function", "logistic", "--ngram", 2,
                "-b", 22, "-c", "-k", "--cache_file", self.folder / "cache", "--passes", 4, "--holdout_off", "--quiet"]

    def score(self, tool, part, out, jobs=2):
        program, kind = tool[:2], tool[3:]
        data = self.folder / f"{part}.{program if program in ('ft', 'vw') else 'csv'}"
        if program == "sp":
            model = [] if kind == "default" else ["--model", self.model(tool)]
            loaded = ["--loaded-model", ROOT / "models/loaded.safetensors"] * (kind == "on")
            return [self.args.standpoint, "score", data, *model, *loaded, "--jobs", jobs, "--quiet", "--restart", "--format",
                    "csv", "--output", out]
        if program == "sk":
            return [sys.executable, "-c", SK_SCORE, self.model(tool), data, out]
        if program == "ft":  # prints to standard output
            return ["fasttext", "predict-prob", self.model(tool), data, len(self.labels)]
        return [*self.vw, "-d", data, "-i", self.model(tool), "-t", "--loss_function", "logistic", "--probabilities",
                "-p", out, "--quiet"]

    def answers(self, tool, out):
        with open(out, newline="", encoding="utf-8") as file:
            if tool[:2] == "sp":
                return [row["top"] for row in csv.DictReader(file)]
            if tool[:2] == "sk":
                return [max(self.labels, key=lambda label: float(row[label])) for row in csv.DictReader(file)]
            if tool[:2] == "ft":
                return [self.labels[int(line.split()[0].removeprefix("__label__")) - 1] for line in file]
            pairs = ([pair.split(":") for pair in line.split()] for line in file)
            return [self.labels[int(max(pair, key=lambda p: float(p[1]))[0]) - 1] for pair in pairs]

    def macro_f1(self, answers):
        """Of the test rows, from the answers to all rows or to the test rows."""
        if len(answers) != len(self.gold):
            answers = [answers[row] for row in self.gold]
        if not set(answers) <= set(self.labels):
            return None
        pairs, f1 = list(zip(self.gold.values(), answers)), []
        for label in self.labels:
            right = sum(a == b == label for a, b in pairs)
            both = sum((a == label) + (b == label) for a, b in pairs)
            f1.append(2 * right / both if both else 0)
        return statistics.mean(f1)


# A small process that starts the command and waits for it: the memory of a process counts what its parent had when it forked.
LAUNCH = """
import os, sys, time
cpus, out, *command = sys.argv[1:]
began = time.perf_counter()
child = os.fork()
if not child:
    os.sched_setaffinity(0, map(int, cpus.split(",")))
    for name, number in [(out, 1), (out + ".err", 2)]:
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, str(error).encode())
        os._exit(127)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
"""


def measure(command, cpus, out):
    """Runs a command on these processors; its wall clock, processor seconds, peak memory in MB. Standard output goes to a file."""
    command = [sys.executable, "-I", "-S", "-c", LAUNCH, ",".join(map(str, cpus)), *map(str, [out, *command])]
    wall, cpu, rss, code = map(float, subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.split())
    if code not in (0, 3):
        raise RuntimeError((pathlib.Path(f"{out}.err").read_text().strip().splitlines() or [f"exit code {code:.0f}"])[-1])
    return {"wall": wall, "cpu": cpu, "rss": rss}
