"""Writes fixture.json: what scikit-learn makes of rows.csv with standpoint's own terms as its analyzer. Writes blocks.json: what it
makes of unions of features, on the plain words of these rows, which it cuts itself.

    python3 -m venv .venv && .venv/bin/pip install scikit-learn
    .venv/bin/python tests/parity/make_fixture.py

The tokens are standpoint's (examples/terms.rs), so that the numbers compare what comes after them: vocabulary, idf,
the weighted, normalised rows, and the logistic regression.
"""

import collections
import csv
import json
import pathlib
import re
import subprocess

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

HERE = pathlib.Path(__file__).parent
CASES = [
    {"name": "three classes", "words": "1-2", "chars": "-", "min_df": 2, "max_features": None, "c": 10.0,
     "balanced": False, "drop": None},
    {"name": "three classes, balanced, few features", "words": "1-1", "chars": "-", "min_df": 1, "max_features": 93,
     "c": 1.0, "balanced": True, "drop": None},
    {"name": "two classes, characters", "words": "1-1", "chars": "2-4", "min_df": 3, "max_features": None, "c": 3.0,
     "balanced": False, "drop": "neutral-analysis"},
]

# The model's own terms are single words; each block has n-grams, the least number of rows that hold a term, and a weight.
UNIONS = [
    {"c": 10.0, "drop": None, "blocks": [{"kind": "characters", "ngrams": [3, 5], "min_df": 2, "weight": 1.0}]},
    {"c": 2.0, "drop": "neutral-analysis", "blocks": [
        {"kind": "words", "ngrams": [2, 3], "min_df": 1, "weight": 0.5},
        {"kind": "characters", "ngrams": [2, 4], "min_df": 3, "weight": 2.0}]},
]


def terms(texts, words, chars):
    command = ["cargo", "run", "--quiet", "--example", "terms", "--", words, chars]
    lines = "\n".join(texts) + "\n"
    out = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, cwd=HERE.parent.parent)
    return [json.loads(line) for line in out.stdout.splitlines()]


def check_limit(documents, limit):
    """scikit-learn leaves open which of equally frequent terms a limit keeps: a limit must not fall among such."""
    counts = sorted(collections.Counter(term for document in documents for term in document).values(), reverse=True)
    assert limit is None or counts[limit - 1] > counts[limit], f"{counts[limit - 8:limit + 8]}"


def features(analyzer, ngrams, min_df):
    return TfidfVectorizer(
        analyzer=analyzer, ngram_range=tuple(ngrams), min_df=min_df, sublinear_tf=True, token_pattern=r"\S+")


def union(case, rows):
    used = [row for row in rows if row["label"] != case["drop"]]
    texts = [" ".join(re.findall("[a-z]+", row["text"].lower())) for row in used]
    analyzers = {"words": "word", "characters": "char_wb"}
    parts = [("own", features("word", (1, 1), 2))]
    parts += [(b["kind"], features(analyzers[b["kind"]], b["ngrams"], b["min_df"])) for b in case["blocks"]]
    both = FeatureUnion(parts, transformer_weights={b["kind"]: b["weight"] for b in case["blocks"]})
    matrix = both.fit_transform(texts)
    labels = [row["label"] for row in used]
    model = LogisticRegression(C=case["c"], solver="newton-cg", tol=1e-10, max_iter=10000)
    model.fit(matrix, labels)
    return {
        **case,
        "rows": [list(pair) for pair in zip(labels, texts)],
        "features": [len(part.vocabulary_) for _, part in both.transformer_list],
        "probabilities": [list(row) for row in model.predict_proba(matrix)],
    }


def main():
    with open(HERE / "rows.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    unions = {"scikit_learn": sklearn.__version__, "cases": [union(case, rows[::3]) for case in UNIONS]}
    (HERE / "blocks.json").write_text(json.dumps(unions) + "\n", encoding="utf-8")
    cases = []
    for case in CASES:
        used = [row for row in rows if row["label"] != case["drop"]]
        documents = terms([row["text"] for row in used], case["words"], case["chars"])
        vectorizer = TfidfVectorizer(
            analyzer=lambda document: document, sublinear_tf=True, min_df=case["min_df"],
            max_features=case["max_features"])
        matrix = vectorizer.fit_transform(documents)
        check_limit(documents, case["max_features"])
        model = LogisticRegression(
            C=case["c"], class_weight="balanced" if case["balanced"] else None, solver="newton-cg", tol=1e-10,
            max_iter=10000)
        weights = [float(row["weight"]) for row in used]
        model.fit(matrix, [row["label"] for row in used], sample_weight=weights)
        cases.append({
            **case,
            "classes": list(model.classes_),
            "vocabulary": list(vectorizer.get_feature_names_out()),
            "idf": list(vectorizer.idf_),
            "intercept": list(model.intercept_),
            "probabilities": [list(row) for row in model.predict_proba(matrix)],
        })
    fixture = {"scikit_learn": sklearn.__version__, "cases": cases}
    (HERE / "fixture.json").write_text(json.dumps(fixture, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
