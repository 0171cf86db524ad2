"""Training, evaluation, agreement, suggestions, reading, long runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
import warnings

import pytest

import standpoint_stance as ss


def test_a_training_tells_what_it_found(weather):
    training = ss.train(weather, "label", group="outlet", folds=3)
    assert training.model.labels == ["cold", "warm"] and training.report["rows_by_class"] == [30, 30]
    assert training.model.predict(["hard frost and dark ice came to the town"]) == ["cold"]
    assert isinstance(training.warnings, list)


@pytest.mark.parametrize("chosen", [{"naive_bayes": 0.4}, {"ngram_weight": 0.7}, {"label_smoothing": 0.05}, {"passage_label_weight": {"cold": 0.25}}])
def test_how_a_model_learns_can_be_chosen(weather, chosen):
    text = "hard frost and dark ice came to the town\n\nand then the sun and a mild wind"
    plain, other = (ss.train(weather, "label", folds=0, **params).model.predict_proba([text]) for params in ({}, chosen))
    assert (plain != other).any()


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"folds": 1}, ss.ParameterError, "^folds=1: expected 2 to 50"),
        ({"c": -1}, ss.ParameterError, "^c=-1: expected"),
        ({"fold": 3}, TypeError, "no parameter 'fold'; it has .*folds"),
        ({"folds": "many"}, ss.ParameterError, "^folds='many': expected a whole number from 0 to 4294967295$"),
        ({"ngrams": 3}, ss.ParameterError, "^ngrams=3: expected a pair of numbers$"),
        ({"stem": "yes"}, ss.ParameterError, "^stem='yes': expected True or False$"),
        ({"c": float("nan")}, ss.ParameterError, "^c=nan: expected a finite number$"),
        ({"c": float("inf")}, ss.ParameterError, "^c=inf: expected a finite number$"),
        ({"axis": {"warm": float("nan")}}, ss.ParameterError, "^axis=nan: expected a finite number$"),
        ({"trials": "a"}, TypeError, "^trials='a': expected an integer$"),
        ({"with_title": "yes"}, TypeError, "^with_title='yes': expected True or False$"),
        ({"temperature": 1.0, "calibration": "vector"}, ss.ParameterError, "cannot be given with calibration='vector'; leave"),
        ({"markup": "rtf"}, ss.ParameterError, "^markup='rtf': expected one of 'plain', 'html', 'markdown'$"),
        ({"text": 3}, TypeError, "^text=3: expected a list of str$"),
        ({"weighting": "best"}, ss.ParameterError, "^weighting='best': expected one of .*tf-idf"),
        ({"folds": 0, "max_error": 0.1}, ss.ParameterError, "max_error= needs cross-validation.*folds="),
        ({"c": object()}, TypeError, "wrong type"),
        ({"axis": [1]}, TypeError, r"^axis=\[1\]: expected a dict of labels and numbers$"),
        ({"weight": "w"}, ValueError, "^weight names a column, and texts is no table"),
        ({"weight": ["a"]}, TypeError, r"^weight\[0\] is str; expected a number$"),
        ({"weight": [1.0]}, ss.InputError, "weight has 1 numbers for 60 rows"),
    ],
)
def test_wrong_parameters_are_named_as_python_writes_them(weather, params, error, message):
    with pytest.raises(error, match=message):
        ss.train(weather["text"], weather["label"], **params)


def test_posts_are_trained_on_as_on_the_command_line(program, tmp_path):
    rows = [f"{('yes', 'no')[n % 2]} to the #HarborTunnel says @mayor{n % 7} on day {n}" for n in range(160)]
    labels = ["for", "against"] * 80
    path = tmp_path / "posts.csv"
    path.write_text("text,label\n" + "".join(f"{text},{label}\n" for text, label in zip(rows, labels)))
    subprocess.run([*program, "train", str(path), "--quiet", "--output", str(tmp_path / "posts.safetensors")], check=True)
    training = ss.train({"text": rows, "label": labels})
    assert training.model.to_bytes() == (tmp_path / "posts.safetensors").read_bytes()
    assert training.warnings[0].startswith("the texts look like posts on social media, so the training started from preset='posts'")
    named, general = (ss.train({"text": rows, "label": labels}, preset=preset) for preset in ("posts", "general"))
    assert named.model.to_bytes() == training.model.to_bytes() != general.model.to_bytes()
    assert not any("preset=" in warning for training in (named, general) for warning in training.warnings)
    with pytest.raises(ss.ParameterError, match="^preset='tweets': expected one of general, posts, or None$"):
        ss.train({"text": rows, "label": labels}, preset="tweets")


@pytest.fixture(scope="module")
def corpus(program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    rows = [f"{('sun and a mild wind', 'snow and hard frost')[n % 2]} on day {n},{('warm', 'cold')[n % 2]},o{n % 9}\n" for n in range(90)]
    (folder / "base.csv").write_text("text,label,outlet\n" + "".join(rows))
    out = folder / "base.corpus"
    command = ["train", folder / "base.csv", "--output", folder / "base.safetensors", "--no-splits", "--quiet", "--save-corpus", out]
    subprocess.run([*program, *map(str, command)], check=True)
    return out


def test_a_model_is_adapted_as_on_the_command_line(weather, corpus, program, tmp_path):
    import pandas

    path, out = tmp_path / "mine.csv", tmp_path / "mine.safetensors"
    pandas.DataFrame(weather).to_csv(path, index=False)
    command = ["adapt", path, "--corpus", corpus, "--output", out, "--quiet"]
    for options, given in (([], {}), (["--no-text-hashes", "--seed", "2"], {"name_texts": False, "seed": 2})):
        subprocess.run([*program, *map(str, command), *options], check=True)
        adapted = ss.adapt(weather, corpus=corpus, **given)
        assert adapted.model.to_bytes() == out.read_bytes()
    assert adapted.report["texts"] == 60 and isinstance(adapted.warnings, list)
    assert repr(adapted).startswith("<Adaptation of <Model model@") and " to 60 texts, macro-F1 from " in repr(adapted)


def test_rows_that_a_model_cannot_be_adapted_to_are_named(weather, corpus):
    with pytest.raises(ss.DataError, match="no row has a label of the corpus: found `mild .60.`"):
        ss.adapt(weather["text"], ["mild"] * 60, corpus=corpus)
    with pytest.raises(ss.DataError, match="nowhere: cannot read the corpus"):
        ss.adapt(weather, corpus="nowhere")
    with pytest.raises(ss.ParameterError, match="^vectors_scale= needs vectors=$"):
        ss.adapt(weather, corpus=corpus, vectors_scale=0.3)
    with pytest.raises(ss.ParameterError, match="^markup='rtf': expected one of plain, html, markdown$"):
        ss.adapt(weather, corpus=corpus, markup="rtf")


def test_rows_that_cannot_be_trained_on_are_named(weather):
    with pytest.raises(ss.InputError, match=r"label\[1\] is missing"):
        ss.train(weather["text"][:3], ["warm", None, "cold"])
    with pytest.raises(ss.InputError, match=r"texts\[2\] is missing"):
        ss.train(["a", "b", None], ["warm", "cold", "cold"])
    with pytest.raises(ss.DataError, match="label"):
        ss.train(weather["text"], ["warm"] * 60)
    with pytest.raises(ss.DataError, match="leave the label out with a filter, or lower folds="):
        ss.train(weather["text"][:7], ["warm", "cold"] * 3 + ["mild"], folds=3)
    with pytest.raises(ss.InputError, match="no column `stance`; found"):
        ss.train(weather, "stance")


@pytest.mark.filterwarnings("ignore:.*trained on")
@pytest.mark.parametrize("library", ["dict", "pandas", "pyarrow"])
def test_groups_and_dates_are_found_in_tables_as_in_files(weather, library, tmp_path):
    import pandas
    import pyarrow

    make = {"dict": dict, "pandas": pandas.DataFrame, "pyarrow": pyarrow.table}[library]
    sources = [None, "NA", *(f"source {number % 4}" for number in range(58))]
    table = make({**weather, "source": sources, "date": [f"2024-0{1 + number % 9}-01" for number in range(60)]})
    training = ss.train(table, "label", folds=2)
    # The first two rows have an outlet only.
    assert training.report["groups"] == 6 and not any("group=" in warning for warning in training.warnings)
    dates = [f"2024-0{1 + number % 9}-01" for number in range(60)]
    groups = [weather["outlet"][0], weather["outlet"][1], *sources[2:]]
    named = ss.train(weather["text"], weather["label"], group=groups, date=dates, folds=2)
    assert training.model.to_bytes() == named.model.to_bytes() and training.report == named.report
    evaluation = training.model.evaluate(table)
    assert evaluation["group_columns"] == ["outlet", "source"] and len(evaluation["groups"]) == 6


@pytest.mark.parametrize("library", ["dict", "pandas", "polars", "pyarrow"])
def test_weights_may_be_a_column(weather, library):
    import pandas
    import polars
    import pyarrow

    make = {"dict": dict, "pandas": pandas.DataFrame, "polars": polars.DataFrame, "pyarrow": pyarrow.table}[library]
    weights = [1 + number % 3 for number in range(60)]
    table = make({**weather, "times": weights})
    named, listed = (ss.train(table, folds=0, weight=weight).model for weight in ("times", weights))
    assert named.to_bytes() == listed.to_bytes() != ss.train(table, folds=0).model.to_bytes()
    with pytest.raises(ss.InputError, match="^no column `time`; found `text`, `label`, `outlet`, `times`$"):
        ss.train(table, weight="time")


def test_labels_in_several_spellings_are_refused_merged_or_kept(weather):
    first = weather["label"].index("warm")
    labels = ["Warm" if number == first else label for number, label in enumerate(weather["label"])]
    table = {**weather, "label": labels}
    with pytest.raises(ss.DataError) as refused:
        ss.train(table, folds=0)
    message = str(refused.value)
    assert message.startswith("labels differ only in spelling: `Warm` (1 row) and `warm` (") and f"label[{first}]" in message
    assert message.endswith("If they are one label, give merge_spellings=True; if not, merge_spellings=False")
    assert isinstance(refused.value, ValueError)
    kept = ss.train(table, folds=0, merge_spellings=False)
    assert kept.warnings == [] and len(kept.model.labels) == 3
    merged, plain = ss.train(table, folds=0, merge_spellings=True), ss.train(weather, folds=0)
    assert merged.warnings == [] and merged.model.to_bytes() == plain.model.to_bytes()
    rows = (["a mild wind came at noon"], ["WARM"])
    with pytest.raises(ss.DataError, match="1 row in all has a label .* the model spells it `warm`: give merge_spellings=True$"):
        plain.model.evaluate(*rows)
    assert plain.model.evaluate(*rows, merge_spellings=True)["rows"] == 1


def test_labels_that_look_mistyped_or_are_several_are_refused_or_kept(weather):
    for odd, message in [
        ("warmm", r"^labels of one row look mistyped: `warmm` \(1 row\), at label\[0\], for `warms` .* or give merge_spellings=False if"),
        ("cold|warms", "^cells contain several labels: `cold.warms` .* with a filter, or write .*; merge_spellings=False treats"),
    ]:
        labels = [odd, *("warms" if label == "warm" else label for label in weather["label"][1:])]
        with pytest.raises(ss.DataError, match=message):
            ss.train({**weather, "label": labels}, folds=0)
        assert odd in ss.train({**weather, "label": labels}, folds=0, merge_spellings=False).model.labels


def test_texts_in_markup_are_warned_of(weather, tmp_path):
    pages = {**weather, "text": [f"<p>{text} and <b>then</b> rested.</p>" for text in weather["text"]]}
    [warning] = ss.train(pages, folds=0).warnings
    assert warning == "60 of 60 texts look like HTML (first texts, record 1); markup='html' reads them"
    assert ss.train(pages, folds=0, markup="html").warnings == []
    model = ss.train(weather, folds=0).model
    with pytest.warns(UserWarning, match="^60 of 60 texts look like HTML") as found:
        scores = model.score(pages)
    assert [str(one.message) for one in found] == [warning] and found[0].filename == __file__
    with pytest.warns(UserWarning) as found:
        evaluation = model.evaluate(pages, group="outlet")
    assert str(found[0].message) == warning and warning in evaluation.warnings
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = model.score(pages, markup="html")
        model.score(weather)
        for text, found in [
            ("The rain fell.\\nThe wind rose.\\n\\nIt was cold.", "contains escapes"),
            ("Le caf\u00c3\u00a9 \u00c3\u00a9tait ferm\u00c3\u00a9, d\u00c3\u00a9j\u00c3\u00a0", "looks like UTF-8 read as windows-1252"),
        ]:
            with pytest.raises(UserWarning, match=f"^1 of 1 texts {found}"):
                model.score([text])
    # The words that the tags add are gone.
    assert sum(read["words"]) < sum(scores["words"])
    with pytest.raises(ss.ParameterError, match="^markup='rtf': expected one of plain, html, markdown$"):
        model.score(pages, markup="rtf")
    (tmp_path / "pages.csv").write_text("text\n" + "\n".join(pages["text"]), encoding="utf-8")
    counts = model.score_files(tmp_path / "pages.csv", tmp_path / "out.jsonl")
    assert any("look like HTML" in note and note.endswith("; markup='html' reads them") for note in counts["notes"]), counts
    counts = model.score_files(tmp_path / "pages.csv", tmp_path / "read.jsonl", markup="html")
    assert not any("HTML" in note for note in counts["notes"])
    [scored, *_] = model.score_documents(tmp_path / "pages.csv", markup="html")
    assert scored["words"] == read["words"]
    assert "<p>" not in ss.read(tmp_path / "pages.csv", markup="html")[0].text
    with pytest.raises(ss.ParameterError, match="^markup='rtf': expected one of plain, html, markdown$"):
        ss.read(tmp_path / "pages.csv", markup="rtf")


def test_rows_without_groups_are_warned_of(weather):
    warning = "rows that belong together may be in different folds, and the figures may be too good"
    listed = ss.train(weather["text"], weather["label"], folds=2)
    assert listed.warnings[0] == f"no group=: {warning}"
    table = {"text": weather["text"], "label": weather["label"], "author": [None] * 60, "outlet": [[1]] * 60}
    assert ss.train(table, folds=2).warnings[0] == f"no column source, outlet, author or article, and no group=: {warning}"
    assert not any("group=" in warning for warning in ss.train(table, folds=0).warnings)
    assert not any("group=" in warning for warning in ss.train(weather, folds=2).warnings)


def test_an_evaluation_on_the_rows_of_the_training_is_warned_of(model, weather):
    trained = ss.train(weather, folds=0).model
    with pytest.warns(UserWarning, match="the model was trained on.*too good") as found:
        evaluation = trained.evaluate(weather)
    assert str(found[0].message) in evaluation.warnings and "too good" in evaluation._repr_html_()
    assert found[0].filename == __file__
    new = {"text": ["a mild wind came at noon", "hard frost fell at night"], "label": ["warm", "cold"]}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluation = trained.evaluate(new)
    assert [warning for warning in evaluation.warnings if "too good" in warning] == []
    assert evaluation.warnings[0].startswith("no column source, outlet, author or article, and no group=: rows that belong together")


def test_rows_that_the_bundled_model_was_trained_on_are_counted(model):
    import csv

    from conftest import REPOSITORY

    with open(sorted((REPOSITORY / "data" / "stance").glob("*.csv"))[0], newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] in model.labels][:3]
    table = {"text": [row["text"] for row in rows] + ["It rained."], "label": [row["label"] for row in rows] + ["neutral-analysis"]}
    with pytest.warns(UserWarning, match="the model was trained on the text of 3 of 4 rows"):
        evaluation = model.evaluate(table)
    assert evaluation["seen"]["texts"] == 3 and evaluation["seen"]["rows"] == 4


@pytest.mark.filterwarnings("ignore:.*trained on")
def test_an_evaluation_has_figures_and_a_page(weather):
    model = ss.train(weather, "label", folds=0).model
    evaluation = model.evaluate(weather, "label", group="outlet")
    assert evaluation["accuracy"] == 1.0 and evaluation["rows"] == 60 and len(evaluation["groups"]) == 6
    assert "macro f1" in evaluation._repr_html_()
    with pytest.raises(ss.DataError, match="tepid"):
        model.evaluate(["a mild wind"], ["tepid"])
    evaluation = ss.train(weather, "label").model.evaluate(weather, f1_labels=["warm"], confidence_level=0.8)
    assert evaluation["f1_of_labels"]["labels"] == ["warm"] and evaluation["sets"]["rows"] == 60
    with pytest.raises(ss.ParameterError, match=r"weight\[0\] is nan"):
        model.evaluate(["a mild wind"], ["warm"], weight=[float("nan")])


def test_coders_agree():
    table = {"anna": ["for", "for", "against", "against"], "ben": ["for", "against", "against", None]}
    result = ss.agreement(table)
    assert result["rows"] == 3 and result["agreement"] == pytest.approx(2 / 3) and "anna and ben" in result._repr_html_()
    with pytest.raises(ss.DataError, match="blank in all"):
        ss.agreement({"anna": ["for"], "ben": [None]})


def test_suggestions_name_their_rows(weather):
    model = ss.train(weather, "label", folds=0).model
    pool = ["sun and snow and hard frost with a mild wind", None, "hard frost and dark ice and snow", "a bright noon with sun and a mild wind"]
    picks = model.suggest(pool, 2, labeled=[pool[2]])
    assert [pool[pick["row"]] for pick in picks] == [pick["text"] for pick in picks]
    assert 2 not in [pick["row"] for pick in picks] and len(picks) == 2
    with pytest.raises(ss.ParameterError, match="0 texts"):
        model.suggest(pool, 0)
    with pytest.raises(ss.ParameterError, match="rare_share=2: expected a number from 0 to 1"):
        model.suggest(pool, 1, rare_share=2)
    with pytest.raises(TypeError, match="n='a': expected an integer"):
        model.suggest(pool, "a")


def test_suggestions_have_all_columns_of_a_text(weather):
    model = ss.train(weather, "label", folds=0).model
    [pick] = model.suggest({"a": ["hard frost"], "b": ["and dark ice came"]}, 1, text=["a", "b"])
    assert "hard frost" in pick["text"] and "dark ice" in pick["text"]


def test_bytes_and_files_are_read(tmp_path):
    data = "id,text\n7,It rained all däy.\n\n8,\"Two.\n\nShare this article\"\n".encode()
    (tmp_path / "a.csv").write_bytes(data)
    kinds = (data, bytearray(data), memoryview(data))
    for documents in (*(ss.read(kind, name="a.csv") for kind in kinds), ss.read(tmp_path / "a.csv")):
        assert [document.id for document in documents] == ["7", "8"] and documents[0].text == "It rained all däy."
    last = documents[1]
    assert [(last.text[cut.start : cut.end], cut.rule) for cut in last.paragraphs] == [("Two.", None), ("Share this article", "share")]
    with pytest.raises(ss.RunError, match="nowhere"):
        ss.read(tmp_path / "nowhere.csv")
    with pytest.raises(ss.InputError, match="no column `body`; found `id`, `text`"):
        ss.read(data, name="a.csv", text="body")
    assert [document.id for document in ss.read(data, name="a.csv", id="text")][0] == "It rained all däy."
    with pytest.raises(ss.ParameterError, match="format=tape"):
        ss.read(data, format="tape")


def test_a_run_over_files_reports_how_far_it_is(model, tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("text\n" + "NATO must give Ukraine binding security guarantees now.\n" * 20000)
    seen = []
    counts = model.score_files(path, tmp_path / "out.jsonl", progress=lambda records, size: seen.append(records))
    assert counts["documents"] == 20000 and seen[-1] == 20000 and seen == sorted(seen)
    short, seen = tmp_path / "short.csv", []
    short.write_text("text\nNATO must act.\n")
    model.score_files(short, tmp_path / "short.jsonl", progress=lambda records, size: seen.append((records, size)))
    assert seen[-1] == (1, len("NATO must act.")), "a short run tells its end, too"

    def stop(records, size):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        model.score_files(path, tmp_path / "stopped.jsonl", progress=stop)
    with pytest.raises(ss.RunError, match="use unfinished='resume' to continue or unfinished='restart' to start over"):
        model.score_files(path, tmp_path / "stopped.jsonl")
    assert model.score_files(path, tmp_path / "stopped.jsonl", unfinished="restart")["documents"] == 20000
    with pytest.raises(TypeError, match="^progress=3: expected a function"):
        model.score_files(path, tmp_path / "none.jsonl", progress=3)
    with pytest.raises(ss.RunError, match="none of 1 records could be scored.*nowhere"):
        model.score_files(tmp_path / "nowhere.csv", tmp_path / "none.jsonl")
    assert not (tmp_path / "none.jsonl").exists()


def test_a_run_that_is_stopped_in_a_large_record_can_be_begun_again_at_once(model, tmp_path):
    path, out, large = tmp_path / "large.txt", tmp_path / "out.jsonl", {"max_record": 1 << 30}
    path.write_text("NATO must give Ukraine binding security guarantees now. " * 800_000)

    def stop(records, size):
        raise RuntimeError("enough")

    begun = time.monotonic()
    with pytest.raises(RuntimeError, match="enough"):
        model.score_files(path, out, progress=stop, **large)
    assert time.monotonic() - begun < 0.5
    # This waits for the thread that is still at the record.
    assert model.score_files(path, out, unfinished="restart", **large)["documents"] == 1
    assert out.exists() and not list(tmp_path.glob("*partial*"))


def test_columns_of_files_are_named_as_on_the_command_line(model, command_line, tmp_path):
    path = tmp_path / "news.csv"
    path.write_text("nr,headline,body,outlet\n7,NATO must act,Ukraine needs binding guarantees now.,Herald\n")
    expected = command_line(path, tmp_path / "cli.parquet", "--text-column", "headline,body", "--id-column", "nr", "--keep", "outlet")
    import pyarrow.parquet

    columns = {"text": ["headline", "body"], "id": "nr", "keep": "outlet"}
    model.score_files(path, tmp_path / "python.parquet", **columns)
    found = pyarrow.parquet.read_table(tmp_path / "python.parquet")
    assert found.to_pydict() == expected.to_pydict() and found["meta_outlet"].to_pylist() == ["Herald"]
    with pytest.raises(ss.RunError, match="no column `txt`; found .*`body`.*text="):
        model.score_files(path, tmp_path / "none.parquet", text="txt")
    (tmp_path / "two.csv").write_text("nr,a,b\n7,x,y\n")
    with pytest.raises(ss.RunError) as found:
        model.score_files(tmp_path / "two.csv", tmp_path / "none.parquet")
    assert "give --header-row of the command" in str(found.value), "which Python has no parameter for"
    with pytest.raises(ss.RunError, match="larger than .*max_record="):
        model.score_files(path, tmp_path / "none.parquet", max_record=20, **columns)
    model.score_files(path, tmp_path / "text.parquet", format="text")
    assert pyarrow.parquet.read_table(tmp_path / "text.parquet")["id"].to_pylist() == [str(path)]
    with pytest.raises(ss.ParameterError, match="^format=tape: expected one of "):
        model.score_files(path, tmp_path / "none.parquet", format="tape")
    (tmp_path / "three.csv").write_text("nr,a,content\n7,x,y\n")
    assert model.score_files(tmp_path / "three.csv", tmp_path / "three.parquet")["documents"] == 1, "a likely column is taken"


#: A text of 60 MB.
LARGE = "'NATO must give Ukraine binding security guarantees now. ' * 1_100_000"

WORK = {
    "predict a large text": f"[model.predict([text], n_jobs={{jobs}}) for text in [{LARGE}] * 20]",
    "score a large text": f"[model.score([text], n_jobs={{jobs}}) for text in [{LARGE}] * 20]",
    "evaluate a large text": f"model.evaluate([{LARGE}], ['pro-guarantee'], n_jobs={{jobs}})",
    "suggest a large text": f"model.suggest([{LARGE}], 1, n_jobs={{jobs}})",
    "score large documents": "list(model.score_documents(b'\\n'.join([b'{{\"text\":\"' + b'NATO must give Ukraine guarantees. ' * 400_000 + b'\"}}'] * 8), name='a.jsonl'))",
    "score a file of one large text": f"open({{folder!r}} + '/a.txt', 'w').write({LARGE} * 3), model.score_files({{folder!r}} + '/a.txt', {{folder!r}} + '/a.jsonl', max_record=1 << 30, n_jobs={{jobs}})",
    "score files": "open({folder!r} + '/a.csv', 'w').write('text\\n' + 'NATO must give Ukraine binding security guarantees now.\\n' * 3_000_000), model.score_files({folder!r} + '/a.csv', {folder!r} + '/a.jsonl', n_jobs={jobs})",
    "score": "model.predict(['NATO must give Ukraine binding security guarantees now.'] * 5_000_000, n_jobs={jobs})",
    "evaluate": "model.evaluate(['NATO must give Ukraine binding security guarantees now. ' * 4] * 400_000, ['pro-guarantee'] * 400_000, n_jobs={jobs})",
    # Scored soon: most of the time goes into the intervals.
    "intervals": "model.evaluate(['NATO'] * 400_000, ['pro-guarantee'] * 400_000, n_jobs={jobs})",
    "agreement": "ss.agreement({{'a': ['for', 'against'] * 3_000_000, 'b': ['for', 'for'] * 3_000_000}}, n_jobs={jobs})",
    "suggest": "model.suggest([f'NATO must give Ukraine {{n}} guarantees now.' for n in range(1_000_000)], n_jobs={jobs})",
    # One paragraph, so that nothing is done before the whole text is.
    "explain": "model.explain('NATO must give Ukraine binding security guarantees now. ' * 800_000)",
    "explain paragraphs": "model.explain('\\n\\n'.join(f'NATO must give Ukraine {{n}} guarantees now.' for n in range(600_000)))",
    "read": "ss.read(b'text\\n' + b'NATO must give Ukraine binding security guarantees now.\\n' * 3_000_000, name='a.csv')",
    "read a large page": "ss.read(b'<p>' + b'NATO must give <b>Ukraine</b> binding guarantees now. ' * 2_000_000, name='a.html', max_record=1 << 30)",
    "train on a large text": f"ss.train([{LARGE} * 3, 'It rained.'], ['pro', 'neutral'], folds=0, min_df=1, n_jobs={{jobs}})",
    "train": "ss.train([f'{{n % 9973}} word{{n % 7919}} and {{n % 101}} things' for n in range(60000)], ['ab'[n % 2] for n in range(60000)], n_jobs={jobs})",
}


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("work", WORK)
def test_ctrl_c_ends_a_long_call(work, jobs, tmp_path):
    code = f"""
        import signal, time, standpoint_stance as ss
        # Who starts the tests may ignore it, and children inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        model = ss.Model.load()
        print("begun", flush=True)
        try:
            {WORK[work].format(jobs=jobs, folder=str(tmp_path))}
        except KeyboardInterrupt:
            print("stopped", time.time(), flush=True)
    """
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline().strip() == "begun"
    time.sleep(1.5)
    sent = time.time()
    child.send_signal(signal.SIGINT)
    try:
        out, _ = child.communicate(timeout=20)
    finally:
        child.kill()
    stopped, when = out.split()
    assert stopped == "stopped" and float(when) - sent < 0.5


def test_the_command_comes_with_the_package(tmp_path):
    (tmp_path / "a.txt").write_text("NATO must give Ukraine binding security guarantees now.")
    command = [sys.executable, "-m", "standpoint_stance._command"]
    out = subprocess.run([*command, "score", str(tmp_path / "a.txt")], capture_output=True, text=True)
    assert out.returncode == 0 and '"label":"pro-guarantee"' in out.stdout
    wrong = subprocess.run([*command, "score", "--no-such-flag"], capture_output=True, text=True)
    assert wrong.returncode == 2 and "--no-such-flag" in wrong.stderr
