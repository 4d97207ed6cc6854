"""Totals by country and year: what a damaged table sums to is named, a small revision is let through."""

import re
import shutil

import pandas as pd
import pytest

from trilateral import data, steps, totals

TABLE = "us_goods_imports"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / totals.FOLDER).mkdir()
    for suffix in (".csv", ".yml"):
        shutil.copy(data.DATA / f"{TABLE}{suffix}", tmp_path)
    sidecar = tmp_path / f"{TABLE}.yml"  # with no floor and no first month: the totals alone are looked at
    text = re.sub(r"rows_at_least: \d+", "rows_at_least: 1", sidecar.read_text(encoding="utf-8"))
    sidecar.write_text(re.sub(r", minimum: '?2020-01[^'}]*'?", "", text), encoding="utf-8")
    shutil.copy(data.DATA / totals.FOLDER / f"{TABLE}.csv", tmp_path / totals.FOLDER)
    return tmp_path


def change(folder, function):
    path = folder / f"{TABLE}.csv"
    frame = pd.read_csv(path, dtype=str)
    function(frame).to_csv(path, index=False, lineterminator="\n")


def times(frame, rows, factor):
    return frame.assign(usd_million=frame["usd_million"].mask(
        rows, (frame["usd_million"].astype(float) * factor).round(3).astype(str)))


def test_the_tables_sum_to_what_was_accepted():
    assert [said for name in data.names() if (said := totals.fault(name, data.DATA))] == []


@pytest.mark.parametrize(("damage", "said"), [
    (lambda frame: times(frame, frame["partner"] == "KOR", 0.001), "partner KOR: the sum of usd_million"),
    (lambda frame: times(frame, frame["month"].str.startswith("2021"), 1000), "month 2021: the sum of usd_million"),
    (lambda frame: frame.assign(partner=frame["partner"].replace({"KOR": "CAN", "CAN": "KOR"})), "partner CAN"),
    (lambda frame: frame.drop(index=5), "the whole table: rows: "),
    (lambda frame: frame[frame["partner"] != "KOR"], "partner KOR is gone"),
    (lambda frame: frame.assign(month=frame["month"].str.replace("2020", "2019")), "month 2019 is new"),
])
def test_damage_that_keeps_within_every_range_is_named_with_its_group(folder, damage, said):
    change(folder, damage)
    data.load(TABLE, folder)  # the contract lets it pass
    assert any(said in line for line in totals.differences(TABLE, folder))
    assert totals.fault(TABLE, folder).endswith(f"accept them: python -m trilateral data accept {TABLE}")


def test_a_check_asks_the_totals_of_a_table_that_keeps_its_contract_and_of_no_other(folder, monkeypatch):
    monkeypatch.setattr(data, "DATA", folder)
    assert steps._examined(TABLE) == (None, "")
    change(folder, lambda frame: times(frame, frame["partner"] == "KOR", 2))
    error, moved = steps._examined(TABLE)
    assert error is None and "the sum of usd_million" in moved
    change(folder, lambda frame: frame.assign(partner="Korea"))
    error, moved = steps._examined(TABLE)
    assert "column partner" in str(error) and moved == ""


def test_a_value_that_is_revised_a_little_needs_nobody(folder):
    change(folder, lambda frame: times(frame, frame.index == 7, 1.01))
    assert totals.differences(TABLE, folder) == []


@pytest.mark.parametrize("factor", [0.985, 1.015])
def test_a_country_whose_sum_is_off_by_more_than_a_hundredth_is_named_and_one_that_is_off_by_less_is_not(folder, factor):
    change(folder, lambda frame: times(frame, frame["partner"] == "KOR", factor))
    assert [line.split(":")[0] for line in totals.differences(TABLE, folder)] == [f"data/{TABLE}.csv, partner KOR"]
    change(folder, lambda frame: times(frame, frame["partner"] == "KOR", 1.008 / factor))
    assert totals.differences(TABLE, folder) == []


@pytest.mark.parametrize(("moved", "named"), [(30, False), (67, True)])
def test_a_mean_date_that_is_off_by_a_month_is_named_and_one_that_is_off_by_half_a_month_is_not(folder, moved, named):
    """The first months of Korea's 67, each a month earlier."""
    def earlier(frame):
        months = pd.PeriodIndex(frame["month"], freq="M")
        chosen = frame.index.isin(frame[frame["partner"] == "KOR"].index[:moved])
        return frame.assign(month=frame["month"].mask(chosen, (months - 1).astype(str)))
    change(folder, earlier)
    assert any("partner KOR: the mean of month" in line for line in totals.differences(TABLE, folder)) == named


def test_totals_that_were_accepted_after_a_look_stop_nothing(folder):
    change(folder, lambda frame: times(frame, frame["partner"] == "KOR", 2))
    assert totals.accept(TABLE, folder)
    assert totals.fault(TABLE, folder) == "" and totals.accept(TABLE, folder) == []


def test_a_table_without_totals_is_a_fault(folder):
    (folder / totals.FOLDER / f"{TABLE}.csv").unlink()
    assert f"data/totals/{TABLE}.csv: missing" in totals.fault(TABLE, folder)
    totals.accept(TABLE, folder)
    assert totals.fault(TABLE, folder) == ""


@pytest.mark.parametrize(("damage", "said"), [
    (lambda text: text.replace("group", "grup", 1), "its first line lacks the column group"),
    (lambda text: "", "No columns to parse"),
    (lambda text: re.sub(r"(KOR,[^,]+,)[^,]+", r"\1many", text, count=1), "many"),
    (lambda text: text + text.splitlines()[-1] + "\n", "stands twice"),
])
def test_totals_that_are_damaged_are_named_with_what_to_do(folder, damage, said):
    kept = folder / totals.FOLDER / f"{TABLE}.csv"
    kept.write_text(damage(kept.read_text(encoding="utf-8")), encoding="utf-8")
    fault = totals.fault(TABLE, folder)
    assert fault.startswith(f"data/totals/{TABLE}.csv: is damaged: ") and said in fault
    assert f"git restore data/totals/{TABLE}.csv, or" in fault and fault.endswith(f"data accept {TABLE}")


def test_no_totals_stand_for_a_table_that_is_gone():
    assert {path.stem for path in (data.DATA / totals.FOLDER).glob("*.csv")} == set(data.names())
