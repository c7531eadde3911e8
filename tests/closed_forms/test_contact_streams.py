"""Everyday contact: its steady states, its failure demand and Hackney's enforcement, worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from engine_worlds import ROOT

from demandsim.contacts import (
    MonthOfContacts,
    Streams,
    StreamState,
    build_streams,
    first_contacts,
    mix_channels,
    noticing_by_tenure,
    planned_posts,
    repair_hazards,
    start_state,
    step_streams,
    work_pence,
)
from demandsim.contacts.rest import come_to_rest
from demandsim.contacts.streams import earns_its_keep
from demandsim.labels import AGE_BANDS
from demandsim.parameters import Book, load_parameters
from demandsim.parameters.vocabulary import CHANNELS, CONTACT_KINDS

HACKNEY = 101_690.0
TENURE = HACKNEY * np.array([0.2457, 0.4049, 0.3219, 0.0275])
AGES = [0.05, 0.48, 0.3, 0.08, 0.06, 0.03]
MONTHS, RUN_IN = 60, 12
ENFORCEMENT = ("asb_enforcement", "parking", "planning")
WEB = CHANNELS.index("web")
#: Streams of contact.
N = 8


@cache
def _book() -> Book:
    return load_parameters(ROOT / "configs" / "parameters")


def _streams(
    place: str = "hackney",
    number: int | None = None,
    size: float = 2.36,
    at: Mapping[str, float] | None = None,
    **levers: float,
) -> Streams:
    draw = _book().draw(7, number)

    def monthly(name: str) -> np.ndarray:
        stream, _, key = name.removeprefix("streams.").partition(".")
        return np.full(MONTHS, (at or {}).get(name, draw.number_of(name) * levers.get(f"{stream}_{key}", 1.0)))

    return build_streams(
        draw.number_of,
        draw.numbers_of,
        monthly,
        _book().streams,
        stated=_book(),
        place=place,
        households_by_age=AGES,
        household_size=size,
        run_in=RUN_IN,
    )


def _needs() -> np.ndarray:
    needs = np.zeros((7, 5))
    needs[1, 1:] = HACKNEY * np.array([0.1, 0.05, 0.02, 0.005])
    needs[2, 1:] = HACKNEY * np.array([0.03, 0.005, 0.003, 0.001])
    needs[6, 1:] = HACKNEY * np.array([0.05, 0.02, 0.01, 0.002])
    return needs


def _run(
    streams: Streams, posts: np.ndarray, months: int = 1, digital: float = 0.0, state: StreamState | None = None
) -> MonthOfContacts:
    state = start_state(streams, TENURE, _needs()) if state is None else state
    month = step_streams(streams, state, 0, TENURE, _needs(), posts, digital)
    for _ in range(months - 1):
        month = step_streams(streams, month.state, 0, TENURE, _needs(), posts, digital)
    return month


def _as_now(streams: Streams) -> np.ndarray:
    return planned_posts(streams, TENURE)[:, 0]


@pytest.mark.parametrize("number", [None, 0, 1, 2, 3])
def test_hackneys_enforcement_is_29_million_gross_5_and_a_half_net_and_184_posts(number: int | None) -> None:
    streams = _streams("hackney", number)
    posts, month = _as_now(streams), _run(streams, _as_now(streams))
    mine = [streams.names.index(name) for name in ENFORCEMENT]
    gross = work_pence(streams, 0, posts, TENURE)[mine].sum() * 12 / 100
    income = month.income_pence[mine].sum() * 12 / 100
    assert posts[mine].sum() == pytest.approx(184, rel=1e-6)
    assert gross == pytest.approx(29.0e6, rel=1e-6)
    assert gross - income == pytest.approx(5.5e6, rel=1e-4)


def test_enforcement_elsewhere_is_smaller_and_unsure() -> None:
    central = _streams("barking_and_dagenham")
    mine = [central.names.index(name) for name in ENFORCEMENT]
    hackney = _as_now(_streams())[mine].sum()
    assert _as_now(central)[mine].sum() == pytest.approx(0.55 * hackney)
    drawn = [_as_now(_streams("barking_and_dagenham", number))[mine].sum() for number in range(5)]
    assert len(set(drawn)) == 5
    assert _as_now(_streams("somewhere_else"))[mine].sum() == pytest.approx(0.4 * hackney)


@pytest.mark.parametrize("number", [None, 4, 5])
def test_the_start_is_a_steady_state(number: int | None) -> None:
    streams = _streams(number=number)
    start = start_state(streams, TENURE, _needs())
    month = _run(streams, _as_now(streams), months=24)
    assert month.pending == pytest.approx(start.pending, rel=1e-9)
    assert np.all(month.pace == 1.0)
    leaving = streams.fastest * streams.done_right + streams.gives_up
    resolved = mix_channels(streams, 0.0).resolved
    assert month.pending == pytest.approx(month.first * (1 - resolved) / leaving)


def test_failure_demand_is_chasing_over_all_contact() -> None:
    """Steady state: a contact leaves (1 − resolved) matters, each chased until it leaves or its household wearies."""
    streams = _streams()
    month = _run(streams, _as_now(streams))
    leaving = streams.fastest * streams.done_right + streams.gives_up
    assert streams.wearies > 0.0
    chases = (1 - mix_channels(streams, 0.0).resolved) / (leaving + streams.wearies) * streams.chase
    assert month.failure_share == pytest.approx(chases / (1 + chases))
    assert month.complaints == pytest.approx(streams.complains * (month.repeats + month.complaints))
    assert np.all((month.failure_share > 0.1) & (month.failure_share < 0.8))


def test_failure_demand_is_within_its_published_range() -> None:
    streams, book = _streams(), _book()
    share = dict(zip(streams.names, _run(streams, _as_now(streams)).failure_share, strict=True))
    for name in ("repairs", "waste_street", "asb_enforcement", "parking", "planning"):
        published = book[f"streams.{name}.published_failure"].central
        assert isinstance(published, dict)
        assert published["low"] <= share[name] <= published["high"], name


def test_overworked_staff_settle_what_they_can_and_the_rest_give_up() -> None:
    """Fluid queue with giving up: in the end inflow = capacity × done right + gives up × pending."""
    streams = _streams()
    posts = 0.5 * _as_now(streams)
    month = _run(streams, posts, months=600)
    inflow = month.first * (1 - mix_channels(streams, 0.0).resolved)
    worked_off = posts * month.state.jobs_per_post * streams.done_right
    assert month.pending == pytest.approx((inflow - worked_off) / streams.gives_up, rel=1e-6)
    assert month.settled == pytest.approx(month.first * mix_channels(streams, 0.0).resolved + worked_off, rel=1e-6)
    jobs = month.pace * streams.fastest * month.pending  # constant over the month in a steady state
    assert jobs == pytest.approx(posts * month.state.jobs_per_post, rel=1e-6)


def test_without_giving_up_a_backlog_grows_by_what_exceeds_capacity() -> None:
    streams = replace(_streams(), gives_up=np.zeros(N))
    posts = 0.5 * _as_now(streams)
    long_ago = _run(streams, posts, months=50)
    month = _run(streams, posts, state=long_ago.state)
    inflow = month.first * (1 - mix_channels(streams, 0.0).resolved)
    grown = inflow - posts * month.state.jobs_per_post * streams.done_right
    assert month.pending - long_ago.pending == pytest.approx(grown, rel=1e-6)
    assert np.all(month.failure_share > long_ago.failure_share)


def test_with_no_staff_at_all_nothing_is_worked_off() -> None:
    streams = _streams()
    month = _run(streams, np.zeros(N))
    assert month.settled == pytest.approx(month.first * mix_channels(streams, 0.0).resolved)
    assert np.all(month.pace < 1e-9)


def test_capacity_above_demand_changes_nothing() -> None:
    streams = _streams()
    start = replace(start_state(streams, TENURE, _needs()), pending=np.full(N, 100.0))
    plenty, more = _run(streams, 50 * _as_now(streams), state=start), _run(streams, 90 * _as_now(streams), state=start)
    assert np.array_equal(plenty.pending, more.pending)
    assert np.all(plenty.pace == 1.0)
    emptied = _run(streams, 50 * _as_now(streams), months=200, state=start)
    assert emptied.pending == pytest.approx(start_state(streams, TENURE, _needs()).pending)


def test_nothing_moved_to_the_web_is_exactly_as_now() -> None:
    streams = _streams()
    month = _run(streams, _as_now(streams))
    mix = mix_channels(streams, 0.0)
    assert np.array_equal(mix.first, streams.channels)
    assert np.array_equal(mix.again, streams.channels)
    assert np.all(month.left_behind == 0.0)
    settled = replace(streams, excluded=0.9, left_behind=1.0)
    other = _run(settled, _as_now(streams))
    assert np.array_equal(month.by_channel, other.by_channel)
    assert np.array_equal(month.handling_pence, other.handling_pence)


def test_the_web_saves_and_loses() -> None:
    streams = _streams()
    before, after = _run(streams, _as_now(streams)), _run(streams, _as_now(streams), months=12, digital=0.5)
    assert after.handling_pence.sum() < before.handling_pence.sum()
    assert np.all(after.left_behind > 0)
    human = 1 - streams.channels[:, WEB]
    assert after.left_behind == pytest.approx(before.first * human * 0.5 * streams.excluded * streams.left_behind)
    assert after.first + after.left_behind == pytest.approx(before.first)
    mix = mix_channels(streams, 0.5)
    assert mix.first.sum(axis=1) + mix.left == pytest.approx(np.ones(N))
    assert mix.again.sum(axis=1) == pytest.approx(np.ones(N))


def test_who_is_excluded_follows_from_ages() -> None:
    by_age = _book().draw().numbers_of("contacts.digitally_excluded")
    expected = sum(share * by_age[band] for share, band in zip(AGES, AGE_BANDS, strict=True)) / sum(AGES)
    assert _streams().excluded == pytest.approx(expected)


def test_a_person_notices_and_a_form_does_not() -> None:
    streams = _streams()
    now, less = noticing_by_tenure(streams, 0, 0.0), noticing_by_tenure(streams, 0, 0.5)
    human = 1 - streams.channels[:, WEB]
    assert now == pytest.approx((streams.rate * (streams.notices * human)[:, None]).sum(axis=0))
    assert np.all(less < now)
    everyone_online = replace(streams, excluded=0.0)
    assert noticing_by_tenure(everyone_online, 0, 1.0) == pytest.approx(np.zeros(4))
    assert np.all(noticing_by_tenure(replace(streams, notices=np.zeros(N)), 0, 0.0) == 0.0)


def test_repairs_left_over_make_disrepair() -> None:
    streams = _streams()
    at, pace = streams.mends_homes, np.ones(N)
    onset, completion = repair_hazards(streams, 0, pace)
    rate = 3.5 / 12 * (1 - 0.05)
    assert onset == pytest.approx([0.0, rate * (1 - 0.87 * (1 - np.exp(-2.0 * 2.0))), 0.0, 0.0])
    assert completion == pytest.approx(2.0 * 0.87)
    patient = replace(streams, disrepair_after=1e9)
    assert repair_hazards(patient, 0, pace)[0][1] == pytest.approx(rate * 0.13)
    slow_onset, slow = repair_hazards(streams, 0, np.full(N, 0.25))
    assert slow == pytest.approx(0.25 * completion)
    assert slow_onset[1] > onset[1]
    assert streams.names[at] == "repairs"
    none_mends = replace(streams, mends_homes=-1)
    assert repair_hazards(none_mends, 0, pace)[1] == 0.0


def test_growth_moves_volumes() -> None:
    streams = _streams()
    start = start_state(streams, TENURE, _needs())
    no_need = np.zeros((7, 5))
    day = replace(start, visitors=np.zeros(N))
    once = first_contacts(streams, day, 0, TENURE, no_need)
    assert first_contacts(streams, day, 0, 2 * TENURE, no_need) == pytest.approx(once * 2**streams.growth)
    halved = _streams(parking_volume=0.5)
    assert first_contacts(halved, day, 0, TENURE, no_need)[5] == pytest.approx(0.5 * once[5])


def test_the_night_time_economy_grows_after_the_run_in() -> None:
    streams = _streams()
    start = start_state(streams, TENURE, _needs())
    nobody, no_need = np.zeros(4), np.zeros((7, 5))
    crowd = [first_contacts(streams, start, step, nobody + 1e-9, no_need) for step in (0, RUN_IN, RUN_IN + 12)]
    at = streams.names.index("waste_street")
    assert start.visitors[at] == pytest.approx(0.15 * (streams.rate @ TENURE)[at])
    assert crowd[0][at] == pytest.approx(crowd[1][at])
    assert crowd[2][at] / crowd[1][at] == pytest.approx(np.exp(0.03))


def test_income_follows_matters_settled_as_far_as_believed() -> None:
    streams = _streams()
    parking = streams.names.index("parking")
    half, now = 0.5 * _as_now(streams), _run(streams, _as_now(streams))
    for follows in (0.0, 0.5, 1.0):
        believed = replace(streams, income_follows=follows)
        before, after = _run(believed, _as_now(streams)), _run(believed, half, months=36)
        kept = 1 - follows * (1 - after.settled[parking] / before.settled[parking])
        assert before.income_pence[parking] == pytest.approx(now.income_pence[parking], rel=1e-6)
        assert after.income_pence[parking] / before.income_pence[parking] == pytest.approx(kept, rel=1e-6)
    assert after.settled[parking] < before.settled[parking]


def test_dearer_charges_bring_in_more_as_far_as_people_still_pay() -> None:
    as_now, dearer = _streams(), _streams(at={"streams.parking.price": 1.5})
    before, after = _run(as_now, _as_now(as_now)), _run(dearer, _as_now(dearer))
    gain = np.ones(N)
    gain[as_now.names.index("parking")] = 1.5 ** (1 - 0.29)
    assert after.income_pence == pytest.approx(before.income_pence * gain, rel=1e-6)
    assert np.array_equal(after.by_channel, before.by_channel)
    assert np.array_equal(after.settled, before.settled)


def test_waste_is_paid_for_by_the_tonne() -> None:
    streams = _streams()
    month = _run(streams, _as_now(streams))
    at = streams.names.index("waste_street")
    tonnes = HACKNEY * 0.71 / 12
    assert month.tonnes[at] == pytest.approx([0.75 * tonnes, 0.25 * tonnes])
    assert month.tonnes.sum() == month.tonnes[at].sum()
    half = _streams(at={"waste.volume": 0.5, "waste.recycling": 2.0})
    nobody = np.zeros(N)
    saved = work_pence(streams, 0, nobody, TENURE)[at] - work_pence(half, 0, nobody, TENURE)[at]
    assert saved == pytest.approx(100 * tonnes * (0.75 * 95 + 0.25 * 30 - 0.5 * (0.5 * 95 + 0.5 * 30)), rel=1e-6)
    everything = _streams(at={"waste.recycling": 9.0})
    assert _run(everything, _as_now(everything)).tonnes[at, 0] == 0.0


def test_a_campaign_does_what_is_believed_of_it_and_costs_what_it_costs() -> None:
    streams, asked = _streams(), _streams(at={"waste.campaign": 0.8})
    at = streams.names.index("waste_street")
    thrown_away, recycled = asked.tonnes[:, at, 0] / streams.tonnes[:, at, 0]
    waste = 1 + 0.8 * (0.995 - 1)
    assert recycled == pytest.approx(waste * (1 + 0.8 * (1.03 - 1)))
    assert thrown_away == pytest.approx(waste * (1 - 0.25 * (1 + 0.8 * 0.03)) / 0.75)
    tonnes = asked.tonnes[:, at, 0] - streams.tonnes[:, at, 0]
    cost = 100 * (tonnes @ [95, 30] + 0.8 * 0.1)
    assert (asked.waste_pence - streams.waste_pence)[at, 0] == pytest.approx(cost)


def test_larger_households_ask_more_often() -> None:
    assert _streams(size=4 * 2.36).rate == pytest.approx(2 * _streams().rate)


@pytest.mark.parametrize("posts", [0.4, 0.8, 1.0])
def test_where_contact_comes_to_rest_is_where_stepping_leads(posts: float) -> None:
    streams = _streams()
    state = start_state(streams, TENURE, np.zeros((7, 5)))
    month = step_streams(streams, state, 0, TENURE, np.zeros((7, 5)), posts * _as_now(streams), 0.0)
    for _ in range(600):
        month = step_streams(streams, month.state, 0, TENURE, np.zeros((7, 5)), posts * _as_now(streams), 0.0)
    rest = come_to_rest(streams, state, TENURE, np.ones(N), posts * _as_now(streams))
    assert rest.settled == pytest.approx(month.settled, rel=1e-6)
    assert rest.chases == pytest.approx(month.repeats + month.complaints, rel=1e-6)
    assert rest.contacts == pytest.approx(month.first + month.repeats + month.complaints, rel=1e-6)
    assert rest.income_pence == pytest.approx(month.income_pence, abs=1)
    assert rest.handling_pence == pytest.approx(month.handling_pence, abs=1)


def test_money_has_two_homes() -> None:
    streams = _streams()
    now = _run(streams, _as_now(streams))
    expected = now.by_channel @ streams.contact_pence + now.complaints * streams.complaint_pence
    assert np.array_equal(now.handling_pence, np.rint(expected).astype(np.int64))
    saved = work_pence(streams, 0, _as_now(streams), TENURE) - work_pence(streams, 0, 0.5 * _as_now(streams), TENURE)
    assert saved == pytest.approx(0.5 * _as_now(streams) * streams.post_pence, abs=1)
    table = now.by_kind
    assert table.shape == (N, len(CONTACT_KINDS))
    contacts = now.first + now.repeats + now.complaints
    columns = [CONTACT_KINDS.index(channel) for channel in CHANNELS]
    assert table[:, columns].sum(axis=1) == pytest.approx(contacts)


def test_what_nobody_has_measured_may_do_nothing() -> None:
    """Mechanisms without controlled evidence state a null, and their ranges contain it."""
    book = _book()
    guessed = [f"streams.{name}.notices" for name in book.streams]
    guessed += ["contacts.left_behind", "contacts.web_first_contact", "contacts.income_follows"]
    guessed += ["contacts.disrepair.housing", "contacts.disrepair.mental_health"]
    guessed += ["contacts.price_response", "contacts.size", "waste.campaign_recycled", "waste.campaign_waste"]
    for name in guessed:
        belief = book[name]
        assert belief.uncertainty is not None, name
        assert isinstance(belief.null, float), name
        assert belief.uncertainty.low <= belief.null <= belief.uncertainty.high, name
    assert _book().draw(1, 2)["contacts.left_behind"] != _book().draw(1, 3)["contacts.left_behind"]


def test_only_streams_that_bring_in_more_than_their_posts_cost_are_spared_cuts() -> None:
    """Cutting the posts of a stream loses the income that follows its work: spared are those that would lose more."""
    streams = _streams()
    all_follows, none_follows = (replace(streams, income_follows=share) for share in (1.0, 0.0))
    assert not earns_its_keep(none_follows).any()
    spared = {name for name, keeps in zip(streams.names, earns_its_keep(all_follows), strict=True) if keeps}
    households = TENURE * streams.tenures
    income = (households.sum(axis=1)) * streams.income_pence
    pay = _as_now(streams) * streams.post_pence
    assert spared == {name for name, more in zip(streams.names, income > pay, strict=True) if more}
    assert "parking" in spared
    assert "repairs" not in spared
