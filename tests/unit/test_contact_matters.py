"""Everyday contact: what holds for any matters, posts and web share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demandsim.contacts import (
    Desk,
    Streams,
    StreamState,
    first_contacts,
    mix_channels,
    noticing_by_tenure,
    step_streams,
    work_pence,
)
from demandsim.parameters.vocabulary import CHANNELS, CONTACT_KINDS

NOBODY = np.zeros((7, 5))
TENURE = np.array([400.0, 300.0, 250.0, 50.0])
SHARE = st.floats(0.0, 1.0)
HAZARD = st.floats(0.0, 20.0)


def _one(excluded: float = 0.1, left_behind: float = 0.2, wearies: float = 0.0, **changes: float) -> Streams:
    """One stream of stated hazards and shares."""
    one, many = np.ones(1), np.ones((1, 1))
    arrays: dict[str, Any] = {key: np.array([value]) for key, value in changes.items()}
    streams = Streams(
        names=("matters",), run_in=0, tenures=np.ones((1, 4)), rate=np.full((1, 4), 0.1), by_need=np.zeros((1, 7, 5)),
        channels=np.array([[0.4, 0.2, 0.3, 0.1]]), first_contact=0.5 * one, web_first_contact=0.4 * one,
        done_right=0.9 * one, complains=0.1 * one, utilisation=0.9 * one, notices=0.01 * one, fastest=one, chase=one,
        gives_up=0.1 * one, growth=one, night_time=0 * one, night_growth=0 * one, volume=many, staff=many,
        post_pence=one, contract_pence=one, income_pence=one, price_gain=many, tonnes=np.ones((2, 1, 1)),
        waste_pence=many, income_follows=1.0,
        contact_pence=np.array([283.0, 862.0, 15.0, 600.0]),
        complaint_pence=6000.0, excluded=excluded, left_behind=left_behind, wearies=wearies,
        mends_homes=-1,
        disrepair_after=2.0, disrepair_ratio=np.ones(7),
    )  # fmt: skip
    return replace(streams, **arrays)


def _state(pending: float, jobs: float = 10.0) -> StreamState:
    return StreamState(
        np.array([pending]),
        np.array([pending]),
        np.array([jobs]),
        np.array([100.0]),
        np.zeros(1),
        np.zeros(1),
        float(TENURE.sum()),
    )


def test_a_long_backlog_is_chased_by_those_who_have_not_wearied() -> None:
    shut = _one(fastest=1.0, gives_up=0.1, chase=2.0, first_contact=0.0, web_first_contact=0.0)
    for wearies, chased_for in ((0.0, 10.0), (0.4, 2.0), (1e9, 0.0)):
        streams = replace(shut, wearies=wearies)
        state = _state(0.0)
        for _ in range(400):  # nobody works, so that all of it waits until it is given up
            month = step_streams(streams, state, 0, TENURE, NOBODY, np.zeros(1), 0.0)
            state = month.state
        assert month.pending == pytest.approx(month.first * 10.0, rel=1e-6)
        assert month.repeats + month.complaints == pytest.approx(month.first * 2.0 * chased_for, rel=1e-6, abs=1e-6)


@settings(max_examples=200)
@given(
    fastest=HAZARD, gives_up=HAZARD, done_right=SHARE, first_contact=SHARE, pending=st.floats(0, 1e5),
    posts=st.floats(0, 100), digital=SHARE, excluded=SHARE, left_behind=SHARE,
)  # fmt: skip
def test_every_matter_is_settled_given_up_or_outstanding(
    fastest: float, gives_up: float, done_right: float, first_contact: float, pending: float, posts: float,
    digital: float, excluded: float, left_behind: float,
) -> None:  # fmt: skip
    streams = _one(
        fastest=fastest, gives_up=gives_up, done_right=done_right, first_contact=first_contact,
        web_first_contact=first_contact, excluded=excluded, left_behind=left_behind,
    )  # fmt: skip
    month = step_streams(streams, _state(pending), 0, TENURE, NOBODY, np.array([posts]), digital)
    came, went = month.first + pending, month.settled + month.given_up + month.pending
    assert np.allclose(came, went, rtol=1e-9, atol=1e-6)
    for name in ("first", "repeats", "complaints", "settled", "given_up", "pending", "left_behind", "by_channel"):
        assert np.all(getattr(month, name) >= 0.0), name
    contacts = month.first + month.repeats + month.complaints
    assert np.allclose(month.by_channel.sum(axis=1), contacts, rtol=1e-9, atol=1e-6)
    at_once = (month.first + month.left_behind) * mix_channels(streams, digital).resolved
    capacity = posts * 10.0 * done_right
    assert np.all(month.settled - at_once <= capacity * (1 + 1e-6) + 1e-6)
    assert 0.0 <= month.failure_share[0] <= 1.0


@settings(max_examples=100)
@given(pending=st.floats(0, 1e4), posts=st.floats(0, 20), fewer=SHARE)
def test_fewer_posts_never_leave_fewer_matters(pending: float, posts: float, fewer: float) -> None:
    streams = _one(fastest=2.0)
    many = step_streams(streams, _state(pending), 0, TENURE, NOBODY, np.array([posts]), 0.0)
    few = step_streams(streams, _state(pending), 0, TENURE, NOBODY, np.array([posts * fewer]), 0.0)
    assert few.pending[0] >= many.pending[0] - 1e-6
    assert few.failure_share[0] >= many.failure_share[0] - 1e-9
    assert few.income_pence[0] <= many.income_pence[0] + 1


@settings(max_examples=50)
@given(digital=SHARE, excluded=SHARE)
def test_moving_contact_to_the_web_never_notices_more(digital: float, excluded: float) -> None:
    streams = _one(excluded=excluded)
    assert np.all(noticing_by_tenure(streams, 0, digital) <= noticing_by_tenure(streams, 0, 0.0) + 1e-15)


def test_the_month_is_the_limit_of_many_small_steps() -> None:
    streams = _one(fastest=3.0, done_right=0.8, gives_up=0.2)
    month = step_streams(streams, _state(40.0, jobs=1e9), 0, TENURE, NOBODY, np.ones(1), 0.0)
    inflow = (month.first - (month.first * mix_channels(streams, 0.0).resolved))[0]
    pending, time, n = 40.0, 0.0, 200_000
    for _ in range(n):
        time += pending / n
        pending += (inflow - (3.0 * 0.8 + 0.2) * pending) / n
    assert abs(month.pending[0] - pending) < 1e-3
    assert abs((month.repeats + month.complaints)[0] - time) < 1e-3


def test_very_slow_matters_lose_no_digits() -> None:
    slow, slower = (
        step_streams(_one(fastest=rate, gives_up=0.0), _state(50.0), 0, TENURE, NOBODY, np.ones(1), 0.0)
        for rate in (1.2e-5, 1.0e-5)
    )
    assert abs(slow.repeats[0] - slower.repeats[0]) < 1e-3
    still = step_streams(_one(fastest=0.0, gives_up=0.0), _state(50.0), 0, TENURE, NOBODY, np.ones(1), 0.0)
    inflow = still.first[0] * (1 - mix_channels(_one(), 0.0).resolved[0])
    assert np.isclose((still.repeats + still.complaints)[0], 50.0 + inflow / 2)
    assert np.isclose(still.pending[0], 50.0 + inflow)


def test_those_in_need_ask_as_often_as_is_believed() -> None:
    by_need, needs = np.arange(35.0).reshape(1, 7, 5) / 1000.0, np.arange(35.0)[::-1].reshape(7, 5)
    some, nobody = (
        first_contacts(replace(_one(), by_need=by_need), _state(0.0), 0, TENURE, who) for who in (needs, NOBODY)
    )
    assert np.isclose(some[0] - nobody[0], (by_need[0] * needs).sum())
    assert np.isclose(nobody[0], 0.1 * TENURE.sum())


def test_a_month_is_one_table_in_the_order_of_its_kinds() -> None:
    streams = _one(contract_pence=7.0)
    month = step_streams(streams, _state(40.0), 0, TENURE, NOBODY, np.array([3.0]), 0.5)
    table = dict(zip(CONTACT_KINDS, month.by_kind[0], strict=True))
    for name in ("first", "repeats", "complaints", "settled", "given_up", "pending", "left_behind"):
        assert table[name] == getattr(month, name)[0], name
    assert [table[channel] for channel in CHANNELS] == month.by_channel[0].tolist()
    assert [table["thrown_away"], table["recycled"]] == month.tonnes[0].tolist() == [TENURE.sum()] * 2
    assert [100 * table["handling"], 100 * table["income"]] == [month.handling_pence[0], month.income_pence[0]]
    assert 100 * table["work"] == work_pence(streams, 0, [3.0], TENURE)[0] == 3 + 7 * 1000 + 1000


def test_a_desk_moves_on_as_months_stepped_one_by_one_and_leaves_its_start_alone() -> None:
    streams, start = _one(fastest=2.0), _state(500.0)
    desk, state = Desk(streams, start, streams.post_pence), start
    for _ in range(5):
        desk.step(0, TENURE, NOBODY, np.array([4.0]), 0.3)
        state = step_streams(streams, state, 0, TENURE, NOBODY, np.array([4.0]), 0.3).state
    assert desk.state.pending[0] == state.pending[0] != start.pending[0] == 500.0
