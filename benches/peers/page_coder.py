"""What labeling on the page brings: a simulated coder drives `standpoint serve` through the interface that its page uses.

    cargo build --release
    .venv/bin/python benches/peers/page_coder.py FILE [--where COLUMN=VALUE]... [--from own|corpus] [--seeds 5] [--stop 400]

FILE (CSV, or JSON Lines if its name ends with .jsonl) has the columns text and label. Its texts are split into an archive, which is
opened, and held-out texts: by `--split COLUMN`, whose value is `train` or `test`; else by `--group COLUMN`, so that no group stands on
both sides; else at random. The coder takes the next text from a queue of the page, answers with the label of the file, and asks for a
training after every `--step` labels. `--from own` trains on the coder's labels alone, `--from corpus` beside the corpus of the built-in
model, whose labels FILE must have then. A second coder does the same with the queue `random`. Seeds draw the archive, the held-out texts
and the order of the random queue; both coders of a seed have the same.

Each model that the page then uses is measured on the held-out texts by `standpoint score`: macro-F1 of the likeliest labels, over the
labels of the held-out texts, and the log loss of the probabilities. Beside them stands the macro-F1 that the page shows for the model.
Printed is a Markdown table: means over the seeds, with their lowest and highest values in parentheses. Before the first training, the
page ranks by the built-in model, even if its labels are others. If a queue ends early, the coder takes the next text of the random
one, and a line below the table says how often.
"""

import argparse
import collections
import contextlib
import csv
import http.client
import json
import math
import pathlib
import random
import re
import statistics
import subprocess
import tempfile
import time
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUEUES = ("random", "uncertain")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--where", action="append", default=[])
    parser.add_argument("--ignore-label", action="append", default=[])
    parser.add_argument("--split", help="column that says train or test")
    parser.add_argument("--group", help="column whose values are held out as a whole")
    parser.add_argument("--from", dest="source", choices=["own", "corpus"], default="own")
    parser.add_argument("--first", choices=["queue", "random"], default="queue", help="where the texts before the first training come from")
    parser.add_argument("--archive", type=int, default=2000, help="most texts that are opened")
    parser.add_argument("--test", type=int, default=1000, help="most texts to measure on")
    parser.add_argument("--test-share", type=float, default=0.4, help="share of texts to measure on, where no column splits them")
    parser.add_argument("--step", type=int, default=50)
    parser.add_argument("--stop", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--program", default=ROOT / "target/release/standpoint", type=pathlib.Path)
    return parser.parse_args()


def read(args):
    csv.field_size_limit(1 << 30)
    conditions = [condition.split("=", 1) for condition in args.where]
    with open(args.file, newline="", encoding="utf-8", errors="replace") as file:
        rows = list(map(json.loads, file)) if args.file.suffix == ".jsonl" else list(csv.DictReader(file))
    is_wanted = lambda row: all(row[name] == value for name, value in conditions) and row["label"] not in args.ignore_label
    return [row for row in rows if is_wanted(row) and row["text"].strip()]


def parts(args, rows, seed):
    """Texts to open and texts to measure on."""
    order = random.Random(seed)
    rows = rows[:]
    order.shuffle(rows)
    if args.split:
        archive, test = ([row for row in rows if row[args.split] == part] for part in ("train", "test"))
    else:
        # A text without a group is one of its own.
        group = lambda number, row: (args.group and row[args.group]) or number
        sizes = collections.Counter(group(*pair) for pair in enumerate(rows))
        groups, held_out, size = sorted(sizes, key=str), set(), 0
        order.shuffle(groups)
        while size < len(rows) * args.test_share:
            held_out.add(groups.pop())
            size = sum(sizes[name] for name in held_out)
        archive = [row for number, row in enumerate(rows) if group(number, row) not in held_out]
        test = [row for number, row in enumerate(rows) if group(number, row) in held_out]
    return archive[:args.archive], test[:args.test]


def write(path, rows, seed, group):
    """Ids differ between seeds, because the order of the random queue follows from them."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "text", "source"])
        for number, row in enumerate(rows):
            out.writerow([f"{seed}-{number}", row["text"], (row[group] or f"text {number}") if group else ""])


class Page:
    """What the page asks of the program: with the cookie, the mark of its own requests, and the type of JSON."""

    def __init__(self, program, archive, work):
        words = [program, "serve", archive, "--work", work, "--port", "0", "--no-browser", "--coder", "simulated"]
        self.child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
        said = ""
        for line in self.child.stdout:
            said += line
            if found := re.search(r"http://([\d.]+):(\d+)(/open\?token=\S+)", line):
                break
        else:
            raise RuntimeError(said)
        host, port, entry = found.groups()
        self.connection = http.client.HTTPConnection(host, int(port))
        self.headers = {"Content-Type": "application/json", "X-Standpoint": "1"}
        self.headers["Cookie"] = self.ask("GET", entry)[1].split(";")[0]

    def ask(self, method, path, body=None):
        self.connection.request(method, path, None if body is None else json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]}")
        return text, answer.getheader("Set-Cookie")

    def get(self, path):
        return json.loads(self.ask("GET", path)[0])

    def post(self, path, body=None):
        return json.loads(self.ask("POST", path, body)[0])

    def wait(self, what, path, is_done, seconds=600):
        end = time.monotonic() + seconds
        while not is_done(found := self.get(path)):
            if time.monotonic() > end:
                raise RuntimeError(f"waited in vain for {what}: {found}")
            time.sleep(0.02)
        return found

    def close(self):
        self.connection.close()
        self.child.terminate()
        self.child.wait()
        self.child.stdout.close()


class Measured(NamedTuple):
    """A model: macro-F1 and log loss on the held-out texts, and the macro-F1 that the page shows of it."""

    f1: float | None
    log_loss: float | None
    shown: float | None


class Coder:
    """Labels an archive in one work folder."""

    def __init__(self, args, folder, rows, test, seed):
        self.args, self.folder, self.rows, self.test = args, folder, rows, test
        self.ended_early = 0
        write(folder / "archive.csv", rows, seed, args.group)
        write(folder / "test.csv", test, seed, None)

    def run(self, queue):
        """What was measured, by number of labels."""
        curve = {}
        with contextlib.closing(Page(self.args.program, self.folder / "archive.csv", self.folder / "work")) as page:
            labels = [] if self.args.source == "corpus" else sorted({row["label"] for row in self.rows})
            page.post("/api/session", {"labels": labels, "every": 0})
            page.wait("scores", "/api/session", lambda session: not session["archive"]["scoring"])
            time.sleep(1)  # for the ranking, which follows and is not told
            if self.args.source == "corpus":
                curve[0] = Measured(*self.measure([]), None)
            for size in range(self.args.step, self.args.stop + 1, self.args.step):
                is_first = not any(curve) and self.args.first == "random"
                if not all(self.label(page, "random" if is_first else queue) for _ in range(self.args.step)):
                    break
                curve[size] = self.train(page, size)
        return curve

    def label(self, page, queue):
        """Decides about the next text; false where all are decided."""
        items = page.get(f"/api/queue?kind={queue}&limit=1")["items"]
        if not items and queue != "random":
            self.ended_early += 1
            items = page.get("/api/queue?kind=random&limit=1")["items"]
        if not items:
            return False
        row = self.rows[items[0]["number"]]
        assert items[0]["passage"].strip() in row["text"], items[0]
        page.post("/api/decisions", {"unit": items[0]["unit"], "kind": "label", "label": row["label"]})
        return True

    def train(self, page, size):
        before = page.get("/api/training")["history"][-1]["number"]
        page.post("/api/train", {"from": self.args.source})
        newest = lambda training: training["history"][-1]
        is_done = lambda training: training["state"] != "running" or (newest(training)["current"] and newest(training)["number"] > before)
        training = page.wait("a training", "/api/training", is_done)
        if training["state"] == "failed":
            # As with labels that are all one and the same.
            print(f"no model from {size} labels: {training['error']}", flush=True)
            return Measured(None, None, None)
        # The new model is in use. What still runs only draws the page's learning curve.
        page.post("/api/train/stop")
        training = page.wait("the end of a training", "/api/training", lambda training: training["state"] != "running")
        model = newest(training)
        figure = model["unseen"] or model["random"]
        path = self.folder / "work" / "models" / f"{model['number']:03}.safetensors"
        return Measured(*self.measure(["--model", path]), figure and figure["macro_f1"])

    def measure(self, model):
        words = [self.args.program, "score", self.folder / "test.csv", *model, "--format", "jsonl", "--no-abstain", "--quiet"]
        done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, (words, done.stderr)
        answers, gold = list(map(json.loads, done.stdout.splitlines())), [row["label"] for row in self.test]
        # A label that the coder has not used yet is unknown to the model.
        losses = [-math.log(max(answer["probabilities"].get(label, 0), 1e-3)) for answer, label in zip(answers, gold)]
        return macro_f1(gold, [answer["top"] for answer in answers]), statistics.mean(losses)


def macro_f1(gold, predicted):
    """Over the labels of the gold standard; a label that is never predicted counts as 0."""
    assert len(gold) == len(predicted)
    scores = []
    for label in sorted(set(gold)):
        both = sum(a == b == label for a, b in zip(gold, predicted))
        scores.append(2 * both / (gold.count(label) + predicted.count(label)))
    return statistics.mean(scores)


def spread(values, sign=""):
    """The mean with the lowest and the highest value."""
    values = [value for value in values if value is not None]
    if not values:
        return ""
    return f"{statistics.mean(values):{sign}.3f} ({min(values):{sign}.3f} to {max(values):{sign}.3f})"


def print_table(runs):
    print("| labels | macro-F1, random | uncertain | difference | log loss, random | uncertain | macro-F1 on the page, random | uncertain |")
    print("|---:|---|---|---|---|---|---|---|")
    for size in sorted(set.intersection(*(set(curve) for found in runs.values() for curve in found))):
        of = {queue: [curve[size] for curve in found] for queue, found in runs.items()}
        cells = [[spread([getattr(model, name) for model in of[queue]]) for queue in QUEUES] for name in Measured._fields]
        pairs = [(a.f1, b.f1) for a, b in zip(*of.values()) if None not in (a.f1, b.f1)]
        cells[0].append(spread([b - a for a, b in pairs], "+") if size else "")
        print(f"| {size} | {' | '.join(cell for column in cells for cell in column)} |")


def main():
    args = arguments()
    rows = read(args)
    runs = {queue: [] for queue in QUEUES}
    ended_early, sizes = 0, collections.Counter()
    for seed in range(args.seeds):
        archive, test = parts(args, rows, seed)
        sizes[len(archive), len(test)] += 1
        for queue in QUEUES:
            with tempfile.TemporaryDirectory() as folder:
                begun = time.monotonic()
                coder = Coder(args, pathlib.Path(folder), archive, test, seed)
                runs[queue].append(coder.run(queue))
                ended_early += coder.ended_early
            found = " ".join("-" if model.f1 is None else f"{model.f1:.3f}" for model in runs[queue][-1].values())
            print(f"{seed} {queue}: {found} ({time.monotonic() - begun:.0f} s)", flush=True)

    print(f"\nTexts opened and measured on: {', '.join(f'{a} and {b}' for a, b in sizes)}; {args.seeds} seeds\n")
    print_table(runs)
    if ended_early:
        print(f"\nThe queue `uncertain` was empty {ended_early} times; the coder took the next text of the queue `random` then.")


if __name__ == "__main__":
    main()
