"""Streams of everyday contact as arrays: who makes contact about what, who answers, and what it costs.

Takes the drawn beliefs, the levers month by month and the place's mix of ages; gives `Streams`. Never moves a month.

The money of a stream has two homes. *Handling* is what it costs to answer a contact, by channel; *work* is the posts
and contracts that settle what the contact was about. A contact is priced in the first, a post in the second.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demandsim.contacts.tables import Table, tabulate_streams
from demandsim.contacts.waste import build_waste
from demandsim.labels import AGE_BANDS, N_NEEDS, N_STATES, NEEDS, STATES, TENURES
from demandsim.parameters.descriptors import Stream
from demandsim.parameters.stream_checks import ANYWHERE
from demandsim.parameters.vocabulary import CHANNELS, CONTACT_TONNES
from demandsim.quantities import MONTHS_PER_YEAR, PENCE_PER_POUND

Floats = NDArray[np.float64]
Pence = NDArray[np.int64]

#: Staff are stated per so many households.
_PER_HOUSEHOLDS: Final = 10_000
#: Needs that a home out of repair may make worse.
_WORSENED: Final = ("housing", "mental_health")


@dataclass(frozen=True, eq=False)
class Streams:
    """Every stream of one world; arrays are by stream (S) unless said otherwise.

    Attributes
    ----------
    names : tuple of str
    run_in : int
        Months before the run proper; growth of the night-time economy starts after them.
    tenures : ndarray, shape (S, 4)
        1 where a tenure's households count for posts, contracts and income, else 0.
    rate : ndarray, shape (S, 4)
        First contacts a household a month, by tenure.
    by_need : ndarray, shape (S, 7, 5)
        Further first contacts a month of a household in a state of need.
    channels : ndarray, shape (S, channels)
        Shares of contacts as now, in the order of ``CHANNELS``.
    first_contact, web_first_contact, done_right, complains, utilisation, notices : ndarray
        Shares and probabilities.
    fastest, chase, gives_up : ndarray
        Hazards per month.
    growth, night_time, night_growth : ndarray
        Exponent of households; matters of the night-time economy against residents'; its growth a year.
    volume, staff : ndarray, shape (S, months)
        Levers: ratio of first contacts; FTE per 10,000 households.
    post_pence, contract_pence, income_pence : ndarray
        A post a month; contracts and income as now, a household a month.
    price_gain : ndarray, shape (S, months)
        Income against that at prices as now, what people do about dearer prices included.
    tonnes : ndarray, shape (2, S, months)
        Household waste thrown away and recycled, a household a month; nought but for the stream that takes it.
    waste_pence : ndarray, shape (S, months)
        What becomes of it, a household a month.
    income_follows : float
        Part of income that rises and falls with matters settled.
    contact_pence : ndarray, shape (channels,)
    complaint_pence : float
    excluded, left_behind : float
        Share of households that do not use the web, and of their contacts that are given up when sent there.
    wearies : float
        Hazard per month that a household still waiting no longer makes contact about its matter.
    mends_homes : int
        Position of the stream whose outstanding matters are homes out of repair; -1 if there is none.
    disrepair_after : float
        Months after which a home that waits for a repair counts as out of repair.
    disrepair_ratio : ndarray, shape (7,)
        Hazard ratio on the worsening of each need while a home is out of repair.
    """

    names: tuple[str, ...]
    run_in: int
    tenures: Floats
    rate: Floats
    by_need: Floats
    channels: Floats
    first_contact: Floats
    web_first_contact: Floats
    done_right: Floats
    complains: Floats
    utilisation: Floats
    notices: Floats
    fastest: Floats
    chase: Floats
    gives_up: Floats
    growth: Floats
    night_time: Floats
    night_growth: Floats
    volume: Floats
    staff: Floats
    post_pence: Floats
    contract_pence: Floats
    income_pence: Floats
    price_gain: Floats
    tonnes: Floats
    waste_pence: Floats
    income_follows: float
    contact_pence: Floats
    complaint_pence: float
    excluded: float
    left_behind: float
    wearies: float
    mends_homes: int
    disrepair_after: float
    disrepair_ratio: Floats

    @cached_property
    def tables(self) -> tuple[Table, Table]:
        """The same as records for compiled kernels: beliefs (S,), and levers (months, S)."""
        return tabulate_streams(self)


@dataclass(frozen=True)
class _Reader:
    """Beliefs of all streams, one name at a time."""

    number_of: Callable[[str], float]
    numbers_of: Callable[[str], Mapping[str, float]]
    stated: Container[str]
    paths: tuple[str, ...]

    def numbers(self, key: str, otherwise: float | None = None) -> Floats:
        """A single number for each stream; those that do not state an optional one take ``otherwise``."""
        names = [f"{path}.{key}" for path in self.paths]
        return np.array(
            [otherwise if otherwise is not None and n not in self.stated else self.number_of(n) for n in names],
            np.float64,
        )

    def rows(self, key: str, labels: tuple[str, ...]) -> Floats:
        """Numbers by label for each stream."""
        tables = [self.numbers_of(f"{path}.{key}") for path in self.paths]
        return np.array([[table[label] for label in labels] for table in tables], np.float64)

    def prices(self, monthly: Callable[[str], ArrayLike], months: int) -> Floats:
        """What streams charge against as now, shape (S, months); 1 for those that charge nothing."""
        names = [f"{path}.price" for path in self.paths]
        return np.array([monthly(name) if name in self.stated else np.ones(months) for name in names], np.float64)

    def plain(self) -> dict[str, Any]:
        """Shares, probabilities and hazards as they are stated."""
        keys = ("done_right", "complains", "utilisation", "notices", "fastest", "chase", "gives_up")
        return {key: self.numbers(key) for key in keys}

    def money(self, scale: Floats) -> dict[str, Any]:
        """Pay of a post, contracts and income as now, in pence a month."""
        return {
            "post_pence": self.numbers("cost_per_fte") * (PENCE_PER_POUND / MONTHS_PER_YEAR),
            "contract_pence": self.numbers("non_staff") * scale * PENCE_PER_POUND,
            "income_pence": self.numbers("income", 0.0) * scale * PENCE_PER_POUND,
        }

    def shared(self) -> dict[str, Any]:
        """What is believed of all streams alike."""
        cost = [self.number_of(f"contacts.cost.{channel}") for channel in CHANNELS]
        ratio = {need: self.number_of(f"contacts.disrepair.{need}") for need in _WORSENED}
        return {
            "income_follows": self.number_of("contacts.income_follows"),
            "contact_pence": np.array(cost) * PENCE_PER_POUND,
            "complaint_pence": self.number_of("contacts.cost.complaint") * PENCE_PER_POUND,
            "left_behind": self.number_of("contacts.left_behind"),
            "wearies": self.number_of("contacts.wearies"),
            "disrepair_after": self.number_of("contacts.disrepair.after"),
            "disrepair_ratio": np.array([ratio.get(need, 1.0) for need in NEEDS]),
        }

    def at_place(self, key: str, place: str, otherwise: float) -> Floats:
        """A number by place; where a place is not named, England's."""
        found = []
        for path in self.paths:
            table = self.numbers_of(f"{path}.{key}") if f"{path}.{key}" in self.stated else {ANYWHERE: otherwise}
            found.append(table.get(place, table[ANYWHERE]))
        return np.array(found, np.float64)

    def by_need(self) -> Floats:
        """Contacts by need and state, shape (S, 7, 5)."""
        found = np.zeros((len(self.paths), N_NEEDS, N_STATES))
        for position, path in enumerate(self.paths):
            table = self.numbers_of(f"{path}.by_need") if f"{path}.by_need" in self.stated else {}
            for label, hazard in table.items():
                need, _, state = label.partition(".")
                found[position, NEEDS.index(need), STATES.index(state)] = hazard
        return found


def build_streams(
    number_of: Callable[[str], float],
    numbers_of: Callable[[str], Mapping[str, float]],
    monthly: Callable[[str], ArrayLike],
    streams: Mapping[str, Stream],
    *,
    stated: Container[str],
    place: str,
    households_by_age: ArrayLike,
    household_size: float,
    run_in: int = 0,
) -> Streams:
    """Build the streams of one world.

    Parameters
    ----------
    number_of, numbers_of : callable
        Read a single or a keyed drawn belief by name.
    monthly : callable
        Gives a lever's value in every month of the timeline, run-in included.
    streams : mapping of name to Stream
        In the order in which results will name them.
    stated : container of str
        Names of all beliefs, so that an optional one can be told from a missing one.
    place : str
        Whose scale and night-time economy: the id under which the place is fitted.
    households_by_age : array, shape (6,)
        Households at the start by age of their oldest adult, as numbers or shares.
    household_size : float
        Persons in a household of the place.
    run_in : int
        Months before the run proper.
    """
    found = tuple(streams.values())
    is_own = np.array([stream.figures_of == place for stream in found])
    read = _Reader(number_of, numbers_of, stated, tuple(stream.path for stream in found))
    scale = np.where(is_own, 1.0, read.at_place("scale", place, 1.0))
    first_contact = read.numbers("first_contact")
    mending = [position for position, stream in enumerate(found) if stream.mends_homes]
    of_size = (household_size / number_of("contacts.mean_size")) ** number_of("contacts.size")
    volume = np.array([monthly(f"{path}.volume") for path in read.paths], np.float64)
    tonnes, waste_pence = _waste(number_of, numbers_of, monthly, place, found, volume.shape[1])
    return Streams(
        names=tuple(streams),
        run_in=run_in,
        tenures=np.array([[float(kind in stream.tenures) for kind in TENURES] for stream in found]),
        rate=read.rows("rate", TENURES) * scale[:, None] * of_size / MONTHS_PER_YEAR,
        by_need=read.by_need() * scale[:, None, None],
        channels=read.rows("channels", CHANNELS),
        first_contact=first_contact,
        web_first_contact=np.minimum(1.0, first_contact * number_of("contacts.web_first_contact")),
        **read.plain(),
        growth=read.numbers("growth", 1.0),
        night_time=read.at_place("night_time", place, 0.0),
        night_growth=read.numbers("night_growth", 0.0),
        volume=volume,
        staff=np.array([monthly(f"{path}.staff") for path in read.paths], np.float64) * scale[:, None],
        **read.money(scale),
        price_gain=read.prices(monthly, volume.shape[1]) ** (1.0 + number_of("contacts.price_response")),
        tonnes=tonnes,
        waste_pence=waste_pence,
        **read.shared(),
        excluded=_excluded(numbers_of, households_by_age),
        mends_homes=mending[0] if mending else -1,
    )


def _waste(
    number_of: Callable[[str], float],
    numbers_of: Callable[[str], Mapping[str, float]],
    monthly: Callable[[str], ArrayLike],
    place: str,
    streams: tuple[Stream, ...],
    months: int,
) -> tuple[Floats, Floats]:
    """Tonnes (2, S, months) and pence (S, months) of household waste; nought where no stream takes it."""
    tonnes, pence = np.zeros((len(CONTACT_TONNES), len(streams), months)), np.zeros((len(streams), months))
    for at, stream in enumerate(streams):
        if stream.takes_waste:
            waste = build_waste(number_of, numbers_of, monthly, place)
            tonnes[:, at], pence[at] = waste.tonnes, waste.pence
    return tonnes, pence


def _excluded(numbers_of: Callable[[str], Mapping[str, float]], households_by_age: ArrayLike) -> float:
    """Share of households that do not use the web, given the ages of their oldest adults."""
    by_age = numbers_of("contacts.digitally_excluded")
    ages = np.asarray(households_by_age, np.float64)
    return float(np.dot(ages, [by_age[band] for band in AGE_BANDS]) / ages.sum())


def planned_posts(streams: Streams, households_by_tenure: ArrayLike) -> Floats:
    """Posts by plan, shape (S, months), for the households there are at the start, by tenure (4,)."""
    served = streams.tenures @ np.asarray(households_by_tenure, np.float64)
    return np.asarray(streams.staff * (served / _PER_HOUSEHOLDS)[:, None])


def earns_its_keep(streams: Streams) -> NDArray[np.bool_]:
    """Streams (S,) whose work brings in more than its posts cost as now: to cut their posts would widen a gap."""
    pay = streams.staff[:, 0] / _PER_HOUSEHOLDS * streams.post_pence
    return np.asarray(streams.income_pence * streams.income_follows > pay)
