"""Chance is Philox 4×32-10 under fixed addresses, and what is built on it is the same for one as for many."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest
from engine_worlds import book
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from demandsim import chance
from demandsim.chance import Decision, PlaceDecision, ServiceDecision, draw_uniform, draw_uniforms, philox_block
from demandsim.compiling import rule
from demandsim.labels import N_NEEDS
from demandsim.model import step as model_step
from demandsim.needs import step as needs_step
from demandsim.place import kernels as place_kernels
from demandsim.place import step as place_step
from demandsim.services import kernels as service_kernels
from demandsim.services import step as service_step

WORDS = st.integers(0, 2**32 - 1)
#: Random123, tests/kat_vectors, philox4x32 with 10 rounds: counter, key, answer.
KNOWN_ANSWERS = (
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
)
#: Codes are addresses: a changed one changes every result ever published.
CODES = {
    "MOVE": 0, "CONTACT": 7, "CONTACT_NEED": 8, "ARRIVAL_TIME": 9, "DETECTION": 10, "MANAGER": 17, "MANAGER_WAIT": 18,
    "ASKED_TWICE": 19, "INITIAL": 20, "INITIAL_AGAIN": 28, "REPAIR": 36, "EXCLUDED": 40, "SERVICE": 64,
}  # fmt: skip
SERVICE_CODES = {
    "REFERRED": 0, "ARRIVED": 1, "TAKE_UP": 2, "ELIGIBLE": 3, "PATIENCE": 4, "LENGTH": 5, "DROP_OUT": 6, "TIE": 7,
}  # fmt: skip
PLACE_CODES = {
    "AREA": 0, "TENURE": 1, "HOUSEHOLD_TYPE": 2, "AGE": 3, "FRAILTY": 4, "TAKE_UP": 5, "CHILDREN": 6, "CHILD_AGE": 7,
    "LEAVING": 8, "DEATH": 9, "BIRTH": 10, "PARTING": 11, "AGE_WITHIN_BAND": 12, "ADULTS": 13,
}  # fmt: skip
#: Worked out to 60 digits; at least 0.44 of the last bit from where the rounding turns, so every good library agrees.
PINNED = {
    "exp": ((-0.0065, "0x1.fcaecb7efd678p-1"), (-0.3, "0x1.7b4c869c37c05p-1"), (1.69, "0x1.5ad8c59975dbfp+2")),
    "expm1": (
        (-0.0003, "-0x1.3a868ef41c987p-12"),
        (-0.0011, "-0x1.20332a1770b4ep-10"),
        (-0.5, "-0x1.92e9a0720d3ecp-2"),
    ),
    "log": ((0.025, "-0x1.d82d33b32720dp+1"), (0.6, "-0x1.058aefa811452p-1"), (0.111, "-0x1.195f7078eb5fep+1")),
    "log1p": ((0.1, "0x1.8663f793c46c7p-4"), (0.5, "0x1.9f323ecbf984cp-2"), (7.5, "0x1.11edb023bf0fep+1")),
}


def _hex_words(text: str) -> NDArray[np.uint32]:
    return np.array([int(word, 16) for word in text.split()], np.uint32)


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS, ids=["zeros", "ones", "pi"])
def test_philox_gives_the_random123_known_answers(counter: str, key: str, answer: str) -> None:
    np.testing.assert_array_equal(philox_block(_hex_words(counter), _hex_words(key)), _hex_words(answer))


@given(WORDS, WORDS, st.integers(0, 2**31 - 1), st.integers(-1200, 1200), st.integers(0, 65535), st.integers(0, 2111))
def test_a_decision_is_word_d_mod_4_of_block_d_div_4(
    k0: int, k1: int, row: int, month: int, occupant: int, decision: int
) -> None:
    counter = np.array([row, month & 0xFFFFFFFF, decision // 4, occupant], np.uint32)
    word = philox_block(counter, np.array([k0, k1], np.uint32))[decision % 4]
    found = draw_uniforms(np.uint32(k0), np.uint32(k1), np.array([row]), month, occupant, decision)
    assert found[0] == (float(word) + 0.5) * 2.0**-32
    assert 0.0 < found[0] < 1.0


def test_the_least_and_the_greatest_word_stay_inside_the_unit_interval() -> None:
    assert chance.uniform_of(np.uint32(0)) == 2.0**-33
    assert chance.uniform_of(np.uint32(0xFFFFFFFF)) == 1.0 - 2.0**-33


def test_one_draw_is_the_same_alone_and_among_many() -> None:
    rows = np.arange(1000)
    many = draw_uniforms(np.uint32(2016), np.uint32(3), rows, -7, 2, 64)
    one_by_one = [draw_uniform(np.uint32(2016), np.uint32(3), row, -7, 2, 64) for row in rows]
    backwards = draw_uniforms(np.uint32(2016), np.uint32(3), rows[::-1].copy(), -7, 2, 64)[::-1]
    assert many.tolist() == one_by_one == backwards.tolist()


def test_uniforms_are_uniform() -> None:
    draws = draw_uniforms(np.uint32(1), np.uint32(0), np.arange(100_000), 0, 0, 9)
    counts = np.histogram(draws, np.linspace(0.0, 1.0, 101))[0]
    statistic = float(((counts - 1000.0) ** 2 / 1000.0).sum())
    assert 52.0 < statistic < 161.0  # the middle 99.98% of chi-square with 99 degrees of freedom


@pytest.mark.parametrize(
    ("codes", "frozen"), [(Decision, CODES), (ServiceDecision, SERVICE_CODES), (PlaceDecision, PLACE_CODES)]
)
def test_codes_of_decisions_never_change(codes: type[Decision], frozen: dict[str, int]) -> None:
    assert {code.name: int(code) for code in codes} == frozen


def test_no_two_decisions_share_a_word() -> None:
    by_need = (Decision.MOVE, Decision.DETECTION, Decision.INITIAL, Decision.INITIAL_AGAIN)
    taken = [int(first) + need for first in by_need for need in range(N_NEEDS)]
    one_word = (
        "CONTACT", "CONTACT_NEED", "ARRIVAL_TIME", "MANAGER", "MANAGER_WAIT", "ASKED_TWICE", "EXCLUDED",
    )  # fmt: skip
    taken += [int(Decision[name]) for name in one_word]
    taken += [Decision.REPAIR + lane for lane in range(4)]  # four dwellings to a block
    taken += [
        Decision.SERVICE + 8 * service.code + int(word)
        for service in book().services.values()
        for word in ServiceDecision
    ]
    assert len(taken) == len(set(taken))
    assert set(PlaceDecision) == set(range(len(PlaceDecision)))


def test_a_service_code_is_never_negative_and_fits_the_address() -> None:
    codes = [service.code for service in book().services.values()]
    assert min(codes) >= 0
    assert Decision.SERVICE + 8 * max(codes) + 7 < 2**32


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 20), st.data())
def test_no_two_runs_share_luck(draw: int, other: int, replicates: int, data: st.DataObject) -> None:
    one = data.draw(st.integers(0, replicates - 1))
    two = data.draw(st.integers(0, replicates - 1))
    same = chance.luck_index(draw, one, replicates) == chance.luck_index(other, two, replicates)
    assert same == ((draw, one) == (other, two))


@rule
def _exp(x):  # type: ignore[no-untyped-def]
    return math.exp(x)


@rule
def _expm1(x):  # type: ignore[no-untyped-def]
    return math.expm1(x)


@rule
def _log(x):  # type: ignore[no-untyped-def]
    return math.log(x)


@rule
def _log1p(x):  # type: ignore[no-untyped-def]
    return math.log1p(x)


@numba.njit
def _in_bulk(function, values):  # type: ignore[no-untyped-def]
    out = np.empty_like(values)
    for i in range(values.size):
        out[i] = function(values[i])
    return out


SCALARS = {"exp": _exp, "expm1": _expm1, "log": _log, "log1p": _log1p}


@pytest.mark.parametrize("name", SCALARS)
def test_compiled_exponentials_are_pinned(name: str) -> None:
    for value, expected in PINNED[name]:
        assert float(SCALARS[name](value)).hex() == expected, f"{name}({value})"


@pytest.mark.parametrize("name", SCALARS)
def test_compiled_exponentials_are_the_same_for_one_as_in_bulk(name: str) -> None:
    values = draw_uniforms(np.uint32(5), np.uint32(0), np.arange(4096), 0, 0, 0)
    one_by_one = np.array([SCALARS[name](value) for value in values])
    assert _in_bulk(SCALARS[name], values).tobytes() == one_by_one.tobytes()


def test_no_vector_library_and_no_fastmath() -> None:
    assert not numba.core.config.USING_SVML
    modules = (chance, needs_step, service_step, service_kernels, model_step, place_kernels, place_step)
    kernels = [
        (f"{module.__name__}.{name}", found.targetoptions)
        for module in modules
        for name, found in vars(module).items()
        if isinstance(found, numba.core.dispatcher.Dispatcher)
    ]
    assert len(kernels) > 50
    for name, options in kernels:
        assert not options.get("fastmath"), f"{name} is compiled with fastmath"
        assert not options.get("parallel"), f"{name} is compiled to run in parallel"
