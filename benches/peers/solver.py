"""The solver alone: LIBLINEAR's logistic regression (-s 0 primal, -s 7 dual) on a sparse matrix, time against objective.

    .venv/bin/pip install numpy scipy scikit-learn liblinear-official; apt-get install liblinear-tools
    .venv/bin/python benches/peers/export_svm.py DATA.csv MATRIX.svm
    .venv/bin/python benches/peers/solver.py MATRIX.svm [--binary] [--ours "COMMAND {matrix} {c}"] [--json OUT]

The objective is C x sum of log loss + |w|^2 / 2 in doubles, from the weights that were found, with the values as they are in the file. The
binary problem is the label of the first row against the rest; without --binary follow all labels, one against the rest each,
whose objectives are added up. The intercept is LIBLINEAR's: the weight of a further feature that is 1 (--bias 1), penalised as
the others are; with --free-bias its square is left out of what is measured (LIBLINEAR still minimises with it), with --bias -1
there is no intercept.

--ours is run once in each round. {matrix} becomes a file with the binary problem, of labels 1 and -1, {c} is C. It prints lines
such as {"tolerance": 1e-3, "seconds": 0.61, "objective": 812.5}, and may add "weights": a file with one weight a line, the intercept
last, from which the objective is computed here.

`seconds` are those of training alone, by the package liblinear-official in this process, median of the rounds; without the
package, the time of `liblinear-train` less that of a run that stops at once (-e 1e30). `process` is all of `liblinear-train`,
reading the file and writing the model included, once. LIBLINEAR uses one thread; ours as many as its command says.
"""

import argparse
import json
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
from scipy import sparse
from sklearn.datasets import load_svmlight_file

try:
    from liblinear import liblinearutil
except (ImportError, OSError):
    liblinearutil = None
TOOL = next(filter(None, map(shutil.which, ["liblinear-train", "train"])), None)
SOLVERS = {"LIBLINEAR -s 0": (0, [0.1, 0.01, 1e-3, 1e-4, 1e-6]), "LIBLINEAR -s 7": (7, [1, 0.3, 0.1, 0.01, 1e-3])}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("matrix", type=pathlib.Path)
    parser.add_argument("--binary", action="store_true", help="only the first label against the rest")
    parser.add_argument("--c", type=float, default=10)
    parser.add_argument("--bias", type=float, default=1)
    parser.add_argument("--free-bias", action="store_true")
    parser.add_argument("--within", type=float, default=1e-3, help="times are compared to reach the best objective within this share")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ours")
    parser.add_argument("--json", type=pathlib.Path)
    return parser.parse_args()


class Problem:
    """Rows, labels, and where they are on disk."""

    def __init__(self, args, path, x, y):
        self.args, self.path, self.x, self.y = args, path, x, y
        self.data = liblinearutil.problem(y, x, args.bias) if liblinearutil else None

    def objective(self, labels, weights):
        """Of one weight vector a label (two labels: one in all, for the first); summed over them."""
        total = 0.0
        weights = numpy.asarray(weights, dtype=numpy.float64)
        for label, w in zip(labels, weights):
            columns = min(len(w), self.x.shape[1])
            margins = self.x[:, :columns] @ w[:columns]
            free = 0.0
            if len(w) > self.x.shape[1] and self.args.bias >= 0:
                margins += w[-1] * self.args.bias
                free = w[-1] ** 2 if self.args.free_bias else 0.0
            loss = numpy.logaddexp(0, -numpy.where(self.y == label, 1, -1) * margins).sum()
            total += self.args.c * loss + (w @ w - free) / 2
        return float(total)

    def options(self, solver, tolerance):
        return ["-s", str(solver), "-c", str(self.args.c), "-B", f"{self.args.bias:g}", "-e", str(tolerance), "-q"]

    def inside(self, solver, tolerance):
        """Seconds of training alone, and the objective."""
        parameter = liblinearutil.parameter(" ".join(self.options(solver, tolerance)))
        began = time.perf_counter()
        model = liblinearutil.train(self.data, parameter)
        seconds = time.perf_counter() - began
        labels = model.get_labels()
        vectors = 1 if len(labels) == 2 else len(labels)
        width = model.nr_feature + (model.bias >= 0)
        return seconds, self.objective(labels, numpy.ctypeslib.as_array(model.w, (width * vectors,)).reshape(width, vectors).T)

    def process(self, solver, tolerance):
        """Seconds of the whole process, and the objective."""
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "model")
            began = time.perf_counter()
            subprocess.run([TOOL, *self.options(solver, tolerance), self.path, out], check=True, stdout=subprocess.DEVNULL)
            seconds = time.perf_counter() - began
            with open(out, encoding="ascii") as file:
                head = {}
                while (line := file.readline().split()) != ["w"]:
                    head[line[0]] = line[1:]
                weights = numpy.loadtxt(file, ndmin=2).T
        return seconds, self.objective(list(map(float, head["label"])), weights)


def ours(args, path):
    """Records that the command prints: tolerance, seconds, objective."""
    words = [word.replace("{matrix}", str(path)).replace("{c}", f"{args.c:g}") for word in shlex.split(args.ours)]
    out = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def measure(args, problem, runs, command):
    """[{solver, tolerance, seconds of each round, process, objective}]"""
    rows = []
    for name, (solver, tolerances) in SOLVERS.items():
        at_once = problem.process(solver, 1e30)[0] if TOOL and not liblinearutil else None
        for tolerance in tolerances:
            row = {"solver": name, "tolerance": tolerance, "process": None, "each": []}
            if TOOL:
                row["process"], row["objective"] = problem.process(solver, tolerance)
                row["process objective"] = row["objective"]
            if at_once is not None:
                row["each"] = [max(row["process"] - at_once, 1e-9)]
            rows.append(row)
    theirs = list(rows)
    for number in range(runs):
        print(f"round {number + 1}", file=sys.stderr)
        for row in theirs[::-1 if number % 2 else 1] if liblinearutil else []:
            seconds, row["objective"] = problem.inside(SOLVERS[row["solver"]][0], row["tolerance"])
            row["each"].append(seconds)
        for record in ours(args, problem.path) if command else []:
            row = next((row for row in rows if row["solver"] == "ours" and row["tolerance"] == record["tolerance"]), None)
            if row is None:
                row = {"solver": "ours", "tolerance": record["tolerance"], "process": None, "each": []}
                rows.append(row)
            row["each"].append(record["seconds"])
            row["objective"] = record["objective"]
            if "weights" in record:
                row["objective"] = problem.objective([problem.y[0]], [numpy.loadtxt(record["weights"])])
                row["said"] = record["objective"]
    return rows


def show(args, title, rows):
    best = min(row["objective"] for row in rows)
    print(f"{title}; best objective {best:.6f}\n")
    print("| solver | tolerance | seconds | process s | objective | above the best |\n|---|--:|--:|--:|--:|--:|")
    for row in rows:
        row["seconds"] = statistics.median(row["each"])
        row["above"] = row["objective"] / best - 1
        process = f"{row['process']:.3f}" if row["process"] else ""
        print(f"| {row['solver']} | {row['tolerance']:g} | {row['seconds']:.3f} | {process} | {row['objective']:.4f} "
              f"| {row['above']:.5%} |")
    print()
    fastest = {}
    for row in rows:
        if row["above"] <= args.within and row["seconds"] < fastest.get(row["solver"], {"seconds": float("inf")})["seconds"]:
            fastest[row["solver"]] = row
    for name in dict.fromkeys(row["solver"] for row in rows):
        row = fastest.get(name)
        line = "does not get there" if row is None else f"{row['seconds']:.3f} s, tolerance {row['tolerance']:g}"
        if row and name != "ours" and "ours" in fastest:
            each = sorted(a / b for a, b in zip(row["each"], fastest["ours"]["each"]))
            line += f"; {statistics.median(each):.2f} times ours ({each[0]:.2f}-{each[-1]:.2f})"
        print(f"- within {args.within:.2%} of the best objective: {name} {line}")
    print(flush=True)
    return {"problem": title, "best": best, "rows": rows}


def main():
    args = arguments()
    if not TOOL and not liblinearutil:
        sys.exit("LIBLINEAR is not installed: pip install liblinear-official, or apt-get install liblinear-tools")
    x, y = load_svmlight_file(str(args.matrix), dtype=numpy.float64)
    x = sparse.csr_matrix(x)
    labels = list(dict.fromkeys(y.tolist()))
    print(f"{x.shape[0]} rows, {x.shape[1]} features, {x.nnz} values, labels {', '.join(f'{label:g}' for label in labels)}; C {args.c:g}, "
          f"bias {args.bias:g}{', not counted in the objective' if args.free_bias else ''}\n")
    found = []
    with tempfile.TemporaryDirectory(dir=args.matrix.parent) as folder:
        path = pathlib.Path(folder) / "binary.svm"
        with open(args.matrix, encoding="ascii") as rows, open(path, "w", encoding="ascii") as out:
            for row in rows:
                label, _, values = row.partition(" ")
                out.write(f"{1 if float(label) == labels[0] else -1} {values}")
        problem = Problem(args, path, x, numpy.where(y == labels[0], 1.0, -1.0))
        found.append(show(args, f"label {labels[0]:g} against the rest", measure(args, problem, args.runs, args.ours)))
    if not args.binary and len(labels) > 2:
        problem = Problem(args, args.matrix, x, y)
        found.append(show(args, "all labels, one against the rest each", measure(args, problem, 1, None)))
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
