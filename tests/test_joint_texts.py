"""The hand-coded joint texts and the depth ladder keep the code book."""

import pandas as pd
import pytest

from trilateral.data import DATA, load
from trilateral.recipes import texts
from trilateral.recipes.reading import UpstreamError


def curated() -> dict[str, bytes]:
    return {name: (DATA / "curated" / name).read_bytes() for name in (texts.TEXTS, texts.DEPTH)}


def altered(row: str, **cells) -> dict[str, bytes]:
    """The curated files with some cells of one text changed."""
    frame = pd.read_csv(DATA / "curated" / texts.TEXTS, dtype=str, keep_default_na=False)
    frame.loc[frame["id"] == row, list(cells)] = list(cells.values())
    return curated() | {texts.TEXTS: frame.to_csv(index=False, lineterminator="\n").encode()}


def test_the_committed_tables_are_what_the_recipe_makes():
    made = texts.tables(curated())
    for name, frame in made.items():
        assert sorted(frame["id"]) == sorted(load(name).frame["id"])


def test_every_text_was_coded_twice():
    frame = load("trilateral_texts").frame
    assert frame[texts.RECODES].notna().all().all()


def test_a_quotation_longer_than_fifteen_words_is_refused():
    with pytest.raises(UpstreamError, match=r"camp-david-spirit, column evidence.*more than 15 words"):
        texts.tables(altered("camp-david-spirit", evidence=" ".join(["word"] * 16)))


def test_a_measure_against_china_that_does_not_name_china_is_refused():
    with pytest.raises(UpstreamError, match=r"finance-2024, column countermeasure_china.*names_china is 0"):
        texts.tables(altered("finance-2024", countermeasure_china="1"))


def test_a_disagreement_of_the_codings_must_be_marked():
    with pytest.raises(UpstreamError, match="camp-david-principles, column doubtful_reason"):
        texts.tables(altered("camp-david-principles", recode_names_taiwan="0"))


def test_a_positive_code_without_evidence_is_refused():
    with pytest.raises(UpstreamError, match="lima-2024, column evidence"):
        texts.tables(altered("lima-2024", evidence=""))


def test_an_unknown_column_is_refused():
    files = curated()
    files[texts.DEPTH] = files[texts.DEPTH].replace(b"rung,", b"step,", 1)
    with pytest.raises(UpstreamError, match="rung"):
        texts.tables(files)


def test_no_arrangement_is_dated_after_the_end_of_the_record():
    assert load("trilateral_depth").frame["date"].max() <= pd.Timestamp("2026-08-31")
