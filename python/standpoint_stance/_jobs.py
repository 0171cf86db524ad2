"""Determines the number of threads of a call."""

from __future__ import annotations

import operator
import os

from ._errors import ParameterError

#: As many threads as the compiled part starts.
MAX_JOBS = 1024

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex


def jobs(n_jobs: SupportsIndex | None) -> int:
    """The number of threads that ``n_jobs`` asks for.

    ``None`` is 1, and -1 is every processor that this process may use, or what ``OMP_NUM_THREADS`` allows.

    >>> jobs(None), jobs(3)
    (1, 3)
    """
    if n_jobs is None or (type(n_jobs) is int and n_jobs == 1):
        return 1
    if isinstance(n_jobs, bool) or not hasattr(n_jobs, "__index__"):
        raise TypeError(f"n_jobs is {type(n_jobs).__name__}; expected an integer")
    n_jobs = operator.index(n_jobs)
    if n_jobs == 0 or n_jobs < -1:
        raise ValueError(f"n_jobs={n_jobs}: expected a number of at least 1, or -1 for all processors")
    if n_jobs > MAX_JOBS:
        raise ParameterError(f"n_jobs={n_jobs}: expected at most {MAX_JOBS}")
    if n_jobs > 0:
        return n_jobs
    try:
        processors = len(os.sched_getaffinity(0))
    except AttributeError:
        processors = os.cpu_count() or 1
    allowed = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    return min(processors, int(allowed)) if allowed.isdigit() and int(allowed) > 0 else processors
