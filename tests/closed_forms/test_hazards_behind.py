"""Hazards solved from the probabilities that they give."""

from __future__ import annotations

import numpy as np
import pytest

from demandsim.errors import RequestError
from demandsim.needs.closed_forms import hazards_behind, transition_matrix


def test_hazards_and_probabilities_lead_to_one_another() -> None:
    chance = np.random.Generator(np.random.Philox(11))
    for spread in (1e-9, 1e-3, 1.0, 5.0):
        hazards = spread * chance.random((5, 5))
        np.fill_diagonal(hazards, 0.0)
        np.testing.assert_allclose(hazards_behind(transition_matrix(hazards)), hazards, rtol=1e-9, atol=1e-15)


def test_a_state_that_nobody_leaves_has_no_hazard() -> None:
    assert hazards_behind(np.eye(3)).tolist() == np.zeros((3, 3)).tolist()


def test_a_certain_move_has_no_finite_hazard() -> None:
    with pytest.raises(RequestError, match="left for certain"):
        hazards_behind([[0.0, 1.0], [0.0, 1.0]])


def test_rows_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(RequestError, match="sum to 1"):
        hazards_behind([[0.5, 0.4], [0.0, 1.0]])
