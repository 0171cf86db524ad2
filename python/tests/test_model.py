"""Models: opening, saving, pickling, describing, explaining."""

from __future__ import annotations

import html
import pickle
import re
import subprocess
import sys
import threading

import pyarrow
import pyarrow.parquet
import pytest

import standpoint_stance as ss

TEXT = "NATO must give Ukraine binding security guarantees now."


def test_an_import_brings_no_other_package():
    code = (
        "import sys; import standpoint_stance; "
        "print([name for name in ('numpy', 'pyarrow', 'pandas', 'polars', 'sklearn', 'pyspark') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_the_bundled_model_answers(model):
    assert model.labels == ["nato-skeptical", "neutral-analysis", "pro-guarantee"]
    assert model.predict([TEXT, "Hello.", None]) == ["pro-guarantee", None, None]
    assert model.id.startswith("stance@")


def test_probabilities_are_an_array_of_floats(model):
    found = model.predict_proba([TEXT, None])
    assert found.shape == (2, 3) and found.flags.writeable
    assert found[0].sum() == pytest.approx(1) and (found[1] != found[1]).all()


def test_a_saved_model_is_the_same_model(model, tmp_path):
    path = tmp_path / "mine.safetensors"
    model.save(path)
    again = ss.Model.load(path)
    assert again.id.split("@")[0] == "mine" and [found.name for found in tmp_path.iterdir()] == ["mine.safetensors"]
    assert again.predict_proba([TEXT]).tolist() == model.predict_proba([TEXT]).tolist()
    assert again.score([TEXT])["loaded"] == [None], "a file has no loaded-language model unless one is given"


@pytest.mark.parametrize("origin", ["bundled", "file", "bytes"])
def test_a_pickled_model_is_the_same_model(model, origin, tmp_path):
    path = tmp_path / "mine.safetensors"
    model.save(path)
    given = {"bundled": model, "file": ss.Model.load(path), "bytes": ss.Model.from_bytes(model.to_bytes())}[origin]
    pickled = pickle.dumps(given)
    again = pickle.loads(pickled)
    assert again.id == given.id and again.score([TEXT]).to_dict() == given.score([TEXT]).to_dict()
    assert (len(pickled) < 1000) == (origin != "bytes"), "a model with a file goes by its path"


def test_scores_say_what_to_pickle_instead(model):
    with pytest.raises(TypeError, match="to_dict"):
        pickle.dumps(model.score(["NATO must give Ukraine guarantees."]))


def test_a_model_of_a_relative_path_is_unpickled_in_another_folder(model, tmp_path, monkeypatch):
    model.save(tmp_path / "mine.safetensors")
    monkeypatch.chdir(tmp_path)
    pickled = pickle.dumps(ss.Model.load("mine.safetensors"))
    monkeypatch.chdir("/")
    assert pickle.loads(pickled).labels == model.labels


def test_one_column_that_is_kept_needs_no_list(model):
    assert model.score({"text": [TEXT], "outlet": ["A"]}, keep="outlet").to_dict()["meta_outlet"] == ["A"]


def test_a_file_that_changed_after_pickling_is_refused(model, weather, tmp_path):
    path = tmp_path / "mine.safetensors"
    model.save(path)
    pickled = pickle.dumps(ss.Model.load(path))
    ss.train(weather["text"], weather["label"], folds=0).model.save(path)
    with pytest.raises(ss.ModelError, match="when it was pickled"):
        pickle.loads(pickled)
    path.unlink()
    with pytest.raises(ss.ModelError, match="cannot read the model"):
        pickle.loads(pickled)


def test_what_is_no_model_is_refused(tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(b"not a model")
    with pytest.raises(ss.ModelError, match="not a model file"):
        ss.Model.load(path)
    with pytest.raises(ss.ModelError, match="nowhere"):
        ss.Model.load(tmp_path / "nowhere.safetensors")


def test_a_newer_format_is_refused(model):
    data = model.to_bytes()
    header = data.index(b'\\"format\\":')
    digit = header + len(b'\\"format\\":')
    newer = data[:digit] + b"9" + data[digit + 1 :]
    with pytest.raises(ss.ModelError, match=f"has format 9.*install the newest .this is {ss.__version__}."):
        ss.Model.from_bytes(newer)


def test_a_card_is_a_dictionary_and_a_page(model):
    card = model.card()
    assert card["unit"] == "paragraph" and [label["name"] for label in card["labels"]] == model.labels
    assert "pro-guarantee" in card._repr_html_()


def test_an_explanation_adds_up_and_marks_its_words(model):
    explanation = model.explain(TEXT)
    assert explanation.label == "pro-guarantee" and explanation.terms()[0][1] > 0
    for label in explanation["labels"]:
        total = label["sum"]
        listed = sum(term["contribution"] for term in label["terms"])
        assert total["intercept"] + listed + total["rest"] == pytest.approx(total["margin"], abs=1e-9)
        assert total["intercept"] + sum(cut["contribution"] for cut in label["sentences"]) == pytest.approx(total["margin"], abs=1e-9)
    page = explanation._repr_html_()
    assert "<mark" in page and "<script" not in model.explain("<script>NATO must</script> guarantee")._repr_html_()
    with pytest.raises(KeyError, match="pro-guarantee"):
        explanation.terms("mars")


def test_an_explanation_marks_the_sentences_that_count_most(model):
    text = f"{TEXT} It rained in Brussels. The expansion of the alliance provoked the war, and weapons prolong it. {TEXT} <i>Yes.</i>"
    explanation = model.explain(text)
    sentences = explanation.sentences()
    assert [amount for _, amount in sentences] == sorted((amount for _, amount in sentences), reverse=True)
    assert TEXT in [sentence for sentence, _ in sentences] and explanation.sentences("nato-skeptical") != sentences
    page = explanation._repr_html_()
    strongest = max(sentences, key=lambda sentence: abs(sentence[1]))[0]
    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", page, re.DOTALL)
    assert strongest in [re.sub("</?b>", "", html.unescape(mark)).strip() for mark in marked]
    assert "underline solid" in page and "underline dotted" in page and "<i>" not in page
    shown = re.search(r'pre-wrap[^>]*>(.*?)</p>', page, re.DOTALL)[1]
    assert html.unescape(re.sub("<[^>]*>", "", shown)) == explanation.text
    with pytest.raises(KeyError, match="pro-guarantee"):
        explanation.sentences("mars")


def test_tables_and_trainings_say_what_they_hold(model, weather):
    assert repr(model.score([TEXT, "Hello.", TEXT])).startswith("<Scores: 3 rows (2 pro-guarantee, 1 no label); columns id, path, ")
    shown = repr(ss.train(weather, folds=2))
    assert "on 60 rows, cross-validated, " in shown and "cold, warm" in shown


def test_threads_share_a_model(model, texts):
    expected = model.predict_proba(texts).tolist()
    found = [None] * 4

    def work(number):
        found[number] = model.predict_proba(texts, n_jobs=1 + number % 2).tolist()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert all(one == expected for one in found)


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork")
def test_a_forked_process_scores_with_the_model_of_its_parent(model, texts):
    import os

    expected = model.predict(texts, n_jobs=2)
    child = os.fork()
    if child == 0:
        os._exit(0 if model.predict(texts, n_jobs=2) == expected and model.predict(texts) == expected else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_pool_of_processes_brings_errors_home(model):
    import concurrent.futures

    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        assert pool.submit(model.predict, [TEXT]).result() == ["pro-guarantee"]
        with pytest.raises(ss.InputError, match=r"texts\[0\] contains a zero byte"):
            pool.submit(model.predict, ["NATO\0"]).result()


def test_a_panic_is_an_exception():
    from standpoint_stance import _native

    with pytest.raises(ss.InternalError, match="asked for by a test"):
        _native._panic()


@pytest.mark.parametrize("name", [name for name in ss.__all__ if name.endswith("Error")])
def test_exceptions_are_pickled(name):
    error = getattr(ss, name)("words")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and again.args == ("words",) and isinstance(again, ss.StandpointError)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_list_alone_scores_as_any_other_rows(model, texts, n_jobs):
    # Lists go a way of their own, and labels need no loaded-language model.
    scores = model.score(texts, n_jobs=n_jobs)
    for given in (texts, tuple(texts), {"text": texts}):
        assert model.predict(given, n_jobs=n_jobs) == scores["label"]
        found = model.predict_proba(given, n_jobs=n_jobs)
        assert found.T.tolist() == [scores[f"p_{label}"] for label in model.labels]
    assert any(loaded is not None for loaded in scores["loaded"])


def test_a_list_for_a_model_of_two_columns_is_refused(weather):
    both = {"title": weather["text"], "text": weather["text"]}
    model = ss.train(both, weather["label"], text=["title", "text"], folds=0).model
    with pytest.raises(ValueError, match="reads the columns `?title`?.*table"):
        model.predict(["snow"])


@pytest.mark.parametrize("rule", ["lac", "class-conditional"])
def test_sets_of_labels_are_those_of_the_command_line(model, texts, command_line, tmp_path, rule):
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), tmp_path / "in.parquet")
    options = ("--paragraphs", "--confidence-level", "0.9", "--set-rule", rule)
    expected = command_line(tmp_path / "in.parquet", tmp_path / "out.parquet", *options)
    asked = {"paragraphs": True, "confidence_level": 0.9, "set_rule": rule}
    found = model.score(texts, **asked)
    assert found.columns == expected.column_names and found["set"] == expected["set"].to_pylist()
    assert model.empty_scores(paragraphs=True, confidence_level=0.9).columns == found.columns
    model.score_files(tmp_path / "in.parquet", tmp_path / "files.parquet", **asked)
    assert pyarrow.parquet.read_table(tmp_path / "files.parquet").equals(expected)
    [documents] = model.score_documents(texts[8].encode(), name="a.txt", **asked)
    assert documents["set"] == model.score([texts[8]], **asked)["set"]


def test_sets_that_do_not_hold_are_refused(model):
    with pytest.raises(ss.ParameterError, match="^confidence_level= needs paragraphs=True: "):
        model.score(["NATO must act."], confidence_level=0.9)
    with pytest.raises(ss.ParameterError, match="^confidence_level=1.5: expected a number from 0 to 1$"):
        model.score(["NATO must act."], confidence_level=1.5, paragraphs=True)
    with pytest.raises(ss.ParameterError, match="^confidence_level="):
        model.score(["NATO must act."], confidence_level=0, paragraphs=True)
    with pytest.raises(ss.ParameterError, match="^set_rule='best': expected one of lac, class-conditional$"):
        model.score(["NATO must act."], set_rule="best")


def test_large_texts_score_alike_on_any_number_of_threads(model, texts):
    large = ["\n\n".join(texts[6 + number : 200 + number]) for number in range(3)]
    large = [text * (1_100_000 // len(text) + 1) for text in large] + [None, "NATO must act."]
    found, other = (model.score(large, n_jobs=jobs).to_dict() for jobs in (1, 2))
    assert found == other and model.predict(large, n_jobs=2) == model.predict(large) == found["label"]
