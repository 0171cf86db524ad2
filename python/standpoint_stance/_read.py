"""Reads files and bytes as the command line does."""

from __future__ import annotations

import os
from typing import NamedTuple, Optional

from . import _native
from ._model import given_source, reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable, Sequence, Union

    Path = Union[str, "os.PathLike[str]"]
    Bytes = Union[bytes, bytearray, memoryview]


class Paragraph(NamedTuple):
    """A paragraph of a document."""

    #: Where it begins and ends in ``Document.text``, in characters.
    start: int
    end: int
    #: The rule that marks it as boilerplate; ``None`` for a paragraph of the article.
    rule: Optional[str]


class Document(NamedTuple):
    """One text, with its id and where it was read."""

    id: str
    path: str
    #: The number of the record in its file, from 1; ``None`` if the file is one document.
    record: Optional[int]
    #: The line on which it begins.
    line: Optional[int]
    title: Optional[str]
    text: str
    paragraphs: "list[Paragraph]"
    #: Notes about how it was read.
    notes: "list[str]"


def read(
    source: Path | Bytes | Iterable[Path],
    *,
    name: str = "input",
    format: str | None = None,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    markup: str | None = None,
    max_record: int | None = None,
) -> list[Document]:
    """Reads files, folders, or the bytes of a file called ``name``, into documents.

    Formats are detected by extension and content: text, Markdown, HTML, CSV, JSON, Parquet, spreadsheets, web archives, mail, feeds and
    more; ``format`` says which one it is. ``text`` and ``id`` name the columns of tables that hold the text and the id, and ``markup`` is
    that of the text: ``"plain"``, ``"html"`` or ``"markdown"``. A record of more than ``max_record`` bytes, by default 16 MiB, is an error.

    >>> page = b"<html><body><article><p>It rained all day in the north of the country.</p></article></body></html>"
    >>> [document.text for document in read(page, name="page.html")]
    ['It rained all day in the north of the country.']
    """
    import json

    given = given_source(source)
    asked = reading(name, format, text, id, markup, max_record)
    return [_document(found) for found in json.loads(_native.read(given, asked))]


def _document(found: dict[str, object]) -> Document:
    text = str(found["text"])
    data = text.encode()

    def characters(place: int) -> int:
        # Places count bytes, which are characters in a text of ASCII.
        return place if len(data) == len(text) else len(data[:place].decode())

    paragraphs = [
        Paragraph(characters(cut["start"]), characters(cut["end"]), cut["rule"])
        for cut in found.pop("paragraphs")  # type: ignore[attr-defined]
    ]
    return Document(paragraphs=paragraphs, **found)  # type: ignore[arg-type]
