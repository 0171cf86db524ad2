"""scikit-learn's own checks, pipelines and searches."""

from __future__ import annotations

import numpy
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import check_is_fitted, validate_data

from standpoint_stance.sklearn import StanceClassifier


class NumbersAsWords(ClassifierMixin, BaseEstimator):
    """Writes each number as a word, so that scikit-learn's checks, which bring matrices, reach the classifier of texts."""

    def __init__(self, c=1.0, folds=0):
        self.c = c
        self.folds = folds

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True
        return tags

    @staticmethod
    def _texts(X):
        return [" ".join(f"x{place}v{round(float(value)) + 1000}" for place, value in enumerate(row)) for row in X]

    def fit(self, X, y, sample_weight=None):
        if y is None:
            raise ValueError("This NumbersAsWords estimator requires y to be passed, but the target y is None.")
        X, _ = validate_data(self, X, y, multi_output=True)
        self.inner_ = StanceClassifier(c=self.c, folds=self.folds, min_df=1, language=None).fit(self._texts(X), y, sample_weight)
        self.classes_ = self.inner_.classes_
        return self

    def _asked(self, X):
        check_is_fitted(self)
        return self._texts(validate_data(self, X, reset=False))

    def predict(self, X):
        texts = self._asked(X)
        return self.inner_.predict(texts)

    def predict_proba(self, X):
        texts = self._asked(X)
        return self.inner_.predict_proba(texts)

    def decision_function(self, X):
        texts = self._asked(X)
        return self.inner_.decision_function(texts)


#: Checks that fail, and why they may.
FAILING = {
    "check_sample_weight_equivalence_on_dense_data": "the idf counts rows, whatever their weights: a row of weight 2 is one row that holds a term",
}

#: Checks that scikit-learn itself leaves out, and why.
SKIPPED = {"check_array_api_input": "SCIPY_ARRAY_API is not set: not checking array_api input"}


def test_the_checks_of_scikit_learn_pass():
    results = check_estimator(NumbersAsWords(), on_fail=None, on_skip=None, expected_failed_checks=FAILING)
    by_status = {}
    for result in results:
        by_status.setdefault(result["status"], []).append((result["check_name"], str(result["exception"])))
    assert by_status.get("failed", []) == []
    assert sorted(name for name, _ in by_status.get("xfail", [])) == sorted(FAILING)
    assert dict(by_status.get("skipped", [])) == SKIPPED
    assert len(by_status["passed"]) >= 50


def test_a_classifier_of_texts_is_cloned_and_searched(weather):
    texts, labels = numpy.array(weather["text"], dtype=object), numpy.array(weather["label"])
    classifier = StanceClassifier(c=3, folds=0)
    assert clone(classifier).get_params() == classifier.get_params()
    lower = FunctionTransformer(lambda texts: [text.lower() for text in texts])
    search = GridSearchCV(make_pipeline(lower, classifier), {"stanceclassifier__c": [1, 10]}, cv=3)
    assert search.fit(texts, labels).best_score_ == 1.0
    assert (cross_val_predict(classifier, texts, labels, cv=3) == labels).all()


def test_classes_are_weighted_as_in_scikit_learn(weather):
    texts, labels = weather["text"], weather["label"]
    fit = lambda weight, y=labels, **more: StanceClassifier(folds=0, class_weight=weight).fit(texts, y, **more).predict_proba(texts)
    assert (fit(None) == fit("none")).all() and (fit(None) == fit({"warm": 1})).all()
    heavy = fit({"warm": 5.0})
    assert (heavy == fit(None, sample_weight=[5.0 if label == "warm" else 1.0 for label in labels])).all()
    assert heavy[:, 1].sum() > fit(None)[:, 1].sum()
    numbers = [int(label == "warm") for label in labels]
    assert (fit({0: 1, 1: 5.0}, numbers) == heavy).all()
    assert clone(StanceClassifier(class_weight={"warm": 2})).get_params()["class_weight"] == {"warm": 2}
    with pytest.raises(ValueError, match="class_weight names .'hot'.; the classes are"):
        fit({"hot": 2})
    with pytest.raises(ValueError, match="class_weight='heavy': expected"):
        fit("heavy")


def test_labels_of_any_type_keep_their_type_and_order(weather):
    for names in ([0, 1], [True, False], ["zz", "a"], [10, 9]):
        y = numpy.array([names[label == "cold"] for label in weather["label"]])
        fitted = StanceClassifier(folds=0).fit(weather["text"], y)
        assert fitted.classes_.tolist() == sorted(names) and (fitted.predict(weather["text"]) == y).all()
        decision = fitted.decision_function(weather["text"])
        assert decision.shape == (60,) and ((decision > 0) == (y == fitted.classes_[1])).all()


@pytest.mark.parametrize("X", [[1, 2], ["a", None], [["a"], ["b"]], "one text", numpy.zeros((2, 2))])
def test_what_is_no_list_of_texts_is_refused(X):
    with pytest.raises((TypeError, ValueError), match="X|dimensions"):
        StanceClassifier().fit(X, ["a", "b"])


@pytest.mark.parametrize("library", ["numpy", "pandas", "polars", "polars-frame", "pyarrow", "pyarrow-chunks"])
def test_columns_of_other_libraries_are_texts(library):
    import pandas
    import polars
    import pyarrow

    texts = [f"{number} {'sun and a mild wind' if number % 2 else 'snow and hard frost'}" for number in range(20)]
    labels = ["warm" if number % 2 else "cold" for number in range(20)]
    column = {
        "numpy": lambda: numpy.array(texts, dtype=object),
        "pandas": lambda: pandas.Series(texts),
        "polars": lambda: polars.Series(texts),
        "polars-frame": lambda: polars.DataFrame({"text": texts}),
        "pyarrow": lambda: pyarrow.array(texts),
        "pyarrow-chunks": lambda: pyarrow.chunked_array([texts[:5], texts[5:]]),
    }[library]()
    classifier = StanceClassifier(min_df=1, folds=0).fit(column, labels)
    assert classifier.predict(column).tolist() == StanceClassifier(min_df=1, folds=0).fit(texts, labels).predict(texts).tolist()


@pytest.mark.parametrize(
    ("classes", "labels"),
    [(["für", "against it"], ["against it", "für"]), ([1, 0], ["000000", "000001"]), (["a", "A"], ["000000", "000001"]), (["1", " b"], ["000000", "000001"])],
)
def test_the_model_has_the_classes_as_labels_if_they_are_names(weather, classes, labels):
    y = [classes[label == "cold"] for label in weather["label"]]
    classifier = StanceClassifier(folds=0).fit(weather["text"], y)
    assert classifier.model_.labels == labels and classifier.score(weather["text"], y) == 1.0
