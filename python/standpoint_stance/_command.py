"""Runs the command ``standpoint``."""

from __future__ import annotations

import signal
import sys

from . import _native


def main() -> int:
    """Runs the program with the arguments of this process."""
    # The program has handlers of its own, and Python's would wait for an interpreter that is busy.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.run_command(["standpoint", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
