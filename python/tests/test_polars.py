"""Frames of Polars, in memory and streamed."""

from __future__ import annotations

import polars

from standpoint_stance.polars import score


def test_a_frame_scores_as_its_columns_do(model, texts, tmp_path):
    frame = polars.DataFrame({"id": range(len(texts)), "text": texts, "year": [1999] * len(texts), "other": [[1]] * len(texts)})
    expected = model.score(texts, id=list(range(len(texts)))).to_dict()
    found = score(frame, id="id", keep=["year"])
    assert found["meta_year"].unique().to_list() == ["1999"]
    assert found.drop("meta_year").to_dict(as_series=False) == expected
    frame.drop("other").write_parquet(tmp_path / "in.parquet")
    score(polars.scan_parquet(tmp_path / "in.parquet"), id="id").sink_parquet(tmp_path / "out.parquet")
    assert polars.read_parquet(tmp_path / "out.parquet").to_dict(as_series=False) == expected
