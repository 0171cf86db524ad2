"""The exceptions of the package.

A value of the wrong type raises ``TypeError``, and a value that no call allows ``ValueError``, as everywhere in Python.
Every other error is a ``StandpointError``.
"""

from __future__ import annotations


class StandpointError(Exception):
    """The base of all exceptions of this package."""

    __module__ = "standpoint_stance"


class InputError(StandpointError, ValueError):
    """A text, a column or a file cannot be read."""

    __module__ = "standpoint_stance"


class ParameterError(StandpointError, ValueError):
    """A parameter is outside its range, or contradicts another."""

    __module__ = "standpoint_stance"


class DataError(StandpointError, ValueError):
    """Labeled rows cannot be used for training or evaluation."""

    __module__ = "standpoint_stance"


class ModelError(StandpointError):
    """A model file is missing, damaged, of another version, or not a model."""

    __module__ = "standpoint_stance"


class RunError(StandpointError, OSError):
    """A run cannot begin, be resumed, or write its results."""

    __module__ = "standpoint_stance"


class InternalError(StandpointError, RuntimeError):
    """A bug in standpoint. Please report it."""

    __module__ = "standpoint_stance"
