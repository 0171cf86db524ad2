"""Opens models and scores texts with them."""

from __future__ import annotations

import os
import warnings

from . import _native
from ._errors import InputError, RunError
from ._jobs import jobs
from ._results import Card, Evaluation, Explanation, Scores
from ._rows import count, flag, kept, names, rows, share, text_columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Iterator, Sequence, Union

    import numpy

    from ._rows import ColumnOrName, Texts

    Path = Union[str, "os.PathLike[str]"]
    Bytes = Union[bytes, bytearray, memoryview]


class Model:
    """A model that is ready for scoring.

    It never changes, so threads may share it. A pickled model contains the path and the hash of its file, or its bytes if it has no file.

    >>> model = Model.load()
    >>> model.labels
    ['nato-skeptical', 'neutral-analysis', 'pro-guarantee']
    """

    __slots__ = ("_native",)

    def __init__(self, native: _native.NativeModel) -> None:
        self._native = native

    @classmethod
    def load(cls, path: Path | None = None, *, loaded_model: Path | None = None) -> Model:
        """Opens a model file, or the bundled stance model if ``path`` is ``None``.

        ``loaded_model`` is the file of a loaded-language model, which fills the column ``loaded``. The bundled model has its own.

        >>> Model.load().text_columns
        ['text']
        """
        if path is None:
            if loaded_model is not None:
                raise ValueError("loaded_model= goes with path=: the bundled model brings its own")
            return cls(_native.NativeModel.bundled())
        return cls(_native.NativeModel.open(os.fspath(path), None if loaded_model is None else os.fspath(loaded_model)))

    @classmethod
    def from_bytes(cls, data: Bytes) -> Model:
        """Opens a model from the bytes of its file.

        >>> model = Model.load()
        >>> Model.from_bytes(model.to_bytes()).labels == model.labels
        True
        """
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data is {type(data).__name__}; expected the bytes of a model file: Model.load opens a path")
        return cls(_native.NativeModel.from_bytes(bytes(data)))

    def to_bytes(self) -> bytes:
        """The bytes of the model's file, without the loaded-language model."""
        return self._native.to_bytes()

    def save(self, path: Path) -> None:
        """Writes the model to a file, which is complete or absent.

        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "mine.safetensors"
        >>> Model.load().save(path)
        >>> Model.load(path).labels == Model.load().labels
        True
        """
        data, path = self.to_bytes(), os.fspath(path)
        partial = f"{path}.{os.getpid()}.partial"
        try:
            with open(partial, "wb") as file:
                file.write(data)
            os.replace(partial, path)
        except BaseException:
            if os.path.exists(partial):
                os.unlink(partial)
            raise

    @property
    def id(self) -> str:
        """The name of the model in results: the name of its file and the first digits of the file's hash."""
        return self._native.id

    @property
    def labels(self) -> list[str]:
        """The labels, in the order of :meth:`predict_proba`."""
        return self._native.labels

    @property
    def text_columns(self) -> list[str]:
        """The columns that hold the text in tables."""
        return self._native.text_columns

    def card(self) -> Card:
        """What the model is and how it was trained, as ``standpoint inspect`` shows it.

        >>> Model.load().card()["unit"]
        'paragraph'
        """
        return Card.parse(self._native.card(), model=self.id)

    def predict(
        self, texts: Texts, *, title: ColumnOrName = None, text: str | Sequence[str] | None = None, n_jobs: int | None = 1
    ) -> list[str | None]:
        """The label of each text; ``None`` if the model abstains or the text is missing.

        ``texts`` is a list of ``str``, an array, a Series or an Arrow column. It may also be a table or a dict of columns: the model then
        reads its :attr:`text_columns`, or the columns that ``text`` names.

        >>> model = Model.load()
        >>> model.predict(["NATO must give Ukraine binding security guarantees now.", "Hello.", None])
        ['pro-guarantee', None, None]
        """
        return self._native.predict(self._rows(texts, text, title), jobs(n_jobs))

    def predict_proba(
        self, texts: Texts, *, title: ColumnOrName = None, text: str | Sequence[str] | None = None, n_jobs: int | None = 1
    ) -> numpy.ndarray[Any, Any]:
        """The calibrated probabilities: one row per text, one column per label; NaN for a missing text.

        >>> Model.load().predict_proba(["NATO must give Ukraine binding security guarantees now."]).shape
        (1, 3)
        """
        import numpy

        data = self._native.predict_proba(self._rows(texts, text, title), jobs(n_jobs))
        return numpy.frombuffer(data, dtype=numpy.float64).reshape(-1, len(self.labels))

    def score(
        self,
        texts: Texts,
        *,
        title: ColumnOrName = None,
        id: ColumnOrName = None,
        keep: Iterable[str] = (),
        text: str | Sequence[str] | None = None,
        markup: str | None = None,
        keep_boilerplate: bool = False,
        label_always: bool = False,
        paragraphs: bool = False,
        confidence_level: float | None = None,
        set_rule: str = "lac",
        n_jobs: int | None = 1,
    ) -> Scores:
        """The results for each text, in the columns of the command line's Parquet output.

        Parameters
        ----------
        texts
            As in :meth:`predict`.
        title, id
            A column, or the name of one if ``texts`` is a table.
        keep
            Names of columns that are copied to the results, as ``meta_NAME``.
        text
            The columns that hold the text, instead of the model's :attr:`text_columns`.
        markup
            The markup of the texts, ``"plain"``, ``"html"`` or ``"markdown"``, instead of that of the texts that the model was trained on.
        keep_boilerplate
            Scores boilerplate, too.
        label_always
            Labels every text, however uncertain.
        paragraphs
            Gives one row per paragraph instead of one per text.
        confidence_level
            Adds a column ``set``: labels that contain the right one in this share of cases, such as 0.9. The sets of a model that scores
            paragraphs hold for paragraphs, so it needs ``paragraphs``.
        set_rule
            Whether ``confidence_level`` holds over all texts (``"lac"``) or for the texts of each label (``"class-conditional"``).
        n_jobs
            Number of threads; -1 for all processors.

        Python warns of texts that look like markup, contain escapes or were decoded wrongly.

        >>> scores = Model.load().score(["NATO must give Ukraine binding security guarantees now."], id=["a"])
        >>> scores["id"], scores["label"]
        (['a'], ['pro-guarantee'])
        """
        asked = self._asked(keep_boilerplate, label_always, paragraphs, confidence_level, set_rule, n_jobs)
        given = rows(texts, text_columns(text, self.text_columns), title=title, id=id, keep=keep)
        native, found = self._native.score(given, asked, markup)
        for warning in found:
            warnings.warn(warning, stacklevel=2)
        return Scores(native)

    def _score_batch(
        self,
        batch: Texts,
        columns: Sequence[str],
        *,
        title: str | None = None,
        id: str | None = None,
        keep: Iterable[str] = (),
        markup: str | None = None,
        **options: Any,
    ) -> tuple[Scores, list[str]]:
        """As :meth:`score`, with the warnings beside the results: many batches need not say the same."""
        given = rows(batch, columns, title=title, id=id, keep=keep)
        native, found = self._native.score(given, self._asked(**options), markup)
        return Scores(native), found

    def explain(self, text: str | Sequence[str], *, title: str | None = None, terms: int = 10) -> Explanation:
        """Explains the score of one text: for each label, the terms that count most, and where they are in the text.

        For a model with several text columns, ``text`` is a list with the text of each column.

        >>> explanation = Model.load().explain("NATO must give Ukraine binding security guarantees now.")
        >>> explanation.label
        'pro-guarantee'
        """
        texts: list[Any] = list(text) if isinstance(text, (list, tuple)) else [text]
        for index, part in enumerate([*texts, "" if title is None else title]):
            _check_text(part, "title" if index == len(texts) else f"text[{index}]")
        return Explanation.parse(self._native.explain(texts, title, count("terms", terms)))

    def evaluate(
        self,
        texts: Texts,
        labels: ColumnOrName = "label",
        *,
        title: ColumnOrName = None,
        group: ColumnOrName = None,
        date: ColumnOrName = None,
        weight: ColumnOrName = None,
        text: str | Sequence[str] | None = None,
        markup: str | None = None,
        as_documents: bool = False,
        merge_spellings: bool = False,
        f1_labels: Iterable[str] = (),
        confidence_level: float | None = None,
        set_rule: str = "lac",
        seed: int = 1,
        n_jobs: int | None = 1,
    ) -> Evaluation:
        """Measures the model on labeled texts, as ``standpoint evaluate`` does.

        ``labels``, ``group`` and ``date`` are columns, or names of columns if ``texts`` is a table. In a table, groups and dates are by
        default taken from the same columns as in :func:`standpoint_stance.train`. ``weight`` is a list of numbers, or the name
        of a column. ``markup`` is that of the texts, as in :meth:`score`.

        ``as_documents`` cuts each text into paragraphs, as :meth:`score` does; otherwise each is one unit. ``merge_spellings`` takes labels
        that differ from the model's only in spelling for the model's. ``f1_labels`` are labels over
        which F1 is averaged, too. ``confidence_level`` and ``set_rule``, as in :meth:`score`, measure how often the sets of labels contain
        the right one.

        If the model was trained on some of the rows or groups, as far as that is known, Python warns of it: the figures are too good. It
        also warns of texts that look like markup, contain escapes or were decoded wrongly. ``evaluation["seen"]`` counts such rows, and :attr:`Evaluation.warnings` has everything that there is to warn of.

        >>> model = Model.load()
        >>> model.evaluate(["NATO must give Ukraine binding security guarantees now."], ["pro-guarantee"])["accuracy"]
        1.0
        """
        from ._train import labeled

        given, columns = labeled(
            texts, text_columns(text, self.text_columns), labels, title=title, group=group, date=date, weight=weight
        )
        asked = {
            "markup": markup,
            "as_documents": flag("as_documents", as_documents),
            "merge_spellings": flag("merge_spellings", merge_spellings),
            "f1_labels": names("f1_labels", f1_labels),
            "confidence_level": None if confidence_level is None else share("confidence_level", confidence_level),
            "set_rule": set_rule,
            "seed": count("seed", seed),
            "n_jobs": jobs(n_jobs),
        }
        figures, found, told = self._native.evaluate(given, columns, asked)
        for warning in found[len(found) - told :]:
            warnings.warn(warning, stacklevel=2)
        return Evaluation.parse(figures, warnings=found)

    def suggest(
        self,
        texts: Texts,
        n: int = 50,
        *,
        labeled: Texts | None = None,
        text: str | Sequence[str] | None = None,
        rare_share: float = 0.2,
        seed: int = 1,
        n_jobs: int | None = 1,
    ) -> list[dict[str, Any]]:
        """The texts whose labels would teach the model most, as ``standpoint suggest`` picks them.

        Each pick has its ``row``, its ``text`` and ``why`` it was picked. Texts in ``labeled``, and near-duplicates of them, are skipped.

        >>> pool = ["NATO must give Ukraine binding guarantees.", "The minister spoke about NATO and Ukraine for an hour."]
        >>> len(Model.load().suggest(pool, 1))
        1
        """
        import json

        columns = text_columns(text, self.text_columns)
        asked = {"n": count("n", n), "rare_share": share("rare_share", rare_share), "seed": count("seed", seed), "n_jobs": jobs(n_jobs)}
        known = None if labeled is None else rows(labeled, columns)
        found = json.loads(self._native.suggest(rows(texts, columns), known, asked))
        return [{"row": int(pick["id"]), "text": pick["text"], "why": pick["why"]} for pick in found["picks"]]

    def score_files(
        self,
        paths: Path | Iterable[Path],
        output: Path,
        *,
        text: str | Sequence[str] | None = None,
        id: str | None = None,
        keep: str | Iterable[str] = (),
        format: str | None = None,
        markup: str | None = None,
        max_record: int | None = None,
        keep_boilerplate: bool = False,
        label_always: bool = False,
        paragraphs: bool = False,
        confidence_level: float | None = None,
        set_rule: str = "lac",
        unfinished: str = "refuse",
        progress: Callable[[int, int], object] | None = None,
        n_jobs: int | None = 1,
    ) -> dict[str, Any]:
        """Scores files and folders into a file, as ``standpoint score`` does, and returns the counts of the run.

        ``text``, ``id`` and ``keep`` name columns of tables: those that hold the text, the one that holds the id, and those that are copied
        to the results. By default the model's :attr:`text_columns` hold the text, and ``id`` the id, if there is one. ``format`` is the
        format of all files, such as ``"csv"``; by default, it is detected for each. ``markup`` is that of the texts in tables. A record of more than ``max_record`` bytes, by default
        16 MiB, fails. The other options are those of :meth:`score`.

        The extension of ``output`` determines the format: ``.parquet``, ``.jsonl`` or ``.csv``, the latter two also with ``.gz`` or
        ``.zst``. ``unfinished`` says what to do if an earlier run was stopped: ``"refuse"``, ``"resume"`` or ``"restart"``. ``progress``
        is called with the number of records and of bytes processed so far, the last time when all are done.

        >>> import pathlib, tempfile
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> _ = (folder / "news.csv").write_text("nr,body\\n7,NATO must give Ukraine binding security guarantees now.\\n")
        >>> counts = Model.load().score_files(folder / "news.csv", folder / "scored.csv", text="body", id="nr")
        >>> counts["documents"], counts["failed"]
        (1, 0)
        """
        import json

        if unfinished not in ("refuse", "resume", "restart"):
            raise ValueError(f"unfinished={unfinished!r}: expected 'refuse', 'resume' or 'restart'")
        if progress is not None and not callable(progress):
            raise TypeError(f"progress={progress!r}: expected a function of two numbers")
        asked = self._asked(keep_boilerplate, label_always, paragraphs, confidence_level, set_rule, n_jobs)
        read = reading("input", format, text, id, markup, max_record)
        to = {"output": os.fspath(output), "keep": kept(keep), "unfinished": unfinished, "progress": progress}
        counts: dict[str, Any] = json.loads(self._native.score_files(paths_of(paths), read, asked, to))
        if counts["failed"] and not counts["documents"]:
            first = next((text for kind in counts["failures"] for text in kind["first"]), "")
            raise RunError(f"none of {counts['failed']} records could be scored, and {os.fspath(output)} was not written: {first}")
        return counts

    def score_documents(
        self,
        source: Path | Bytes | Iterable[Path],
        *,
        name: str = "input",
        format: str | None = None,
        text: str | Sequence[str] | None = None,
        id: str | None = None,
        markup: str | None = None,
        max_record: int | None = None,
        keep_boilerplate: bool = False,
        label_always: bool = False,
        paragraphs: bool = False,
        confidence_level: float | None = None,
        set_rule: str = "lac",
    ) -> Iterator[Scores]:
        """Scores the documents in files, or in the bytes of a file called ``name``, batch by batch as they are read.

        The options are those of :meth:`score_files`. A record that cannot be read is a row, too, with ``error_kind`` and ``error_message``.

        >>> page = b"<html><body><p>NATO must give Ukraine binding security guarantees now.</p></body></html>"
        >>> [scores["label"] for scores in Model.load().score_documents(page, name="page.html")]
        [['pro-guarantee']]
        """
        given = given_source(source)
        read = reading(name, format, text, id, markup, max_record)
        asked = self._asked(keep_boilerplate, label_always, paragraphs, confidence_level, set_rule, 1)
        return map(Scores, self._native.score_read(given, read, asked))

    def empty_scores(
        self, *, keep: Iterable[str] = (), paragraphs: bool = False, confidence_level: float | None = None
    ) -> Scores:
        """A table without rows, with the columns of :meth:`score`."""
        return Scores(self._native.empty_table(kept(keep), flag("paragraphs", paragraphs), confidence_level is not None))

    def _rows(self, texts: Texts, text: str | Sequence[str] | None, title: ColumnOrName) -> _native.Rows:
        if type(texts) is list and text is None and title is None:
            # The usual call in a loop over single texts: skipping the other checks saves a third of its time.
            return self._native.rows(texts)
        return rows(texts, text_columns(text, self.text_columns), title=title)

    @staticmethod
    def _asked(
        keep_boilerplate: bool = False,
        label_always: bool = False,
        paragraphs: bool = False,
        confidence_level: float | None = None,
        set_rule: str = "lac",
        n_jobs: int | None = 1,
    ) -> dict[str, Any]:
        return {
            "keep_boilerplate": flag("keep_boilerplate", keep_boilerplate),
            "label_always": flag("label_always", label_always),
            "paragraphs": flag("paragraphs", paragraphs),
            "confidence_level": None if confidence_level is None else share("confidence_level", confidence_level),
            "set_rule": set_rule,
            "n_jobs": jobs(n_jobs),
        }

    def __reduce__(self) -> tuple[type[Model], tuple[_native.NativeModel]]:
        return type(self), (self._native,)

    def __repr__(self) -> str:
        return f"<Model {self.id}: {', '.join(self.labels)}>"


def _check_text(text: object, name: str) -> None:
    if not isinstance(text, str):
        raise TypeError(f"{name} is {type(text).__name__}; expected str")
    if "\0" in text:
        raise InputError(f"{name} contains a zero byte, so it is not text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(f"{name} has a lone surrogate, which stands for no character") from None


def given_source(source: Path | Bytes | Iterable[Path]) -> bytes | list[str]:
    """What is read: the bytes of a file, or paths."""
    return bytes(source) if isinstance(source, (bytes, bytearray, memoryview)) else paths_of(source)


def reading(
    name: str,
    format: str | None,
    text: str | Sequence[str] | None,
    id: str | None,
    markup: str | None,
    max_record: int | None,
) -> dict[str, Any]:
    """How files, or the bytes of a file called ``name``, are read."""
    return {
        "name": name,
        "format": format,
        "text": None if text is None else text_columns(text, ()),
        "id": id,
        "markup": markup,
        "max_record": None if max_record is None else count("max_record", max_record),
    }


def paths_of(paths: Path | Iterable[Path]) -> list[str]:
    if isinstance(paths, (str, os.PathLike)):
        return [os.fspath(paths)]
    if not hasattr(paths, "__iter__"):
        raise TypeError(f"expected a path, or a list of paths; found {type(paths).__name__}")
    found = [os.fspath(path) for path in paths]
    if not found:
        raise ValueError("no path was given; expected files or folders")
    return found
