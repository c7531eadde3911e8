"""Numbers into words, and the rule that decides what may be said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.report import words
from demandsim.report.answer import Answer


@pytest.mark.parametrize(
    ("gbp", "text"),
    [
        (1_234_567, "£1.2 million"),
        (-340_200, "£340,000"),
        (12.4, "£12"),
        (0, "£0"),
        (999_600, "£1.0 million"),
        (123_400_000, "£123 million"),
        (99_960_000, "£100 million"),
        (1.234e9, "£1.23 billion"),
        (999.6e6, "£1.00 billion"),
        (4_567, "£4,570"),
        (9_996, "£10,000"),
        (0.4, "under £1"),
        (float("nan"), "not known"),
    ],
)
def test_money(gbp: float, text: str) -> None:
    assert words.money(gbp) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12_345, "12,300"),
        (410, "410"),
        (99.96, "100"),
        (8.3, "8.3"),
        (14.23, "14.2"),
        (0.5, "0.5"),
        (0.0123, "0.012"),
        (0, "0"),
        (2.0, "2"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert words.number(value) == text


@given(st.floats(-1e12, 1e12))
def test_a_rounded_figure_is_never_far_from_the_true_one(value: float) -> None:
    text = words.money(value)
    if text == "under £1":
        assert abs(value) < 1
        return
    scale = {"million": 1e6, "billion": 1e9}.get(text.split()[-1], 1.0)
    said = float(text.split()[0].replace("£", "").replace(",", "")) * scale
    assert said == pytest.approx(abs(value), rel=0.06, abs=0.5)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-5e6, -1e6, "between £1.0 million and £5.0 million less"),
        (-5e6, 1e6, "between £5.0 million less and £1.0 million more"),
        (1e6, 5e6, "between £1.0 million and £5.0 million more"),
        (0, 0, "at no difference"),
        (2e6, 2e6, "at £2.0 million more"),
    ],
)
def test_intervals_name_their_directions(low: float, high: float, text: str) -> None:
    assert words.between(low, high, words.money) == text


@pytest.mark.parametrize(
    ("k", "n", "text"),
    [
        (20, 20, "in all 20 runs"),
        (0, 20, "in none of 20 runs"),
        (19, 20, "in nearly all runs (19 of 20)"),
        (14, 20, "in most runs (14 of 20)"),
        (10, 20, "in about half of the runs (10 of 20)"),
        (4, 20, "in a minority of runs (4 of 20)"),
        (1, 20, "in very few runs (1 of 20)"),
    ],
)
def test_how_often_in_words_and_numbers(k: int, n: int, text: str) -> None:
    assert words.in_runs(k, n) == text


def spread(low: float, high: float, n: int = 20) -> Estimate:
    """An estimate from runs evenly spread over an interval."""
    return summarise(np.linspace(low, high, n).reshape(1, -1, 2 if n % 2 == 0 else 1), "GBP")[0]


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_an_interval_that_includes_zero_is_never_given_a_side(a: float, b: float) -> None:
    e = spread(min(a, b), max(a, b))
    way = words.direction(e)
    assert (way in ("less", "more")) == (not e.includes_zero)
    if way in ("less", "more"):
        assert (e.mean < 0) == (way == "less")


LESS, MORE, EITHER, NOTHING = (-5e6, -1e6), (1e6, 5e6), (-3e6, 3e6), (0.0, 0.0)


@pytest.mark.parametrize(
    ("cash", "crisis", "headline"),
    [
        (LESS, (-500, -100), "It costs less and people are better off"),
        (LESS, (100, 500), "It costs less but people are worse off"),
        (MORE, (-500, -100), "It costs more but people are better off"),
        (MORE, (-5, 5), "It costs more and changes time in crisis too little to matter"),
        (MORE, (100, 500), "It costs more and people are worse off"),
        (EITHER, (-400, 300), "We cannot tell: it could cost more or less, and people could be better or worse off"),
        (EITHER, (-500, -100), "It could cost more or less but people are better off; on cost we cannot tell"),
        (NOTHING, (0, 0), "It costs the same and it makes no difference to people that matters"),
    ],
)
def test_the_headline_follows_the_numbers(
    cash: tuple[float, float], crisis: tuple[float, float], headline: str
) -> None:
    answer = Answer(spread(*cash), spread(*crisis), 10_000.0, "Early", "As now", 10)
    assert answer.headline() == headline


def test_mirrored_numbers_get_mirrored_words() -> None:
    early = Answer(spread(*LESS), spread(-500, -100), 10_000.0, "Early", "As now", 10)
    late = Answer(spread(*MORE), spread(100, 500), 10_000.0, "Early", "As now", 10)
    swapped = early.cost_sentence().replace("less", "more").replace("costs more in all 20", "costs less in none of 20")
    assert late.cost_sentence() == swapped


def test_too_few_runs_give_no_verdict() -> None:
    answer = Answer(spread(*LESS, n=3), spread(-500, -100, n=3), 10_000.0, "Early", "As now", 10)
    assert answer.headline() == "Too few runs to tell: 3 runs"


def test_the_answer_says_what_it_rests_on() -> None:
    answer = Answer(spread(*LESS), spread(-500, -100), 10_000.0, "Early", "As now", 10)
    assert "not known" in answer.null_sentence({})
    stands = {"mechanisms_null": (spread(*LESS), spread(-300, -100))}
    assert "does not rest" in answer.null_sentence(stands)
    falls = {"mechanisms_null": (spread(*EITHER), spread(-300, -100))}
    assert "answer on cost rests on mechanisms that nobody has measured" in answer.null_sentence(falls)
    both = {"mechanisms_null": (spread(*MORE), spread(-300, 400))}
    assert "both cost and people" in answer.null_sentence(both)


def test_the_answer_rests_on_nothing_where_its_own_cases_do_not_give_it() -> None:
    answer = Answer(spread(*LESS), spread(-500, -100), 10_000.0, "Early", "As now", 10)
    as_believed = {"central": (spread(*EITHER), spread(-500, -100)), "mechanisms_null": (spread(*LESS), spread(-9, 9))}
    assert "do not give it even as we believe" in answer.null_sentence(as_believed)


def test_a_change_too_small_to_matter_is_not_held_against_another() -> None:
    answer = Answer(spread(*MORE), spread(-5, 5), 10_000.0, "Early", "As now", 10)
    assert "does not rest" in answer.null_sentence({"mechanisms_null": (spread(*MORE), spread(-9, -2))})
    assert "answer on people rests" in answer.null_sentence({"mechanisms_null": (spread(*MORE), spread(-900, -200))})


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (4.55, words.whole, "+5"),
        (-0.25, words.whole, "just under 0"),
        (1_234.0, words.whole, "+1,230"),
        (-0.000067, words.hundredths, "just under 0"),
        (0.1234, words.hundredths, "+0.12"),
        (0.02, words.points, "+2 points"),
        (-0.0001, words.points, "just under 0 points"),
        (0.0003, words.percent, "just over 0%"),
        (0.3, words.money, "just over £0"),
        (-0.0, words.points, "0 points"),
    ],
)
def test_no_figure_is_finer_than_it_can_be_known(value: float, form: words.Format, text: str) -> None:
    assert words.signed(value, form) == text


def test_differences_of_shares_are_in_points_and_counted_things_are_whole() -> None:
    assert words.signed_range(-0.031, 0.037, words.change_formatter("share")) == "\N{MINUS SIGN}3.1 to +3.7 points"
    assert words.formatter("contacts a year")(20_123.4) == "20,100"
    assert words.formatter("household-months")(1.75) == "2"
    assert words.formatter("months")(1.754) == "1.75"


def test_a_title_says_when_a_difference_could_be_either() -> None:
    assert words.change(spread(-5, 9), words.money) == "could be more or less"
    assert words.change(spread(100, 100), words.money) == "£100 more"


def test_moves_of_needs_are_told_once_a_need() -> None:
    entries = ("mental_health.complex.down", "mental_health.crisis.down", "work.established.exit")
    told = "mental health need eases from complex or crisis, work need ends from established"
    assert words.moves(entries) == told
