"""What it would take: routes whose answers can be worked out on paper, and what is said of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from engine_worlds import ROOT
from typer.testing import CliRunner

from demandsim.cli import app
from demandsim.comparison.needed import AmountAnswer, RouteAnswer, find_needed
from demandsim.errors import RequestError
from demandsim.parameters import Book, load_parameters
from demandsim.place import Place, load_place
from demandsim.policy.scenario import load_scenario
from demandsim.report.needed_page import needed_headline, needed_sections, write_needed

ENFORCEMENT = ("asb_enforcement", "parking", "planning")


@cache
def _book() -> Book:
    return load_parameters(ROOT / "configs" / "parameters")


@cache
def _place(name: str) -> Place:
    return load_place(ROOT / "configs" / "places" / f"{name}.toml")


def _answer(
    amount: float, streams: tuple[str, ...] = ENFORCEMENT, place: str = "hackney", draws: int = 2, **beliefs: float
) -> AmountAnswer:
    book = _book().with_overrides({name.replace("__", "."): value for name, value in beliefs.items()})
    as_now = load_scenario(ROOT / "configs" / "scenarios" / "as_now.toml")
    return find_needed(book, _place(place), as_now, "2016-04", amount, streams, draws, 7)


def _route(answer: AmountAnswer, name: str) -> RouteAnswer:
    return next(one for one in answer.routes if one.route.name == name)


def test_hackney_as_now_is_as_published() -> None:
    answer = _answer(2e6)
    assert answer.posts.mean == pytest.approx(184, rel=2e-3)
    assert answer.gross.mean == pytest.approx(29.0e6, rel=2e-3)
    assert answer.net.mean == pytest.approx(5.5e6, rel=2e-3)


def test_where_nobody_minds_the_price_it_rises_by_the_amount_over_income() -> None:
    dearer = _route(_answer(4.7e6, contacts__price_response=0.0), "price")
    assert dearer.reached == 1.0
    assert dearer.size.mean == pytest.approx(1 + 4.7 / 23.5, abs=0.011)
    assert dearer.most.mean == pytest.approx(23.5e6, rel=5e-3)


def test_where_income_follows_nothing_more_work_only_costs() -> None:
    answer = _answer(2e6, contacts__income_follows=0.0)
    for name in ("volume", "volume_and_posts"):
        assert _route(answer, name).reached == 0.0
        assert _route(answer, name).most.high == 0.0
    gone = _route(answer, "posts")
    assert gone.reached == 1.0  # posts cost, and no income goes with them
    assert gone.failure.mean > answer.failure.mean


def test_posts_that_bring_in_more_than_they_cost_cannot_be_cut_for_a_saving() -> None:
    kept = _route(_answer(5e6, contacts__income_follows=1.0), "posts")
    assert kept.reached == 0.0
    assert np.isnan(kept.size.mean)


def test_less_waste_saves_what_its_tonnes_cost() -> None:
    answer = _answer(1e6, ("waste_street",), draws=1, waste__disposal_cost=100.0, waste__treatment_cost=100.0)
    less = _route(answer, "less_waste")
    assert less.size.mean == pytest.approx(1 - 1e4 / answer.tonnes.mean, abs=0.003)
    assert _route(answer, "recycling").reached == 0.0  # a tonne costs the same either way
    assert {one.route.name for one in answer.routes} == {"posts", "less_waste", "recycling"}


def test_what_cannot_be_asked_is_told_all_at_once() -> None:
    with pytest.raises(RequestError) as told:
        _answer(-1.0, ("parkin",), draws=0)
    assert [fault.where for fault in told.value.faults] == ["--stream", "AMOUNT", "--draws"]
    assert "Did you mean `parking`?" in str(told.value)
    outcome = CliRunner().invoke(app, ["needed", "nowhere", "5"])
    assert outcome.exit_code == 2
    assert "Traceback" not in outcome.output


def test_the_page_says_what_it_takes_and_how_often(tmp_path: Path) -> None:
    answer = _answer(2e6)
    html = write_needed(answer, "Hackney", tmp_path / "needed.html").read_text()
    assert html.count("<svg") == 1
    assert "2 sets of beliefs" in html
    assert "https://" not in html
    never = _answer(1e9)
    assert needed_headline(never) == "No route here reaches £1.00 billion a year under any set of beliefs"
    table = needed_sections(never, "Hackney", is_drawn=False)[0].exhibits[0].table
    assert table is not None
    assert {row[1].main for row in table.rows} == {"not reached"}
