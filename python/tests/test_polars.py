"""Frames of Polars, in memory and streamed."""

from __future__ import annotations

import datetime

import polars
import pytest

from standpoint_stance.polars import score

KEPT = {"float": [1e16, 0.5], "truth": [True, None], "day": [datetime.date(2024, 5, 17), None], "hour": [datetime.time(12, 30), None]}


def test_a_frame_scores_as_its_columns_do(model, texts, tmp_path):
    frame = polars.DataFrame({"id": range(len(texts)), "text": texts, "year": [1999] * len(texts), "other": [[1]] * len(texts)})
    expected = model.score(texts, id=list(range(len(texts)))).to_dict()
    found = score(frame, id="id", keep=["year"])
    assert found["meta_year"].unique().to_list() == ["1999"]
    assert found.drop("meta_year").to_dict(as_series=False) == expected
    frame.drop("other").write_parquet(tmp_path / "in.parquet")
    score(polars.scan_parquet(tmp_path / "in.parquet"), id="id").sink_parquet(tmp_path / "out.parquet")
    assert polars.read_parquet(tmp_path / "out.parquet").to_dict(as_series=False) == expected


def test_texts_in_markup_are_warned_of_once(model):
    frame = polars.DataFrame({"text": ["<p>NATO must give <b>Ukraine</b> guarantees.</p>"] * 3000})
    with pytest.warns(UserWarning, match="^3000 of 3000 texts look like HTML") as found:
        score(frame)
    assert found[0].filename == __file__ and len(found) == 1
    with pytest.warns(UserWarning, match="texts look like HTML") as found:
        score(frame.lazy()).collect()
    assert len(found) == 1
    assert score(frame, markup="html")["words"].sum() < 3000 * 10


def test_a_column_is_no_frame(model):
    with pytest.raises(TypeError, match="^frame is Series; expected a DataFrame"):
        score(polars.Series(["NATO must act."]))


def test_paragraphs_and_sets_are_lazy_too(model, texts):
    frame = polars.DataFrame({"text": texts})
    asked = {"paragraphs": True, "confidence_level": 0.9}
    expected = model.score(texts, **asked).to_polars()
    assert score(frame, **asked).equals(expected) and score(frame.lazy(), **asked).collect().equals(expected)


def test_columns_are_kept_as_in_memory_and_a_model_may_be_a_path(model, tmp_path):
    model.save(tmp_path / "mine.safetensors")
    frame = polars.DataFrame({"text": ["NATO must give Ukraine guarantees."] * 2, **KEPT})
    names = [name for name in KEPT if name != "hour"]
    expected = model.score(frame, id="float", keep=names).to_dict()
    for given in (frame, frame.lazy()):
        found = score(given, id="float", keep=[*KEPT], model=tmp_path / "mine.safetensors").lazy().collect()
        assert found["model"][0].startswith("mine@") and found["meta_hour"].to_list() == ["12:30:00", None]
        assert [found[f"meta_{name}"].to_list() for name in names] == [expected[f"meta_{name}"] for name in names]
        assert found["id"].to_list() == expected["id"] == ["1e16", "0.5"]
