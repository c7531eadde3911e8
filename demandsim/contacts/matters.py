"""What becomes of a contact: settled at once, or a matter that waits for somebody's work, is chased and complained of.

Takes streams, the matters outstanding, the households and the posts of a month; gives what happened and what is left.
Never draws: matters are counted in expectation. No household's life hangs on which of them rang about parking, so two
worlds on the same luck differ here by their policies alone, exactly.

A matter outstanding ends when a piece of work settles it, or when the household gives up. Left alone, staff would do
work at hazard ``fastest``; what they can do in a month is at most posts × jobs a post does. So with ``pace`` between 0
and 1 matters leave at hazard ``pace × fastest × done_right + gives_up``, and pace is 1 unless that takes more work than
there are staff for. With first contacts spread evenly over the month all of it has a closed form. A household chases
its matter until it is settled or given up, or until it wearies of asking and only waits.

How many jobs a post does is not known; the share of its time in use is a better guess. So jobs a post, and income a
matter, are solved once from the start as now, and stay what they were there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from demandsim.contacts.channels import mix_channels
from demandsim.contacts.kernels import count_contracts, count_first, find_repairs, step_contacts
from demandsim.contacts.streams import Floats, Pence, Streams, planned_posts
from demandsim.contacts.tables import MONTH, columns_of, tabulate_matters
from demandsim.labels import TENURES
from demandsim.parameters.vocabulary import CONTACT_COUNTS


@dataclass(frozen=True, eq=False)
class StreamState:
    """What goes from month to month, by stream.

    Attributes
    ----------
    pending : ndarray
        Matters outstanding.
    chased : ndarray
        Those of them about which the household still makes contact.
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
    chased: Floats
    jobs_per_post: Floats
    pence_per_matter: Floats
    standing_pence: Floats
    visitors: Floats
    households: float


@dataclass(frozen=True, eq=False)
class MonthOfContacts:
    """What happened in a month, by stream (S,); matters and contacts are expected numbers, money is whole pence.

    ``pending`` is at the month's end; ``by_channel`` (S, channels) holds all contacts made; ``tonnes`` (S, 2) are of
    household waste thrown away and recycled; ``pace`` is how near staff came to the fastest they could work;
    ``by_kind`` (S, ``CONTACT_KINDS``) holds all of it, money in GBP; ``state`` is where the next month starts.
    """

    first: Floats
    repeats: Floats
    complaints: Floats
    settled: Floats
    given_up: Floats
    pending: Floats
    left_behind: Floats
    by_channel: Floats
    tonnes: Floats
    pace: Floats
    handling_pence: Pence
    income_pence: Pence
    by_kind: Floats
    state: StreamState

    @property
    def failure_share(self) -> Floats:
        """Part of all contacts that chase or complain; 0 where there are none."""
        again = self.repeats + self.complaints
        return _over(again, self.first + again)


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
    start = StreamState(none, none, none, none, none, streams.night_time * (streams.rate @ tenure), float(tenure.sum()))
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
        chased=_over(would_be - at_once, leaving + streams.wearies),
        jobs_per_post=_over(jobs, posts * streams.utilisation),
        pence_per_matter=_over(income * streams.income_follows, settled),
        standing_pence=income * (1.0 - streams.income_follows),
    )


def first_contacts(
    streams: Streams, state: StreamState, step: int, households_by_tenure: ArrayLike, households_by_need: ArrayLike
) -> Floats:
    """First contacts a month, by stream, if nobody were left behind: residents, those in need, and visitors."""
    beliefs, levers = streams.tables
    contacts = np.empty(len(streams.names))
    count_first(
        beliefs, levers, state.visitors, step, streams.run_in, state.households,
        np.asarray(households_by_tenure, np.float64), np.asarray(households_by_need, np.float64), contacts,
    )  # fmt: skip
    return contacts


class Desk:
    """Where one world's contacts come in, month after month: moved on in place, since a month must cost little.

    Parameters
    ----------
    streams : Streams
    state : StreamState
        Where its first month starts.
    pence_a_post : array, shape (S,)
        What a month of a post costs.

    Attributes
    ----------
    pence : ndarray of int64, shape (S, 3)
        Last month's handling of contact, income, contracts and waste.
    onset, completion : ndarray of shape (4,), and float
        Last month's hazards of `repair_hazards`.
    by_kind : ndarray, shape (S, ``CONTACT_KINDS``)
        All of last month: the very records, seen as a table.
    """

    def __init__(self, streams: Streams, state: StreamState, pence_a_post: ArrayLike) -> None:
        size = len(streams.names)
        self.streams = streams
        self.pence = np.zeros((size, 3), np.int64)
        self.onset, self.completion = np.zeros(len(TENURES)), 0.0
        self._pence_a_post = np.asarray(pence_a_post, np.float64)
        self._households = state.households
        self._matters = tabulate_matters(state)
        self._months, self._pace = np.zeros(size, MONTH), np.zeros(size)
        self._tables = streams.tables
        self.by_kind = self._months.view(np.float64).reshape(size, -1)

    def step(self, step: int, tenure: Floats, needs: Floats, posts: Floats, digital: float) -> None:
        """Move on by a month; what is asked for is that of `step_streams`, all of it float64."""
        streams = self.streams
        self.completion = step_contacts(
            *self._tables, self._matters, step, streams.run_in, self._households, tenure, needs, posts,
            self._pence_a_post, digital, streams.mends_homes, self._months, self.pence, self._pace, self.onset,
        )  # fmt: skip

    @property
    def state(self) -> StreamState:
        """Where the next month starts."""
        return StreamState(**columns_of(self._matters), households=self._households)

    @property
    def month(self) -> MonthOfContacts:
        """What happened in the last month, as arrays of their own."""
        written = columns_of(self._months)
        handling, income, _ = self.pence.T.copy()
        return MonthOfContacts(
            **{name: written[name] for name in (*CONTACT_COUNTS, "by_channel", "tonnes")},
            pace=self._pace.copy(),
            handling_pence=handling,
            income_pence=income,
            by_kind=self.by_kind.copy(),
            state=self.state,
        )


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
    desk = Desk(streams, state, streams.post_pence)
    tenure, needs, paid = (np.asarray(each, np.float64) for each in (households_by_tenure, households_by_need, posts))
    desk.step(step, tenure, needs, paid, float(digital))
    return desk.month


def work_pence(streams: Streams, step: int, posts: ArrayLike, households_by_tenure: ArrayLike) -> Pence:
    """What posts in pay (S,), contracts and waste cost in a month, pence by stream; the last two follow households."""
    contracts = np.empty(len(streams.names), np.int64)
    count_contracts(*streams.tables, step, np.asarray(households_by_tenure, np.float64), contracts)
    return np.rint(np.asarray(posts, np.float64) * streams.post_pence).astype(np.int64) + contracts


def repair_hazards(streams: Streams, step: int, pace: ArrayLike, left: ArrayLike = 0.0) -> tuple[Floats, float]:
    """How homes come to be out of repair, and are mended.

    Parameters
    ----------
    step : int
    pace : array, shape (S,)
        `MonthOfContacts.pace`: it holds all repairs outstanding, so that homes and matters share one staff.
    left : array, shape (S,), optional
        Part of first contacts never made: a repair that is never reported is a home out of repair nobody visits.

    Returns
    -------
    onset : ndarray, shape (4,)
        Hazard per month, by tenure, that a home gets a repair that is not done at the first visit, or has had no
        visit for ``disrepair_after`` months.
    completion : float
        Hazard per month that a home out of repair is mended.
    """
    onset, mending = np.zeros(len(TENURES)), streams.mends_homes
    if mending < 0:
        return onset, 0.0
    by_stream = (float(np.broadcast_to(given, len(streams.names))[mending]) for given in (pace, left))
    completion = find_repairs(*streams.tables, step, mending, *by_stream, onset)
    return onset, float(completion)


def _over(part: Floats, whole: Floats) -> Floats:
    """A quotient, and 0 where the divisor is nought."""
    return np.asarray(np.divide(part, whole, out=np.zeros(np.shape(whole)), where=whole > 0.0))
