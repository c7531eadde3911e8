"""R2: the Sick-Sicker table, by the closed forms and by the rule that moves households."""

from __future__ import annotations

import numpy as np
import pytest

from demandsim.needs.closed_forms import state_distribution
from demandsim.receipts import Receipt, load_receipts
from demandsim.receipts.sick_sicker import CYCLES, STRATEGIES, chain, cohort, payoff, simulate

ROWS = load_receipts(["R2"])


@pytest.mark.parametrize("receipt", ROWS, ids=lambda receipt: receipt.name)
def test_published_table_is_reproduced(receipt: Receipt) -> None:
    outcome = receipt.check()
    assert outcome.passed, f"published {receipt.published}, computed {outcome.computed}: {outcome.reason}"


def test_every_simulated_row_states_its_error() -> None:
    simulated = [row.check() for row in ROWS if not row.name.startswith("cohort")]
    assert len(simulated) == 11
    assert all(outcome.standard_error and outcome.standard_error > 0.0 for outcome in simulated)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_moves_are_conditional_on_surviving_the_year(strategy: str) -> None:
    matrix = chain(strategy)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, rtol=1e-15)
    dies = 1.0 - np.exp(-0.002 * 3.0)
    assert matrix[1, 3] == pytest.approx(dies, rel=1e-12)
    assert matrix[1, 0] == pytest.approx((1.0 - np.exp(-0.5)) * (1.0 - dies), rel=1e-12)
    slowed = 0.6 if "B" in strategy else 1.0
    assert matrix[1, 2] == pytest.approx((1.0 - np.exp(-0.105 * slowed)) * (1.0 - dies), rel=1e-12)


def test_households_stand_on_the_four_rungs_only_and_nobody_comes_back_from_death() -> None:
    trace = simulate("standard", 2_000, luck=3)
    np.testing.assert_allclose(trace.sum(axis=1), 1.0, rtol=1e-12)
    assert trace[0].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert np.all(np.diff(trace[:, 3]) >= 0.0)


def test_shares_of_households_after_ten_cycles_are_those_of_the_chain() -> None:
    households = 100_000
    share = simulate("B", households, luck=1)[10]
    expected = state_distribution(chain("B"), 0, 10)
    error = np.sqrt(expected * (1.0 - expected) / households)
    assert np.all(np.abs(share - expected) <= 4.0 * error)


def test_the_same_luck_gives_the_same_households_and_another_does_not() -> None:
    first, again, other = (simulate("standard", 1_000, luck) for luck in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_treatment_that_moves_nobody_meets_the_same_lives() -> None:
    # A changes costs and quality of life, not moves: on common luck every household lives as under standard care.
    assert np.array_equal(simulate("standard", 1_000, luck=5), simulate("A", 1_000, luck=5))


def test_a_cohort_that_never_leaves_health_costs_a_known_annuity() -> None:
    trace = np.zeros((CYCLES + 1, 4))
    trace[:, 0] = 1.0
    found = payoff(trace, "standard")
    assert found.cost == pytest.approx(2_000.0 * found.qaly, rel=1e-12)
    assert cohort("standard").qaly < found.qaly
