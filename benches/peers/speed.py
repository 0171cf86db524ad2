"""How fast, how big and how right: standpoint and its peers on one file, from file to file, in one table.

    cargo build --release
    .venv/bin/pip install scikit-learn pandas joblib vowpalwabbit; apt-get install fasttext liblinear-tools
    .venv/bin/python benches/peers/speed.py DATA.csv [--rows N] [--runs 3] [--only score,train,model,solver] [--json OUT]

DATA.csv has the columns text and label, and may have one (`split`) that says `test` of the rows to measure on; without it a fifth is
taken by a hash of the row's number. Training takes all other rows, scoring the whole file, macro-F1 the test rows.

Every figure is of a whole process, from its start to its end: wall clock, seconds of all processors, and peak memory as the
kernel counts it for that child (os.wait4). A process is held to its processors as by `taskset`. In each round every program runs
once, in an order that goes round; shown are medians of the rounds. A ratio is the median of the rounds' ratios, with the least and
the greatest. fastText and Vowpal Wabbit read texts that were cut into words beforehand, which they are not charged for. What was
prepared, and the peers' models, stay in --work.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

from programs import INSTALL, KINDS, ROOT, Programs, measure

NAMES = {"sp-off": "standpoint, all off (1)", "sp-stems": "standpoint, stems (2)", "sp-on": "standpoint, all on (3)",
         "sp-default": "standpoint, its defaults (4)", "sk-lr": "scikit-learn LogisticRegression", "sk-svc": "scikit-learn LinearSVC",
         "ft-100": "fastText", "ft-10": "fastText -dim 10", "vw": "Vowpal Wabbit"}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--standpoint", default=ROOT / "target/release/standpoint", type=os.path.abspath)
    parser.add_argument("--rows", type=int, default=0, help="so many rows, evenly spread over the file [all]")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--only", default="train,model,score,solver")
    parser.add_argument("--work", default=ROOT / "target/peers", type=pathlib.Path)
    parser.add_argument("--c", default="10", help="C of standpoint and of scikit-learn's LogisticRegression")
    parser.add_argument("--max-features", type=int, default=0, help="for standpoint and scikit-learn [all]")
    parser.add_argument("--train-options", default="", help="more options of `standpoint train`")
    parser.add_argument("--ours", help="passed to solver.py")
    return parser.parse_args()


def rounds(runs, programs):
    """Runs {name: function that measures} in rounds; {name: list of measurements, or the error}."""
    results = {name: [] for name in programs}
    names = list(programs)
    for number in range(runs):
        for name in names[number % len(names):] + names[:number % len(names)]:
            if isinstance(results[name], str):
                continue
            print(f"round {number + 1}: {name}", file=sys.stderr)
            try:
                results[name].append(programs[name]())
            except RuntimeError as error:
                results[name] = f"failed: {error}"
    return results


def ratio(over, under, key="wall"):
    each = sorted(a[key] / b[key] for a, b in zip(over, under))
    return statistics.median(each), each[0], each[-1]


class Table:
    """Rows of the results, as Markdown and as JSON."""

    def __init__(self):
        self.rows = []

    def add(self, what, tool, runs, f1=None, ratio=None, goal=None, most=None, note=""):
        """`goal`: the ratio is to be at least that; `most`: at most."""
        row = {"what": what, "tool": tool, "f1": f1, "ratio": ratio, "goal": goal, "most": most, "note": note}
        if isinstance(runs, str):
            row["note"] = runs
        elif runs:
            row |= {key: statistics.median(run[key] for run in runs) for key in runs[0]} | {"runs": runs}
        if ratio and (goal or most):
            row["reached"] = ratio[0] >= goal if goal else ratio[0] <= most
        self.rows.append(row)

    def show(self):
        number = lambda value, digits: "" if value is None else f"{value:,.{digits}f}"
        print("| what | program | wall s | cpu s | peak MB | macro-F1 | ratio (least-greatest) | goal | reached |")
        print("|---|---|--:|--:|--:|--:|--:|--:|---|")
        for row in self.rows:
            shown = "{:.2f} ({:.2f}-{:.2f})".format(*row["ratio"]) if row["ratio"] else ""
            goal = f"≥ {row['goal']:g}" if row["goal"] else f"≤ {row['most']:.2g}" if row["most"] else ""
            reached = {True: "yes", False: "no", None: ""}[row.get("reached")]
            cells = [row["what"], row["tool"], number(row.get("wall"), 2), number(row.get("cpu"), 2), number(row.get("rss"), 0),
                     number(row["f1"], 4), shown, goal, f"{reached} {row['note']}".strip()]
            print(f"| {' | '.join(cells)} |")


def main():
    args = arguments()
    programs, table, log = Programs(args), Table(), []
    cpus = sorted(os.sched_getaffinity(0))
    one, two, every = cpus[:1], cpus[:2], cpus
    sections, folder = args.only.split(","), programs.folder
    out = lambda tool: folder / f"{tool}.out"

    def trained(tool):
        """A model to score with: the one that there is, or a new one."""
        if tool != "sp-default" and not programs.model(tool).exists():
            print(f"training {tool}", file=sys.stderr)
            measure(programs.train(tool), every, folder / f"{tool}.log")
        return tool

    def compare(what, tools, make, f1, goals, base="sp-off"):
        """Measures tools in rounds, and adds their rows. A tool is a name, or a name and how it runs."""
        there = {}
        for tool in tools:
            try:
                there |= {tool: make(tool)} if programs.there[tool[:2]] else {}
            except RuntimeError as error:
                log.append(f"{tool} failed: {error}")
        results = rounds(args.runs, there)
        if isinstance(results[base], str):
            sys.exit(f"standpoint {results[base]}")
        right = {tool: f1(tool) for tool, runs in results.items() if isinstance(runs, list)}
        for tool in tools:
            name = NAMES[tool.split("@")[0]] + (f", {tool.split('@')[1]}" if "@" in tool else "")
            runs = results.get(tool, f"not installed: {INSTALL.get(tool[:2])}")
            more = {}
            if isinstance(runs, list) and tool != base:
                ours = tool[:2] == "sp"  # how much slower than with all off; peers: how much slower than standpoint
                goal = goals.get(tool)
                more = {"ratio": ratio(runs, results[base]), "most" if ours and "@" not in tool else "goal": goal}
                if not ours and right[tool] and right[tool] > right[base]:
                    more["note"] = "(its macro-F1 is higher)"
            table.add(what, name, runs, right.get(tool), **more)
        return results

    if "train" in sections:
        def train(tool):
            return lambda: measure(programs.train(tool), two, folder / f"{tool}.log")

        def f1(tool):
            measure(programs.score(tool, "test", out(tool)), every, out(tool))
            return programs.macro_f1(programs.answers(tool, out(tool)))

        results = compare("train, 2 processors", ["sp-off", "sp-stems", "sk-lr", "sk-svc", "ft-100", "ft-10", "vw"], train, f1,
                          {"sk-lr": 20, "sk-svc": 6})
        if isinstance(results.get("sk-lr"), list):
            table.add("peak memory of training", "standpoint / scikit-learn LogisticRegression", [],
                      ratio=ratio(results["sp-off"], results["sk-lr"], "rss"), most=1 / 3)
    if "model" in sections:
        sizes = {tool: programs.model(trained(tool)).stat().st_size for tool in ["sp-off", "sk-lr", "ft-100", "ft-10", "vw"]
                 if programs.there[tool[:2]]}
        for tool, size in sizes.items():
            of_theirs = sizes["sp-off"] / size
            table.add("model file", f"{NAMES[tool]}: {size / 1e6:,.1f} MB", [], most=0.5 if tool == "sk-lr" else None,
                      ratio=None if tool == "sp-off" else (of_theirs,) * 3)
    if "score" in sections:
        def score(processors, jobs):
            def make(tool):
                name, _, how = tool.partition("@")
                command = programs.score(trained(name), "all", out(tool), 1 if how == "1 thread" else jobs)
                where = one if how == "1 thread" else processors
                return lambda: measure(command, where, out(tool) if tool[:2] == "ft" else f"{out(tool)}.log")
            return make

        f1 = lambda tool: programs.macro_f1(programs.answers(tool, out(tool)))
        compare("score, 1 processor", ["sp-off", "sp-stems", "sp-on", "sp-default", "sk-lr", "ft-100", "ft-10", "vw"],
                score(one, 1), f1, {"sp-on": 1.5, "sp-default": 1.5, "sk-lr": 40, "ft-100": 3, "ft-10": 3})
        if len(cpus) > 1:
            compare("score, 2 threads", ["sp-off", "sp-off@1 thread", "sk-lr"], score(every, 2), f1,
                    {"sp-off@1 thread": 1.85, "sk-lr": 70})

    version = lambda *command: subprocess.run(command, capture_output=True, text=True).stdout.strip()
    print(f"{len(programs.gold)} test rows of {pathlib.Path(args.data).name}, scored {os.path.getsize(folder / 'all.csv') / 1e6:,.1f} MB, "
          f"trained on {os.path.getsize(folder / 'train.csv') / 1e6:,.1f} MB; {args.runs} rounds; C {args.c}\n")
    table.show()
    print(f"""
Ratios: how many times as long as standpoint with all off (of its own other rows too; "1 thread": its time with one by its time
with two); memory and model file: standpoint's share of the other's. Options of `standpoint train`:
1. {KINDS['off']}; scored without --loaded-model
2. {KINDS['stems']} (the language of the texts is checked, too)
3. {KINDS['on']}; score --loaded-model models/loaded.safetensors
   (paragraphs joined as in the model inside the program; boilerplate left out; language, subject and loaded sentences looked at)
4. `standpoint score` with no model given: the models inside the program, of other labels and with fewer features
fastText: -wordNgrams 2 -lr 0.5, else its defaults; Vowpal Wabbit: --ngram 2, 4 passes, 2^22 weights.
""")
    if programs.model("sp-off").exists():
        found = re.search(r"features +(\d+)", version(str(args.standpoint), "inspect", str(programs.model("sp-off"))))
        log.append(f"standpoint all off: {found[1] if found else '?'} features")
    log += [f"{NAMES[tool]}: {(folder / f'{tool}.log').read_text().strip()}" for tool in ["sk-lr", "sk-svc"]
            if (folder / f"{tool}.log").exists()]
    log.append(version(str(args.standpoint), "--version"))
    pip = "import importlib.metadata as m\nfor d in m.distributions(): print(d.name.lower(), d.version)"
    log += [line for line in version(sys.executable, "-c", pip).splitlines()
            if line.split()[0] in ("scikit-learn", "pandas", "numpy", "scipy", "joblib", "vowpalwabbit", "liblinear-official")]
    if shutil.which("dpkg-query"):
        log += version("dpkg-query", "-W", "fasttext", "liblinear-tools").replace("\t", " ").splitlines()
    print("\n".join(f"- {line}" for line in log))
    if args.json:
        args.json.write_text(json.dumps({"rows": table.rows, "notes": log}, indent=1) + "\n")
    if "solver" in sections:
        here, matrix = pathlib.Path(__file__).parent, folder / "train.svm"
        print("\nThe solver alone:\n", flush=True)
        if not matrix.exists():
            subprocess.run([sys.executable, here / "export_svm.py", folder / "train.csv", matrix], check=True)
        subprocess.run([sys.executable, here / "solver.py", matrix, *(["--ours", args.ours] if args.ours else [])], check=True)


if __name__ == "__main__":
    main()
