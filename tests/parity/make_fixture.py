"""Writes fixture.json: what scikit-learn makes of rows.csv with standpoint's own terms as its analyzer.

    python3 -m venv .venv && .venv/bin/pip install scikit-learn
    .venv/bin/python tests/parity/make_fixture.py

The tokens are standpoint's (examples/terms.rs), so that the numbers compare what comes after them: vocabulary, idf,
the weighted, normalised rows, and the logistic regression.
"""

import collections
import csv
import json
import pathlib
import subprocess

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

HERE = pathlib.Path(__file__).parent
CASES = [
    {"name": "three classes", "words": "1-2", "chars": "-", "min_df": 2, "max_features": None, "c": 10.0,
     "balanced": False, "drop": None},
    {"name": "three classes, balanced, few features", "words": "1-1", "chars": "-", "min_df": 1, "max_features": 93,
     "c": 1.0, "balanced": True, "drop": None},
    {"name": "two classes, characters", "words": "1-1", "chars": "2-4", "min_df": 3, "max_features": None, "c": 3.0,
     "balanced": False, "drop": "neutral-analysis"},
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


def main():
    with open(HERE / "rows.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
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
