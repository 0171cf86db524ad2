"""Fixtures that all tests share."""

from __future__ import annotations

import os
import pathlib
import random
import subprocess
import sys

import pytest

import standpoint_stance as ss

REPOSITORY = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope="session")
def model():
    """The bundled model."""
    return ss.Model.load()


@pytest.fixture(scope="session")
def program():
    """The command of the repository, as a list of words."""
    given = os.environ.get("STANDPOINT")
    if given:
        return [given]
    built = REPOSITORY / "target" / "debug" / ("standpoint.exe" if os.name == "nt" else "standpoint")
    return [str(built)] if built.exists() else [sys.executable, "-m", "standpoint_stance._command"]


@pytest.fixture(scope="session")
def command_line(program):
    """Runs ``standpoint score`` on files and gives the rows of its Parquet."""

    def run(path, out, *options):
        import pyarrow.parquet

        subprocess.run([*program, "score", str(path), "--output", str(out), "--quiet", *map(str, options)], check=True)
        return pyarrow.parquet.read_table(out)

    return run


def assert_scored_alike(found, expected, given):
    """Checks every column that Spark gave for a table against the command line's, row by row. Each table has ids."""
    import pyarrow
    import pyarrow.compute

    found, expected, given = (table.sort_by("id") for table in (found, expected, given))
    assert found.schema.names == expected.schema.names and found["id"].equals(given["id"])
    missing = pyarrow.compute.is_null(given["text"])
    assert pyarrow.compute.sum(missing).as_py() == len(given) // 1000
    for name in expected.schema.names:
        # A row has no place in a file. A text that is missing has no results; the command line scores it as a blank one.
        none = pyarrow.scalar(None, expected[name].type)
        empty = True if name in ("path", "record") else name != "id" and missing
        assert found[name].equals(pyarrow.compute.if_else(empty, none, expected[name])), name


SENTENCES = [
    "NATO must give Ukraine binding security guarantees now.",
    "The expansion of the alliance provoked the war, and more weapons only prolong it.",
    "Ministers met in Brussels on Tuesday to discuss the budget of the alliance.",
    "Kyiv says that air defence is what it needs most this winter.",
    "Critics of the alliance say that Russia's security concerns were ignored for years.",
    "The treaty says that an attack on one member is an attack on all of them.",
    "Café owners in Zürich — and elsewhere — raised prices: naïve, perhaps… 价格上涨 🙂.",
    "Share this article",
    "Diplomats spoke of a ceasefire, and the president called it appeasement.",
]


@pytest.fixture(scope="session")
def texts():
    """Texts of many lengths, some of them blank, short, or in other scripts."""
    draw = random.Random(7)
    made = ["", " ", "Hello.", "привет, мир", "\ufeffNATO", "a\u200bb"]
    for _ in range(600):
        paragraphs = [" ".join(draw.choices(SENTENCES, k=draw.randint(1, 5))) for _ in range(draw.randint(1, 4))]
        made.append("\n\n".join(paragraphs))
    # Several passages, which are scored one by one.
    made += ["\n\n".join(" ".join(draw.choices(SENTENCES, k=12)) for _ in range(9)) for _ in range(3)]
    return made


@pytest.fixture(scope="session")
def weather():
    """Labeled texts that are easy to tell apart, with groups."""
    words = {"warm": ["sun", "mild wind", "bright noon"], "cold": ["snow", "hard frost", "dark ice"]}
    draw = random.Random(3)
    labels = ["warm", "cold"] * 30
    rows = [f"day {draw.randint(1, 99)} brought {draw.choice(words[label])} and {draw.choice(words[label])}" for label in labels]
    return {"text": rows, "label": labels, "outlet": [f"outlet {number % 6}" for number in range(60)]}
