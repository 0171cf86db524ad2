"""Texts as every library has them, and texts that are none."""

from __future__ import annotations

import datetime
import decimal
import sys

import numpy
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import standpoint_stance as ss

TEXTS = [f"NATO must give Ukraine {word} security guarantees now — naïve." for word in ("binding", "firm", "lasting")]
ROWS = [*TEXTS, None, "Hello.", None]


@pytest.fixture(scope="module")
def expected(model):
    return model.score(ROWS).to_dict()


def sliced(kind):
    return pyarrow.array(["x", *ROWS, "y"], kind).slice(1, len(ROWS))


COLUMNS = {
    "tuple": lambda: tuple(ROWS),
    "generator": lambda: (text for text in ROWS),
    "numpy objects": lambda: numpy.array(ROWS, dtype=object),
    "pandas objects": lambda: pandas.Series(ROWS, dtype=object, index=range(10, 16)),
    "pandas strings": lambda: pandas.Series(ROWS, dtype="string"),
    "pandas arrow": lambda: pandas.Series(ROWS, dtype=pandas.ArrowDtype(pyarrow.string())),
    "pandas array": lambda: pandas.array(ROWS, dtype="string"),
    "pandas array of categories": lambda: pandas.Categorical(ROWS),
    "pandas categories": lambda: pandas.Series(ROWS, dtype="category"),
    "polars": lambda: polars.Series(ROWS),
    "polars categories": lambda: polars.Series(ROWS, dtype=polars.Categorical),
    "string": lambda: sliced(pyarrow.string()),
    "large_string": lambda: sliced(pyarrow.large_string()),
    "string_view": lambda: sliced(pyarrow.string_view()),
    "dictionary": lambda: sliced(pyarrow.string()).dictionary_encode(),
    "dictionary of large": lambda: pyarrow.array(ROWS, pyarrow.large_string()).dictionary_encode(),
    "chunks": lambda: pyarrow.chunked_array([ROWS[:2], [], ROWS[2:]], pyarrow.string()),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_any_library_scores_alike(model, name, expected):
    assert model.score(COLUMNS[name]()).to_dict() == expected
    assert model.predict(COLUMNS[name]()) == expected["label"]


def test_a_missing_text_gives_nothing_but_its_id(model):
    scores = model.score(ROWS, id=list(range(6)))
    row = {name: values[3] for name, values in scores.to_dict().items()}
    assert row.pop("id") == "3" and set(row.values()) == {None}


TABLES = {
    "dict": lambda columns: columns,
    "pandas": pandas.DataFrame,
    "polars": polars.DataFrame,
    "arrow table": pyarrow.table,
    "arrow batch": pyarrow.RecordBatch.from_pydict,
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_give_columns_by_name(model, name):
    table = TABLES[name]({"id": [7, 8], "text": TEXTS[:2], "place": ["north", None], "year": [1999, 2001]})
    scores = model.score(table, id="id", keep=["place", "year"])
    assert scores["id"] == ["7", "8"] and scores["meta_place"] == ["north", None]
    assert scores["meta_year"] == ["1999", "2001"]
    assert scores["p_pro-guarantee"] == model.score(TEXTS[:2])["p_pro-guarantee"]
    with pytest.raises(ss.InputError, match="no column `txt`; found .*`text`.*did you mean `text`"):
        model.predict(table, text="txt")


def test_a_column_is_kept_once(model):
    table = {"text": TEXTS, "place": ["north"] * 3}
    for call in (lambda: model.score(table, keep=["place", "place"]), lambda: model.empty_scores(keep=["place", "place"])):
        with pytest.raises(ss.ParameterError, match="^keep='place' twice: expected each column once$"):
            call()


def test_a_column_of_nothing_but_nulls_is_one_of_missing_texts(model):
    frame = polars.DataFrame({"text": TEXTS[:2], "none": [None, None], "lists": [[], []], "places": [{"north": None}] * 2})
    assert frame.schema["none"] == polars.Null
    assert model.predict(frame) == model.predict(frame, title="none") == model.predict(TEXTS[:2])
    assert model.score(frame, keep=["none"])["meta_none"] == [None, None]
    beyond = frame.with_columns(large=polars.Series([1, 2], dtype=polars.Int128))
    assert model.predict(beyond) == model.predict(TEXTS[:2]), "a column that nobody asked for may be of any type"
    assert model.predict(frame["none"]) == model.predict(pyarrow.nulls(2)) == [None, None]
    assert ss.train({"text": TEXTS[:2], "label": ["a", "b"], "date": frame["none"]}, folds=0, min_df=1).model.labels == ["a", "b"]


def test_nothing_scores_as_nothing(model):
    for empty in ([], numpy.array([], dtype=object), pyarrow.array([], pyarrow.string()), polars.Series([], dtype=polars.String)):
        assert model.predict(empty) == [] and len(model.score(empty)) == 0
        assert model.predict_proba(empty).shape == (0, 3)


@pytest.mark.parametrize("dtype", ["float64", "int64", "bool", "datetime64[ns]"])
def test_an_empty_column_of_any_type_scores_as_nothing(model, dtype):
    assert model.predict(pandas.DataFrame({"text": pandas.Series([], dtype=dtype)})) == []
    assert model.predict(pandas.DataFrame({"text": [numpy.nan, numpy.nan]})) == [None, None]


KEPT = {
    "float": [1.0, 1e16, 0.1, float("nan"), None],
    "truth": [True, False, None, True, False],
    "date": [datetime.date(2024, 5, 17), None, datetime.date(1969, 12, 31), datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)],
    "time": [datetime.datetime(2024, 5, 17, 12, 30, 1, 500000), None, *[datetime.datetime(1999, 1, 1)] * 3],
    "zoned": [datetime.datetime(2024, 5, 17, 12, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=2))), None, *[None] * 3],
    "price": [decimal.Decimal("12.50"), decimal.Decimal("-0.25"), None, None, None],
    "number": [1, -2, None, 4, 5],
    "single": [0.1, -1e30, None, 1.0, 3.4028235e38],
}


@pytest.mark.parametrize("name", ["dict", "pandas", "polars", "arrow table"])
def test_columns_that_are_kept_are_text_as_on_the_command_line(model, name, command_line, tmp_path):
    texts = [TEXTS[0]] * 5
    table = pyarrow.table({"text": texts, **KEPT, "single": pyarrow.array(KEPT["single"], pyarrow.float32())})
    pyarrow.parquet.write_table(table, tmp_path / "in.parquet")
    expected = command_line(tmp_path / "in.parquet", tmp_path / "out.parquet", "--keep", ",".join(KEPT), "--id-column", "number")
    single = numpy.array(KEPT["single"], dtype="float32")
    given = {"dict": {"text": texts, **KEPT, "single": single}, "pandas": table.to_pandas(), "polars": polars.from_arrow(table), "arrow table": table}[name]
    found = model.score(given, keep=list(KEPT))
    for column in KEPT:
        if name == "pandas" and column == "number":
            # pandas has no integers beside missing values.
            continue
        kept = expected[f"meta_{column}"].to_pylist()
        if column == "float":
            # What is not a number is missing in memory.
            kept[3] = None
        assert found[f"meta_{column}"] == kept, column


def test_scalars_of_numpy_are_names(model, monkeypatch):
    ids = [numpy.int64(7), numpy.float64(0.5), numpy.bool_(True)]
    assert model.score(TEXTS, id=ids)["id"] == ["7", "0.5", "true"]
    singles = numpy.array([0.1, numpy.nan, 1e20], dtype="float32")
    for ids in (singles, list(singles), pandas.Series(singles), pandas.Series(singles, dtype="Float32")):
        assert model.score(TEXTS, id=ids)["id"] == ["0.1", None, "1e20"], "the shortest number of 32 bits"
        with monkeypatch.context() as patched:
            patched.setitem(sys.modules, "pyarrow", None)
            assert model.score(TEXTS, id=ids)["id"] == ["0.1", None, "1e20"]
    with pytest.raises(TypeError, match=r"id\[0\] is list; expected str or None"):
        model.score(TEXTS, id=[[1], [2], [3]])


def test_labels_may_be_truth_values_and_numbers(weather):
    for warm, cold, names in ((True, False, ["false", "true"]), (numpy.int64(1), numpy.int64(0), ["0", "1"])):
        labels = [warm if label == "warm" else cold for label in weather["label"]]
        assert ss.train(weather["text"], labels, folds=0).model.labels == names


def test_a_table_of_results_is_no_list_of_rows(model):
    scores = model.score([*TEXTS, None] * 5, id=["<b>"] * 20)
    assert "label" in scores and "labels" not in scores
    with pytest.raises(TypeError, match=r"^scores\[0\]: expected the name of a column; to_pandas"):
        scores[0]
    with pytest.raises(TypeError, match="not iterable"):
        list(scores)
    page = scores._repr_html_()
    assert "20 rows" in page and page.count("<tr>") == 11 and "&lt;b&gt;" in page and "<b>" not in page
    assert "<th>id</th>" not in model.score(TEXTS)._repr_html_()


def test_results_go_to_every_library_in_one_order(model):
    scores = model.score(TEXTS, id=["a", "b", "c"])
    batch = scores.to_arrow()
    assert batch.schema.names == scores.columns == scores.to_pandas().columns.tolist() == scores.to_polars().columns
    assert pyarrow.table(scores).to_pydict() == scores.to_dict() == polars.DataFrame(scores).to_dict(as_series=False)
    assert [str(batch.schema.field(name).type) for name in ("id", "words", "p_pro-guarantee")] == ["string", "int64", "double"]


def test_texts_are_not_copied_in(model):
    column = pyarrow.array(TEXTS * 1000)
    before = pyarrow.total_allocated_bytes()
    model.predict(column)
    assert pyarrow.total_allocated_bytes() == before


@pytest.mark.parametrize(
    ("texts", "error", "message"),
    [
        (["a", 3], TypeError, r"texts\[1\] is int; expected str or None"),
        (["a", b"b"], TypeError, r"texts\[1\] is bytes; expected str or None; decode"),
        (["a", float("nan")], TypeError, r"texts\[1\] is float \(nan\); expected str or None; put None"),
        (numpy.array(["a", numpy.nan], dtype=object), TypeError, r"texts\[1\] is float \(nan\)"),
        (["a", "b\ud800"], ss.InputError, r"texts\[1\] has a lone surrogate"),
        (["a\0"], ss.InputError, r"texts\[0\] contains a zero byte"),
        (["a", pandas.NA], TypeError, r"texts\[1\] is NAType; expected str or None; put None where a text is missing"),
        ({0: ["a"]}, ss.InputError, "no column `text`; found `0`"),
        ("a text", TypeError, "one str; expected a list"),
        (b"bytes", TypeError, "texts is bytes"),
        (numpy.array([["a"], ["b"]], dtype=object), ValueError, "2 dimensions"),
        (3, TypeError, "texts is int; expected a list"),
        ({"a", "b"}, TypeError, "texts is a set, which has no order"),
        (polars.LazyFrame({"text": ["a"]}), TypeError, "LazyFrame; collect"),
        (pyarrow.array([1, 2]), TypeError, "Int64; expected a type of text"),
        (polars.Series([1.5]), TypeError, "Float64; expected a type of text"),
        (pandas.Series(["a", 3], dtype=object), TypeError, r"texts\[1\] is int"),
    ],
)
def test_what_is_no_text_is_refused(model, texts, error, message):
    with pytest.raises(error, match=message):
        model.predict(texts)


def test_a_zero_byte_costs_its_row_in_a_table_of_results(model):
    scores = model.score([TEXTS[0], "NATO\0"])
    assert scores["error_kind"] == [None, "text"] and scores["error_message"][1].startswith("texts[1]: it contains a zero byte")
    assert scores["record"] == [None, None]
    assert scores["label"][0] == "pro-guarantee" and scores["top"][1] is None


def test_columns_of_different_lengths_are_refused(model):
    with pytest.raises(ValueError, match="^id has length 1, and texts has length 2; expected columns of one length$"):
        model.score(TEXTS[:2], id=["a"])
    with pytest.raises(ValueError, match="texts is no table"):
        model.score(TEXTS[:2], id="id")
    with pytest.raises(ValueError, match="texts is no table"):
        model.score(TEXTS[:2], keep=["id"])


def test_damaged_arrow_arrays_are_refused(model):
    offsets, data = pyarrow.array([0, 2], pyarrow.int32()).buffers()[1], pyarrow.py_buffer(b"\xff\xfe")
    damaged = pyarrow.Array.from_buffers(pyarrow.string(), 1, [None, offsets, data])
    with pytest.raises(ValueError, match="damaged"):
        model.predict(damaged)


def test_an_arrow_capsule_is_taken_once(model):
    class Once:
        def __init__(self):
            self.capsule = pyarrow.chunked_array([TEXTS]).__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema=None):
            return self.capsule

    once = Once()
    model.predict(once)
    with pytest.raises(ValueError, match="has been read already"):
        model.predict(once)


def test_a_number_of_threads_may_be_any_integer(model):
    numpy = pytest.importorskip("numpy")
    assert model.predict(TEXTS, n_jobs=numpy.int64(2)) == model.predict(TEXTS)


@pytest.mark.parametrize("n_jobs", [0, -2, "2", 1.5, True, 1025, 10**30])
def test_a_wrong_number_of_threads_is_refused(model, n_jobs):
    with pytest.raises((TypeError, ValueError), match="n_jobs"):
        model.predict(TEXTS, n_jobs=n_jobs)


def test_all_processors_may_be_limited(monkeypatch):
    from standpoint_stance._jobs import jobs

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert jobs(-1) == 1 and jobs(4) == 4
    monkeypatch.setenv("OMP_NUM_THREADS", "many")
    assert jobs(-1) >= 1


@pytest.mark.parametrize("text", [[], ["text", "text"]])
def test_text_columns_that_name_none_or_one_twice_are_refused(model, text):
    with pytest.raises(ValueError, match="one column or more, each once"):
        model.predict({"text": TEXTS}, text=text)


def test_a_model_of_two_columns_asks_for_a_table(weather):
    rows = {"title": ["Weather"] * 60, "text": weather["text"]}
    model = ss.train(rows, weather["label"], text=["title", "text"], folds=0).model
    with pytest.raises(ValueError, match="`title`, `text`; expected a table"):
        model.predict(["a mild wind"])
    assert model.predict({"title": ["Weather"], "text": ["snow and hard frost and dark ice"]}) == ["cold"]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (3, TypeError, r"text\[0\] is int"),
        ("a\0", ss.InputError, r"text\[0\] contains a zero byte"),
        (["a", "\ud800"], ss.InputError, r"text\[1\] has a lone surrogate"),
    ],
)
def test_what_cannot_be_explained_is_refused(model, text, error, message):
    with pytest.raises(error, match=message):
        model.explain(text)
    with pytest.raises(ValueError, match="terms=-1"):
        model.explain("a", terms=-1)


def test_dates_of_numpy_are_written_as_those_of_python(model):
    days = numpy.array(["2024-05-17T12:30", "NaT"], dtype="datetime64[ns]")
    found = model.score(["NATO must give Ukraine guarantees."] * 2, id=days).to_pandas()["id"]
    assert found[0] == "2024-05-17T12:30:00" and found.isna()[1]
    found = model.score(["NATO must give Ukraine guarantees."], id=[days[0]]).to_pandas()["id"]
    assert found.tolist() == ["2024-05-17T12:30:00"]


def test_a_column_that_is_named_for_something_else_is_no_group():
    kinds = ["warm", "cold"] * 20
    texts = [f"{kind} wind on day {number}" for number, kind in enumerate(kinds)]
    trained = ss.train(pandas.DataFrame({"text": texts, "author": kinds}), "author", folds=2)
    assert trained.warnings[0].startswith("no column source")
