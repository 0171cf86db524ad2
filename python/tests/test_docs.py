"""Docstrings, types and examples."""

from __future__ import annotations

import doctest
import importlib
import pathlib
import re
import subprocess
import sys

import pandas
import pytest
from conftest import REPOSITORY

import standpoint_stance

PACKAGE = pathlib.Path(standpoint_stance.__file__).parent
MODULES = ["standpoint_stance"] + [
    f"standpoint_stance.{name}" for name in ("_agreement", "_jobs", "_model", "_read", "_results", "_train", "polars", "sklearn")
]


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_run(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0 and found.attempted > 0


def test_the_types_are_checked():
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports", "--cache-dir", "/dev/null", "-p", "standpoint_stance"],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


def test_the_stubs_are_those_of_the_compiled_part():
    checked = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "standpoint_stance._native", "--ignore-missing-stub"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout


def blocks(path: str) -> list[str]:
    """The blocks of Python in a page."""
    return re.findall(r"```python\n(.*?)```", (REPOSITORY / path).read_text(encoding="utf-8"), re.DOTALL)


PAGES = {(path, number): code for path in ("README.md", "python/README.md") for number, code in enumerate(blocks(path))}


@pytest.mark.parametrize(("path", "number"), [key for key, code in PAGES.items() if "pyspark" not in code])
def test_what_the_readme_shows_runs(path, number, weather, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pandas.DataFrame(weather).to_csv("labeled.csv", index=False)
    articles = pandas.DataFrame({"id": [7, 8], "text": ["NATO must give Ukraine guarantees.", None], "outlet": ["Herald", "Post"]})
    articles.to_csv("articles.csv", index=False)
    articles.to_parquet("articles.parquet")
    exec(compile(PAGES[path, number], path, "exec"), {})
