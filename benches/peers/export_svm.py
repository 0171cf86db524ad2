"""The training rows as a sparse matrix in LIBSVM's format: word 1-2-grams, min-df 2, sublinear tf-idf of unit length.

    .venv/bin/python benches/peers/export_svm.py DATA.csv OUT.svm [--rows N] [--max-features N]

DATA.csv has the columns text and label; rows whose `split` is `test` are left out. Labels become 1, 2 ... in alphabetical order,
features are counted from 1. Values have seven digits, so that every program reads the same numbers.
"""

import argparse
import os

import pandas
from sklearn.feature_extraction.text import TfidfVectorizer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--rows", type=int, default=0, help="so many rows, evenly spread over the file [all]")
    parser.add_argument("--max-features", type=int, default=0)
    args = parser.parse_args()
    rows = pandas.read_csv(args.data, usecols=lambda name: name in ("text", "label", "split"))
    if args.rows:
        rows = rows.iloc[[number * len(rows) // args.rows for number in range(args.rows)]]
    if "split" in rows:
        rows = rows[rows.split != "test"]
    terms = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=args.max_features or None)
    matrix = terms.fit_transform(rows.text)
    matrix.sort_indices()
    labels = sorted(set(rows.label))
    partial = f"{args.out}.partial"
    with open(partial, "w", encoding="ascii") as file:
        for number, label in enumerate(rows.label):
            span = slice(matrix.indptr[number], matrix.indptr[number + 1])
            pairs = zip((matrix.indices[span] + 1).tolist(), matrix.data[span].tolist())
            file.write(f"{labels.index(label) + 1} {' '.join(f'{column}:{value:.7g}' for column, value in pairs)}\n")
    os.replace(partial, args.out)
    print(f"{matrix.shape[0]} rows, {matrix.shape[1]} features, {matrix.nnz} values; "
          f"{', '.join(f'{number} = {label}' for number, label in enumerate(labels, 1))}")


if __name__ == "__main__":
    main()
