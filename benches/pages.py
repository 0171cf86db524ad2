"""Measures what a page of a web archive costs, in CPU-seconds: .venv-python/bin/python benches/pages.py

1,500 made-up pages of 60 KB, with an article of 670 words each between menus, scripts and comments, are scored on one thread: as texts,
from a WARC file, and from a gzipped one. The differences are what finding the article and unpacking cost. The least of three runs counts.

Build the package as users have it: `pip install ./python`.
"""

from __future__ import annotations

import gzip
import json
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

PAGES, WORDS, SIZE, RUNS = 1500, 670, 60_000, 3
NOUNS = "treaty minister alliance border guarantee parliament drone winter budget voter ceasefire missile promise summit soldier".split()
VERBS = "signed refused delayed praised criticized expanded funded blocked questioned defended".split()
RECORD = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://news.example/{number}\r\nWARC-Date: 2025-01-01T00:00:00Z\r\n"
    "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\nContent-Type: application/http; msgtype=response\r\n"
    "Content-Length: {size}\r\n\r\n"
)
HTTP = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {size}\r\n\r\n"


def paragraphs(draw: random.Random) -> list[str]:
    """An article of so many words."""
    words = 0
    found = []
    while words < WORDS:
        sentences = []
        for _ in range(draw.randint(2, 5)):
            nouns = draw.choices(NOUNS, k=4)
            sentences.append(
                f"The {nouns[0]} of the {nouns[1]} {draw.choice(VERBS)} what every {nouns[2]} in the country had said of the {nouns[3]}."
            )
        found.append(" ".join(sentences))
        words += len(found[-1].split())
    return found


def page(number: int, article: list[str], draw: random.Random) -> str:
    """The article between what pages have around it."""
    menu = "".join(f'<li class="item item-{item}"><a href="/section/{item}?from=menu">Section {item}</a></li>' for item in range(60))
    body = "".join(f"<p>{paragraph}</p>" for paragraph in article)
    teaser = '<div class="teaser"><a href="/story/{0}"><img src="/img/{0}.jpg" alt=""><h3>{1}</h3></a></div>'
    teasers = "".join(teaser.format(draw.randint(1, 10**6), " ".join(draw.choices(NOUNS, k=6))) for _ in range(60))
    head = f"<title>Story {number}</title><meta charset=utf-8><link rel=stylesheet href=/a.css>"
    shown = f"<nav><ul>{menu}</ul></nav><main><article><h1>Story {number}</h1>{body}</article></main><aside>{teasers}</aside>"
    items = [{"id": draw.randint(1, 10**15), "type": "story", "section": draw.choice(NOUNS), "premium": False} for _ in range(800)]
    script = "window.state=" + json.dumps({"items": items})
    rest = SIZE - len(head) - len(shown) - 100
    return f"<!doctype html><html><head>{head}<script>{script[:max(rest, 0)]}</script></head><body>{shown}</body></html>"


def cpu(path: pathlib.Path, out: pathlib.Path) -> float:
    """CPU-seconds of the program for this file."""
    command = [sys.executable, "-m", "standpoint_stance._command", "score", str(path), "--jobs", "1", "--output", str(out), "--quiet"]
    runs = []
    for _ in range(RUNS):
        out.unlink(missing_ok=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stderr=subprocess.PIPE)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        runs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(runs)


def main() -> None:
    draw = random.Random(1)
    articles = [paragraphs(draw) for _ in range(PAGES)]
    pages = [page(number, article, draw).encode() for number, article in enumerate(articles)]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with (folder / "texts.jsonl").open("w") as file:
            file.writelines(json.dumps({"text": "\n\n".join(article)}) + "\n" for article in articles)
        with (folder / "pages.warc").open("wb") as plain, (folder / "pages.warc.gz").open("wb") as packed:
            for number, html in enumerate(pages):
                http = HTTP.format(size=len(html)).encode() + html
                record = RECORD.format(number=number, size=len(http)).encode() + http + b"\r\n\r\n"
                plain.write(record)
                # A member a record, as crawlers write them.
                packed.write(gzip.compress(record))
        (folder / "none.jsonl").write_text('{"text":"NATO"}\n')
        start = cpu(folder / "none.jsonl", folder / "out.parquet")
        print(f"{PAGES} pages of {sum(map(len, pages)) / PAGES / 1e3:.0f} KB; gzip leaves {(folder / 'pages.warc.gz').stat().st_size / (folder / 'pages.warc').stat().st_size:.2f}")
        for file in ("texts.jsonl", "pages.warc", "pages.warc.gz"):
            # Starting the program is not counted.
            print(f"{file:15} {(cpu(folder / file, folder / 'out.parquet') - start) / PAGES * 1e3:6.3f} ms a page")


if __name__ == "__main__":
    main()
