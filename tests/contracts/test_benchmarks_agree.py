"""The forms that the benchmark times are one rule: same counts by need and state, every month. No time is asserted."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # `benchmarks` is beside the package, not in it

from benchmarks.added import bare_world, step  # noqa: E402
from benchmarks.common import inputs_of, people_of  # noqa: E402
from benchmarks.need_move import own, plain_c, plain_mesa  # noqa: E402
from benchmarks.need_move.start import Start, build_start  # noqa: E402
from benchmarks.whole_model import fit  # noqa: E402

MONTHS = 36


@pytest.fixture(scope="module")
def start() -> Start:
    """A few households of England."""
    return build_start(1_500, MONTHS)


@pytest.fixture(scope="module")
def counts(start: Start) -> np.ndarray:
    """Households by month, need and state, by the project's own kernel."""
    return own.prepare(start)()


def test_something_happens(start: Start, counts: np.ndarray) -> None:
    """Agreement would mean little in a world that stands still."""
    assert (counts.sum(axis=2) == start.n_households).all()
    moved = np.abs(np.diff(counts, axis=0)).sum(axis=(0, 2))
    assert (moved > 100).all(), f"net moves by need: {moved}"


def test_unscreened_kernel_agrees(start: Start, counts: np.ndarray) -> None:
    """The own kernel with its screen off."""
    np.testing.assert_array_equal(own.prepare(start, is_screened=False)(), counts)


@pytest.mark.skipif(not plain_c.is_available(), reason="the C forms need gcc, which is not installed")
@pytest.mark.parametrize("prepare", [plain_c.prepare_plain, plain_c.prepare_screened])
def test_c_agrees(prepare, start: Start, counts: np.ndarray) -> None:  # type: ignore[no-untyped-def]
    """Hand-written C, with and without the cached-bound screen."""
    np.testing.assert_array_equal(prepare(start)(), counts)


def test_mesa_agrees(start: Start, counts: np.ndarray) -> None:
    """The plain Mesa model."""
    np.testing.assert_array_equal(plain_mesa.prepare(start)(), counts)


def test_fit_gives_back_a_and_b() -> None:
    """Times made of a fixed part and a part per household are taken apart again; noise cannot make a negative."""
    sizes = (10_000, 100_000, 1_000_000)
    a, b = fit([(n, 0.002 + 5e-8 * n) for n in sizes])
    assert (a, b) == pytest.approx((0.002, 5e-8))
    a, b = fit([(n, 5e-8 * n**1.05) for n in sizes])
    assert a == 0.0
    assert b > 5e-8


def test_the_world_without_agencies_contact_and_trust_is_without_them() -> None:
    """What the benchmark divides by has none of the three, and help goes on in it."""
    n, months, run_in = 300, 14, 12
    inputs, people = inputs_of(n, months=months, run_in=run_in), people_of(n, months, run_in)
    world = bare_world(inputs, people)
    trust, stayed = world.world.households["trust"].copy(), world.world.households["occupant"].copy()
    while not world.is_done:
        step(world)
    households = world.world.households
    same = households["occupant"] == stayed
    assert same.any()
    np.testing.assert_array_equal(households["trust"][same], trust[same])
    assert not households["in_disrepair"].any()
    assert not world.record.contacts.any()
    assert not world.record.purses.any()
    np.testing.assert_array_equal(world.record.posts.T, world.budgets.posts_planned[:, run_in:])
    assert world.record.activity.any()
    world.close()
