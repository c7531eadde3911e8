"""What becomes of a contact: settled at once, or a matter that waits for somebody's work, is chased and complained of.

Takes streams, the matters outstanding, the households and the posts of a month; gives what happened and what is left.
Never draws: matters are counted in expectation. No household's life hangs on which of them rang about parking, so two
worlds on the same luck differ here by their policies alone, exactly.

A matter outstanding ends when a piece of work settles it, or when the household gives up. Left alone, staff would do
work at hazard ``fastest``; what they can do in a month is at most posts × jobs a post does. So with ``pace`` between 0
and 1 matters leave at hazard ``pace × fastest × done_right + gives_up``, and pace is 1 unless that takes more work than
there are staff for. With first contacts spread evenly over the month all of it has a closed form.

How many jobs a post does is not known; the share of its time in use is a better guess. So jobs a post, and income a
matter, are solved once from the start as now, and stay what they were there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from demandsim.contacts.channels import mix_channels
from demandsim.contacts.streams import Floats, Pence, Streams, planned_posts
from demandsim.labels import N_NEEDS, N_STATES, TENURES
from demandsim.parameters.vocabulary import CONTACT_COUNTS, CONTACT_MONEY
from demandsim.quantities import MONTHS_PER_YEAR, PENCE_PER_POUND

#: Newton steps that find the pace of overworked staff, and how far ahead the slope is taken.
_NEWTON_STEPS: Final = 8
_NUDGE: Final = 1e-7
#: Hazards below which a difference quotient would lose its digits.
_SLOW: Final = 1e-5
#: Work that exceeds capacity by no more than rounding does not.
_ROUNDING: Final = 1.0 + 1e-9


@dataclass(frozen=True, eq=False)
class StreamState:
    """What goes from month to month, by stream.

    Attributes
    ----------
    pending : ndarray
        Matters outstanding.
    jobs_per_post : ndarray
        Pieces of work a post does in a month.
    pence_per_matter, standing_pence : ndarray
        Income from a matter settled, and a month whatever is settled.
    visitors : ndarray
        First contacts a month from the night-time economy at the start.
    households : float
        At the start, against which growth is counted.
    """

    pending: Floats
    jobs_per_post: Floats
    pence_per_matter: Floats
    standing_pence: Floats
    visitors: Floats
    households: float


@dataclass(frozen=True, eq=False)
class MonthOfContacts:
    """What happened in a month, by stream (S,); matters and contacts are expected numbers, money is whole pence.

    ``pending`` is at the month's end; ``by_channel`` (S, channels) holds all contacts made; ``pace`` is how near staff
    came to the fastest they could work; ``state`` is where the next month starts.
    """

    first: Floats
    repeats: Floats
    complaints: Floats
    settled: Floats
    given_up: Floats
    pending: Floats
    left_behind: Floats
    by_channel: Floats
    pace: Floats
    handling_pence: Pence
    income_pence: Pence
    state: StreamState

    @property
    def left_share(self) -> Floats:
        """Part of the first contacts there would have been that are never made."""
        return _over(self.left_behind, self.first + self.left_behind)

    @property
    def failure_share(self) -> Floats:
        """Part of all contacts that chase or complain; 0 where there are none."""
        again = self.repeats + self.complaints
        everything = self.first + again
        return np.divide(again, everything, out=np.zeros_like(everything), where=everything > 0.0)

    def by_kind(self, work: Pence) -> Floats:
        """All of it as a table (S, ``CONTACT_KINDS``), money in GBP; ``work`` is what `work_pence` gave."""
        counts = [getattr(self, name) for name in CONTACT_COUNTS]
        money = dict(zip(CONTACT_MONEY, (self.handling_pence, work, self.income_pence), strict=True))
        gbp = [pence / PENCE_PER_POUND for pence in money.values()]
        return np.column_stack([*counts, self.by_channel, *gbp])


def start_state(streams: Streams, households_by_tenure: ArrayLike, households_by_need: ArrayLike) -> StreamState:
    """Where the first month starts: in steady state for the first month's levers, with staff as busy as believed.

    Parameters
    ----------
    households_by_tenure : array, shape (4,)
    households_by_need : array, shape (7, 5)

    Notes
    -----
    As now, staff have time to spare (utilisation is at most 1), so matters outstanding are inflow over the hazard of
    leaving.
    """
    tenure = np.asarray(households_by_tenure, np.float64)
    none = np.zeros(len(streams.names))
    start = StreamState(none, none, none, none, streams.night_time * (streams.rate @ tenure), float(tenure.sum()))
    mix = mix_channels(streams, 0.0)
    would_be = first_contacts(streams, start, 0, tenure, households_by_need)
    at_once = would_be * mix.resolved
    leaving = streams.fastest * streams.done_right + streams.gives_up
    pending = _over(would_be - at_once, leaving)
    jobs = streams.fastest * pending
    posts = planned_posts(streams, tenure)[:, 0]
    settled = at_once + jobs * streams.done_right
    income = streams.income_pence * (streams.tenures @ tenure)
    return replace(
        start,
        pending=pending,
        jobs_per_post=_over(jobs, posts * streams.utilisation),
        pence_per_matter=_over(income * streams.income_follows, settled),
        standing_pence=income * (1.0 - streams.income_follows),
    )


def first_contacts(
    streams: Streams, state: StreamState, step: int, households_by_tenure: ArrayLike, households_by_need: ArrayLike
) -> Floats:
    """First contacts a month, by stream, if nobody were left behind: residents, those in need, and visitors."""
    tenure = np.asarray(households_by_tenure, np.float64)
    crowding = (tenure.sum() / state.households) ** (streams.growth - 1.0)
    residents = (streams.rate @ tenure) * crowding
    in_need = streams.by_need.reshape(-1, N_NEEDS * N_STATES) @ np.asarray(households_by_need, np.float64).ravel()
    years = max(0, step - streams.run_in) / MONTHS_PER_YEAR
    visitors = state.visitors * np.exp(streams.night_growth * years)
    return np.asarray((residents + in_need + visitors) * streams.volume[:, step])


def step_streams(
    streams: Streams,
    state: StreamState,
    step: int,
    households_by_tenure: ArrayLike,
    households_by_need: ArrayLike,
    posts: ArrayLike,
    digital: float,
) -> MonthOfContacts:
    """Move everyday contact by one month.

    Parameters
    ----------
    step : int
        Position of the month in the timeline, run-in included.
    households_by_tenure : array, shape (4,)
    households_by_need : array, shape (7, 5)
    posts : array, shape (S,)
        In pay this month.
    digital : float
        Share of human contact moved to the web.
    """
    mix = mix_channels(streams, digital)
    would_be = first_contacts(streams, state, step, households_by_tenure, households_by_need)
    first, at_once = would_be * mix.first.sum(axis=1), would_be * mix.resolved
    inflow = np.maximum(first - at_once, 0.0)
    capacity = np.asarray(posts, np.float64) * state.jobs_per_post
    pace = _find_pace(streams, state.pending, inflow, capacity)
    time = _time(streams, state.pending, inflow, pace)
    worked_off, given_up = pace * streams.fastest * streams.done_right * time, streams.gives_up * time
    pending = np.maximum(state.pending + inflow - worked_off - given_up, 0.0)
    chases = streams.chase * time
    by_channel = would_be[:, None] * mix.first + chases[:, None] * mix.again
    complaints = chases * streams.complains
    settled = at_once + worked_off
    grown = float(np.asarray(households_by_tenure, np.float64).sum()) / state.households
    handling = by_channel @ streams.contact_pence + complaints * streams.complaint_pence
    return MonthOfContacts(
        first=first,
        repeats=chases - complaints,
        complaints=complaints,
        settled=settled,
        given_up=given_up,
        pending=pending,
        left_behind=would_be * mix.left,
        by_channel=by_channel,
        pace=pace,
        handling_pence=np.rint(handling).astype(np.int64),
        income_pence=np.rint(settled * state.pence_per_matter + state.standing_pence * grown).astype(np.int64),
        state=replace(state, pending=pending),
    )


def repair_hazards(streams: Streams, step: int, pace: ArrayLike, left: ArrayLike = 0.0) -> tuple[Floats, float]:
    """How homes come to be out of repair, and are mended.

    Parameters
    ----------
    step : int
    pace : array, shape (S,)
        `MonthOfContacts.pace`: it holds all repairs outstanding, so that homes and matters share one staff.
    left : array, shape (S,), optional
        `MonthOfContacts.left_share`: a repair that is never reported is a home out of repair that nobody visits.

    Returns
    -------
    onset : ndarray, shape (4,)
        Hazard per month, by tenure, that a home gets a repair that is not done at the first visit, or has had no
        visit for ``disrepair_after`` months.
    completion : float
        Hazard per month that a home out of repair is mended.
    """
    mending = streams.mends_homes
    if mending < 0:
        return np.zeros(len(TENURES)), 0.0
    visits = float(np.asarray(pace)[mending]) * streams.fastest[mending]
    right = streams.done_right[mending]
    in_time = right * -np.expm1(-visits * streams.disrepair_after)
    raised = streams.rate[mending] * streams.volume[mending, step] * (1.0 - streams.first_contact[mending])
    unreported = float(np.broadcast_to(left, len(streams.names))[mending])
    in_time *= 1.0 - unreported
    return raised * (1.0 - in_time), float(visits * right * (1.0 - unreported))


def _find_pace(streams: Streams, pending: Floats, inflow: Floats, capacity: Floats) -> Floats:
    """The share of the fastest pace that staff can keep: 1, or where their whole capacity goes into the month."""
    pace = np.ones_like(pending)
    is_short = streams.fastest * _time(streams, pending, inflow, pace) > capacity * _ROUNDING
    if not is_short.any():
        return pace
    # Work done rises with pace, ever more slowly, so Newton's steps from nought near the one pace from below.
    pace = np.zeros_like(pending)
    for _ in range(_NEWTON_STEPS):
        here, ahead = (
            at * streams.fastest * _time(streams, pending, inflow, at) - capacity for at in (pace, pace + _NUDGE)
        )
        pace = np.clip(pace - here * _NUDGE / np.maximum(ahead - here, 1e-300), 0.0, 1.0)
    return np.where(is_short, pace, 1.0)


def _time(streams: Streams, pending: Floats, inflow: Floats, pace: Floats) -> Floats:
    """Months that matters are outstanding: the integral of the solution of ``d p / dt = inflow − leaving × p``."""
    leaving = pace * streams.fastest * streams.done_right + streams.gives_up
    divisor = np.maximum(leaving, _SLOW)
    is_slow = leaving < _SLOW
    stay = np.where(is_slow, 1.0 - leaving / 2.0, -np.expm1(-divisor) / divisor)  # of those there at the start
    of_new = np.where(is_slow, 0.5 - leaving / 6.0, (1.0 - stay) / divisor)
    return np.asarray(pending * stay + inflow * of_new)


def _over(part: Floats, whole: Floats) -> Floats:
    """A quotient, and 0 where the divisor is nought."""
    return np.asarray(np.divide(part, whole, out=np.zeros(np.shape(whole)), where=whole > 0.0))
