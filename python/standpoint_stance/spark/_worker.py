"""Runs on the workers, and opens each model once per process."""

from __future__ import annotations

import os
import socket
from typing import Any, Callable, Iterable, Iterator, Optional

import pyarrow

from .._errors import ModelError
from .._model import Model

#: The models that this process has opened, by their ids and places.
_OPENED: dict[tuple[Any, ...], Model] = {}
_MAX_OPENED = 8


class Source:
    """The model that a job uses: a path, which every machine must have, and the id of the file there."""

    def __init__(self, model: Any) -> None:
        opened = model if isinstance(model, Model) else _read(None if model is None else os.fspath(model), None)
        paths = opened._native.paths
        #: The path of the model; ``None`` for the bundled one.
        self.path: Optional[str] = None
        #: The path of its loaded-language model.
        self.loaded: Optional[str] = None
        #: The bytes of a model that has no file.
        self.data: Optional[bytes] = None
        if not isinstance(model, Model):
            # As it was given: it may be relative to the folder of each worker.
            self.path = None if model is None else os.fspath(model)
        elif paths is not None:
            self.path, self.loaded = str(paths[0]), None if paths[1] is None else str(paths[1])
        elif not opened._native.is_bundled:
            self.data = opened.to_bytes()
        self.id = opened.id
        self.columns = opened.text_columns
        self.opened = opened

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "opened"}

    def open(self) -> Model:
        """The model, on a worker. It is opened once per process."""
        if self.data is not None:
            data = self.data
            return _once((self.id,), lambda: Model.from_bytes(data))
        model = _once((self.path, self.loaded, self.id), lambda: _read(self.path, self.loaded))
        if model.id != self.id:
            where = "the bundled model" if self.path is None else self.path
            raise ModelError(
                f"{where} is {model.id} on {socket.gethostname()} and {self.id} on the driver; bring the same to every machine"
            )
        return model


def _once(key: tuple[Any, ...], read: Callable[[], Model]) -> Model:
    """The model of a key, read once for each id: a file that was replaced is read again."""
    if key not in _OPENED:
        while len(_OPENED) >= _MAX_OPENED:
            del _OPENED[next(iter(_OPENED))]
        _OPENED[key] = read()
    return _OPENED[key]


def _read(path: Optional[str], loaded: Optional[str]) -> Model:
    try:
        return Model.load(path, loaded_model=loaded)
    except ModelError as error:
        raise ModelError(f"{error} (on {socket.gethostname()}; give model= a path that every machine has)") from None


def batches(tables: Iterable[Any], names: list[str]) -> Iterator[pyarrow.RecordBatch]:
    """Results as Spark takes them: pyarrow record batches with the columns in the order of the schema, by which Spark matches them."""
    for table in tables:
        yield pyarrow.record_batch(table).select(names)
