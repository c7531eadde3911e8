"""What happened, as a user gives it; how it is scored; and what the page and the record say of it."""

from __future__ import annotations

import json
import math
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from small_configs import write_configs
from synthetic_prediction import SEEN, make_prediction

from demandsim.comparison.predictions import average_points, find_score, score_points
from demandsim.comparison.scores import interval_score
from demandsim.errors import ConfigError
from demandsim.report.prediction import headline, judge, overview, score_table, verdicts, write_prediction_page
from demandsim.study.prediction import (
    NAIVE,
    Actual,
    Prediction,
    known_actuals,
    read_actuals,
    write_prediction,
    write_record,
    write_template,
)
from demandsim.study.prediction.histories import load_histories

STOCK = "looked_after_stock"


@pytest.fixture(scope="module")
def prediction() -> Prediction:
    return make_prediction()


def _read(folder: Path, text: str, prediction: Prediction) -> list[Actual]:
    file = folder / "actuals.csv"
    file.write_text(text, encoding="utf-8")
    return read_actuals(file, prediction)


def test_counts_rates_and_percentages_become_the_models_unit(tmp_path: Path, prediction: Prediction) -> None:
    text = (
        "year,series,unit,value\n"
        "2015/16,looked_after_stock,children,348\n"
        "2016-17,looked_after_stock,per 10 000 children,\n"
        '2017/2018,looked_after_stock,per 10,"1,060"\n'
        "2018/19,re_referrals_share,%,23\n"
        "2019/20,re_referrals_share,,0.25\n"
    )
    text = text.replace("per 10,", '"per 10,000 children",').replace('"1,060"', '"61"')
    found = _read(tmp_path, text, prediction)
    assert [(one.series, one.year) for one in found] == [
        (STOCK, "2015/16"),
        (STOCK, "2017/18"),
        ("re_referrals_share", "2018/19"),
        ("re_referrals_share", "2019/20"),
    ]
    assert [one.value for one in found] == pytest.approx([60.0, 61.0, 0.23, 0.25])


def test_every_fault_is_told_at_once_with_its_line(tmp_path: Path, prediction: Prediction) -> None:
    text = (
        "series,year,value,unit\n"
        "looked_after_stok,2015/16,60,\n"
        "looked_after_stock,2014/15,60,\n"
        "looked_after_stock,2015/16,sixty,\n"
        "looked_after_stock,2016/17,60,chidren\n"
        "looked_after_stock,2017/18,-1,\n"
        "looked_after_stock,2018/19,60,\n"
        "looked_after_stock,2018-19,348,children\n"
        "re_referrals_share,2015/16,23,\n"
        "nonsense,1999/00,many,apples\n"
        "looked_after_stock,2019/20,nan,\n"
    )
    with pytest.raises(ConfigError) as told:
        _read(tmp_path, text, prediction)
    faults = [str(fault) for fault in told.value.faults]
    expected = [
        ("line 2", "Did you mean `looked_after_stock`?"),
        ("line 3", "`2014/15` is not a year predicted"),
        ("line 4", "`sixty` is not a number"),
        ("line 5", "Did you mean `children`?"),
        ("line 6", "`-1` is not a number from 0 up"),
        ("line 8", "is given already in line 7"),
        ("line 9", "more than all"),
        ("line 10", "no series `nonsense`"),
        ("line 10", "`1999/00` is not a year predicted"),
        ("line 10", "`many` is not a number"),
        ("line 11", "`nan` is not a number"),
    ]
    assert len(faults) == len(expected)
    for fault, (line, what) in zip(faults, expected, strict=True):
        assert f"actuals.csv, {line}:" in fault
        assert what in fault


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("series,yaer,value\n", "Did you mean `year`?"),
        ("series,value\n", "there is no column `year`"),
        ("series,year,value,value\n", "`value` is there twice"),
    ],
)
def test_a_faulty_header_is_told(tmp_path: Path, prediction: Prediction, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told.replace("?", r"\?")):
        _read(tmp_path, text, prediction)
    with pytest.raises(ConfigError, match="there is no such file"):
        read_actuals(tmp_path / "nowhere.csv", prediction)


def test_the_template_can_be_filled_in_and_read(tmp_path: Path, prediction: Prediction) -> None:
    template = write_template(prediction, tmp_path)
    lines = template.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "series,year,value,unit"
    assert len(lines) == 1 + 5 * (2 + 3 + 1)  # a rate and a count, a share and two percentages, a rate
    assert read_actuals(template, prediction) == []
    lines[2] = lines[2].replace(",,", ",348,")
    template.write_text("\n".join(lines), encoding="utf-8")
    assert [one.value for one in read_actuals(template, prediction)] == pytest.approx([60.0])


def test_scores_are_relative_to_the_last_official_value(prediction: Prediction) -> None:
    points = score_points(prediction, [Actual(STOCK, "2016/17", 30.0)])
    figure = prediction.figures[0]
    assert {point.kind for point in points} == set(figure.forecasts)
    lines = figure.bands("model")
    point = next(point for point in points if point.kind == "model")
    by_hand = interval_score(float(lines["p05"][1]), float(lines["p95"][1]), 30.0, 0.1) / 58.8
    assert point.interval_nine == pytest.approx(by_hand)
    assert point.error == pytest.approx((float(lines["median"][1]) - 30.0) / 58.8)
    assert not point.in_nine


def test_skill_compares_only_values_that_both_forecast(prediction: Prediction) -> None:
    actuals = [Actual(STOCK, "2015/16", 59.0), Actual("talking_therapies_entered", "2015/16", 500.0)]
    scores = average_points(score_points(prediction, actuals), NAIVE)
    whole = find_score(scores, "all", "model")
    alone = find_score(scores, STOCK, "model")
    assert whole is not None
    assert alone is not None
    assert (whole.n, whole.n_both["trend"]) == (2, 1)
    assert whole.skill == alone.skill
    assert math.isnan(find_score(scores, "talking_therapies_entered", "model").skill["trend"])  # type: ignore[union-attr]


def test_it_says_plainly_when_a_naive_forecast_wins() -> None:
    wrong = make_prediction(is_level_right=False)
    case = judge(wrong, [Actual(STOCK, year, 58.8) for year in wrong.years], score_known=False)
    assert headline(case).startswith("The model at its own level does not beat the last value alone, on 5 values")
    raw = next(said for said in verdicts(case) if "“Model as it stands, with what" in said)
    assert raw.startswith("The naive forecast wins")
    assert verdicts(case)[-1].startswith("Hazards were fitted to some figures of these years")
    right = judge(make_prediction(), [Actual(STOCK, year, 61.0) for year in wrong.years], score_known=False)
    assert any("does better" in said for said in verdicts(right))


def test_later_official_values_are_scored_only_when_asked(prediction: Prediction) -> None:
    assert known_actuals(prediction) == [Actual(STOCK, "2015/16", 60.0)]
    silent, asked = (judge(prediction, [], score_known) for score_known in (False, True))
    assert (silent.scores, silent.n_points, silent.record()) == ((), 0, None)
    assert "--score-known" in verdicts(silent)[0]
    assert asked.n_points == 1
    both = judge(prediction, [Actual(STOCK, "2015/16", 61.0)], score_known=True)
    assert (both.n_points, both.known) == (1, ())


def test_files_say_what_was_predicted_and_how(tmp_path: Path, prediction: Prediction) -> None:
    lines = write_prediction(prediction, tmp_path).read_text(encoding="utf-8").splitlines()
    head = lines[0].split(",")
    assert head[:7] == ["series", "title", "year", "forecast", "level", "discrepancy", "unit"]
    assert len(lines) == 1 + 5 * sum(len(figure.forecasts) for figure in prediction.figures)
    levels = {line.split(",")[3]: line.split(",")[4:6] for line in lines[1:]}
    assert levels["model_wide"] == ["raw", "yes"]
    assert levels["anchored"] == ["anchored", "no"]
    assert levels["trend"] == ["official", "no"]
    case = judge(prediction, [Actual(STOCK, "2015/16", 59.0)], score_known=False)
    record = json.loads(write_record(prediction, tmp_path, case.record()).read_text(encoding="utf-8"))
    assert record["figures"][STOCK]["official"]["2014/15"] == 58.8
    assert "2015/16" not in record["figures"][STOCK]["official"]
    assert record["beliefs"]["fitted_to_later"] == ["main duty acceptances (made up, March 2018)"]
    assert record["scores"]["points"] == 1


def test_the_page_shows_every_figure_with_its_table_and_its_scores(tmp_path: Path, prediction: Prediction) -> None:
    case = judge(prediction, [Actual(STOCK, year, 59.0) for year in prediction.years], score_known=False)
    text = unescape(write_prediction_page(case, tmp_path / "page.html").read_text(encoding="utf-8"))
    assert text.count("<svg") == len(prediction.figures)
    assert text.count("<table") == len(prediction.figures) + 3  # all figures, scores in all, scores of one
    for said in (
        "To that extent it is hindsight, not prediction",
        "Homelessness Reduction Act",
        "rents and house prices",
        "12 runs",
        "the band is too narrow",
        "Filled diamonds: what happened.",
    ):
        assert said in text
    assert "http" not in text.replace("http://www.w3.org", "")
    assert write_prediction_page(case, tmp_path / "again.html").read_bytes() == (tmp_path / "page.html").read_bytes()


def test_tables_for_the_terminal_hold_what_the_page_holds(prediction: Prediction) -> None:
    table = overview(prediction)
    assert [row[0].main for row in table.rows] == [figure.title for figure in prediction.figures]
    assert table.rows[0][1].main == "58.8"
    assert table.rows[2][1].main == "–"
    case = judge(prediction, [Actual(STOCK, "2015/16", 59.0)], score_known=False)
    scores, one = score_table(case), score_table(case, STOCK)
    assert scores is not None
    assert one is not None
    assert SEEN in one.caption
    assert [len(row) for row in scores.rows] == [len(scores.head)] * len(scores.rows)
    assert len(scores.head) <= 6  # more does not fit a page
    assert score_table(judge(prediction, [], False)) is None


def test_bands_widen_with_every_year_where_what_is_left_out_is_in(prediction: Prediction) -> None:
    lines = prediction.figures[0].bands("model_wide")
    assert (np.diff(lines["p95"] - lines["p05"]) > 0).all()


SERIES = """
[series.first]
measure = "re_referrals_share"
title = "Referred again"
unit = "share"
published_unit = "%"
source = "borough_count_2015"
point = [
    { year = "2012/13", value = 0.20, published = 20 },
    { year = "2014/15", value = 0.22, published = 22 },
    { year = "2015/16", value = 0.25, published = 25 },
]

[series.second]
measure = "re_referrals_share"
title = "Another copy"
unit = "share"
published_unit = "%"
source = "borough_count_2015"
point = [{ year = "2014/15", value = 0.3, published = 30 }]

[series.later]
measure = "talking_therapies_six_weeks_share"
title = "Begun later"
unit = "share"
published_unit = "%"
source = "borough_count_2015"
point = [{ year = "2015/16", value = 0.8, published = 80 }]
"""


def test_nothing_after_the_base_year_is_known(tmp_path: Path) -> None:
    configs = write_configs(tmp_path)
    (configs / "series").mkdir()
    (configs / "series" / "here.toml").write_text(SERIES, encoding="utf-8")
    found = load_histories(configs, "here", "2014/15")
    share = found["re_referrals_share"]
    assert (share.years, share.last, [point.year for point in share.later]) == (
        ["2012/13", "2014/15"],
        0.22,
        ["2015/16"],
    )
    assert share.counts_per_unit("2019/20", share.known) == pytest.approx(100.0)
    late = found["talking_therapies_six_weeks_share"]
    assert (late.known, math.isnan(late.last), late.later[0].value) == ((), True, 0.8)
    assert load_histories(configs, "nowhere", "2014/15") == {}
