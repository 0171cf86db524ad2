"""Docstrings, types and examples."""

from __future__ import annotations

import doctest
import importlib
import pathlib
import subprocess
import sys

import pytest

import standpoint_stance

PACKAGE = pathlib.Path(standpoint_stance.__file__).parent
MODULES = ["standpoint_stance"] + [
    f"standpoint_stance.{name}" for name in ("_agreement", "_jobs", "_model", "_read", "_train", "polars", "sklearn")
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
