"""A classifier with scikit-learn's interface, for pipelines, searches and cross-validation."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any, Optional, Sequence, Union

import numpy
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d

from ._train import Training, train

if TYPE_CHECKING:
    from ._model import Model

__all__ = ["StanceClassifier"]


class StanceClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Trains a stance model on texts, one text per row.

    It always answers with the likeliest label; only :meth:`standpoint_stance.Model.predict` abstains. A text is scored as one unit, however
    long it is.

    Parameters
    ----------
    c
        Inverse strength of the penalty.
    ngrams
        The shortest and the longest word n-grams.
    chars
        The shortest and the longest character n-grams; ``None`` for none.
    weighting
        ``"tf-idf"``, ``"idf"`` or ``"binary"``.
    min_df, max_df, max_features
        Which terms become features.
    language
        The language of the texts, which selects the stemmer: ``"en"``, ``"de"``, ...; ``None`` for no stemming.
    class_weight
        ``None``, ``"balanced"``, or a dict of classes and their weights, in which a missing class weighs 1.
    folds
        Number of folds of the cross-validation that calibrates probabilities; 0 for none. If a label has fewer rows than folds,
        there is no cross-validation.
    seed
        Random seed that assigns rows to folds.
    n_jobs
        Number of threads.

    Attributes
    ----------
    classes_
        The labels, sorted as NumPy sorts them.
    model_
        The :class:`standpoint_stance.Model`, which can be saved for the command line and for Spark. It has the classes as labels if they
        are names, and their numbers otherwise.
    report_
        The report of the training.

    >>> classifier = StanceClassifier(min_df=1, folds=0)
    >>> texts = ["sun and a mild wind", "a warm and sunny day", "snow and hard frost", "a cold night of frost"]
    >>> classifier.fit(texts, ["warm", "warm", "cold", "cold"]).predict(["frost at night"])
    array(['cold'], dtype='<U4')
    """

    def __init__(
        self,
        *,
        c: float = 10.0,
        ngrams: tuple[int, int] = (1, 2),
        chars: Optional[tuple[int, int]] = None,
        weighting: str = "tf-idf",
        min_df: int = 2,
        max_df: float = 1.0,
        max_features: Optional[int] = None,
        language: Optional[str] = "en",
        class_weight: Union[str, Mapping[Any, float], None] = None,
        folds: int = 5,
        seed: int = 1,
        n_jobs: Optional[int] = 1,
    ) -> None:
        self.c = c
        self.ngrams = ngrams
        self.chars = chars
        self.weighting = weighting
        self.min_df = min_df
        self.max_df = max_df
        self.max_features = max_features
        self.language = language
        self.class_weight = class_weight
        self.folds = folds
        self.seed = seed
        self.n_jobs = n_jobs

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        return tags

    def fit(self, X: Sequence[str], y: Any, sample_weight: Any = None) -> StanceClassifier:
        """Trains on texts and their labels."""
        if y is None:
            raise ValueError("This StanceClassifier estimator requires y to be passed, but the target y is None.")
        texts, y = _texts(X), column_or_1d(y, warn=True)
        check_classification_targets(y)
        if len(texts) != len(y):
            raise ValueError(f"Found input variables with inconsistent numbers of samples: {[len(texts), len(y)]}")
        self.classes_, places = numpy.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("StanceClassifier needs labels of 2 classes or more; y has one class")
        weight = None if sample_weight is None else _check_sample_weight(sample_weight, texts).tolist()
        class_weight, weight = self._weights(y, weight)
        names = _labels(self.classes_.tolist(), places.tolist())
        least = int(numpy.bincount(places).min())
        trained: Training = train(
            texts,
            names,
            weight=weight,
            unit="document",
            preset="general",
            c=float(self.c),
            ngrams=self.ngrams,
            chars=self.chars,
            weighting=self.weighting,
            min_df=self.min_df,
            max_df=float(self.max_df),
            max_features=self.max_features,
            language=self.language,
            class_weight=class_weight,
            folds=0 if isinstance(self.folds, Integral) and least < self.folds else self.folds,
            seed=self.seed,
            held_out=False,
            # The classes are the distinct values of y, whatever they look like.
            merge_spellings=False,
            n_jobs=self.n_jobs,
        )
        self.model_: Model = trained.model
        self.report_: dict[str, Any] = trained.report
        return self

    def _weights(self, y: Any, weight: Optional[list[float]]) -> tuple[str, Optional[list[float]]]:
        """The weighting of classes by its name, and the weights of the rows with those of a dict of classes."""
        if not isinstance(self.class_weight, Mapping):
            return "none" if self.class_weight is None else self.class_weight, weight
        present = self.classes_.tolist()
        unknown = [name for name in self.class_weight if name not in present]
        # As in scikit-learn, a subset of the rows may lack a class that has a weight.
        if unknown and any(name not in self.class_weight for name in present):
            raise ValueError(f"class_weight names {unknown!r}; the classes are {self.classes_.tolist()!r}")
        given = [1.0] * len(y) if weight is None else weight
        return "none", [one * float(self.class_weight.get(name, 1.0)) for one, name in zip(given, y.tolist())]

    def predict_proba(self, X: Sequence[str]) -> numpy.ndarray[Any, Any]:
        """The calibrated probabilities, one column per class of ``classes_``."""
        check_is_fitted(self)
        return self.model_.predict_proba(_texts(X), n_jobs=self.n_jobs)

    def decision_function(self, X: Sequence[str]) -> numpy.ndarray[Any, Any]:
        """The logarithms of the probabilities; for two classes, that of the second minus that of the first."""
        with numpy.errstate(divide="ignore"):
            logarithms: numpy.ndarray[Any, Any] = numpy.log(self.predict_proba(X))
        return logarithms[:, 1] - logarithms[:, 0] if len(self.classes_) == 2 else logarithms

    def predict(self, X: Sequence[str]) -> numpy.ndarray[Any, Any]:
        """The likeliest class of each text."""
        probabilities = self.predict_proba(X)
        classes: numpy.ndarray[Any, Any] = self.classes_[probabilities.argmax(axis=1)]
        return classes


def _labels(classes: list[Any], places: list[int]) -> list[str]:
    """The labels of the rows as the model has them, in the order of the classes."""
    if all(isinstance(name, str) and name[:1].isalpha() and name.isprintable() and name == name.strip() for name in classes):
        if len({name.casefold() for name in classes}) == len(classes):
            return [classes[place] for place in places]
    # Others go by their places, with as many digits as keep them in order.
    return [f"{place:06d}" for place in places]


def _texts(X: Any) -> list[str]:
    """Texts as a list, also from a table with a single column."""
    if isinstance(X, str):
        raise ValueError("X is one str; expected a list of them")
    if hasattr(X, "iloc") and getattr(X, "ndim", 1) == 2 and X.shape[1] == 1:
        X = X.iloc[:, 0]
    if hasattr(X, "to_series") and getattr(X, "width", None) == 1:
        X = X.to_series()
    if hasattr(X, "toarray"):
        raise TypeError("X is a sparse matrix; expected texts")
    if getattr(X, "ndim", 1) == 2 and X.shape[1] == 1:
        X = X[:, 0]
    if getattr(X, "ndim", 1) != 1:
        raise ValueError(f"X has {getattr(X, 'ndim', 0)} dimensions; expected 1: a list of texts. Reshape your data, or pick a column")
    # NumPy and pandas; Polars; pyarrow.
    as_list = next((getattr(X, name) for name in ("tolist", "to_list", "to_pylist") if hasattr(X, name)), None)
    texts = list(X) if as_list is None else as_list()
    if not texts:
        raise ValueError("Found array with 0 sample(s) while a minimum of 1 is required.")
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            shown = " (nan)" if isinstance(text, float) and text != text else ""
            raise TypeError(f"X[{index}] is {type(text).__name__}{shown}; expected str")
    return texts
