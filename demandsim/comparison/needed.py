"""How dear, how much more or how many fewer posts it would take for streams of contact to save or earn so much.

Takes a book, a place and streams; gives, route by route, what it would take, how often it is reached at all, and what
it does to failure demand. Nothing of households is simulated: matters are counted in expectation, in the long run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.contacts import planned_posts, start_state
from demandsim.contacts.rest import come_to_rest
from demandsim.contacts.waste import build_waste
from demandsim.errors import Fault, RequestError
from demandsim.labels import N_NEEDS, N_STATES
from demandsim.model.everyday_inputs import build_everyday
from demandsim.parameters.reading import did_you_mean
from demandsim.place.tables import mean_tenure
from demandsim.policy.timeline import apply
from demandsim.quantities import MONTHS_PER_YEAR, PENCE_PER_POUND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from demandsim.contacts.streams import Streams
    from demandsim.parameters.book import Book
    from demandsim.parameters.drawing import Draw
    from demandsim.place import Place
    from demandsim.policy.scenario import Scenario

    Floats = NDArray[np.float64]

#: Steps into which each route is cut.
_STEPS: Final = 200
_A_YEAR: Final = MONTHS_PER_YEAR / PENCE_PER_POUND


@dataclass(frozen=True)
class Route:
    """A way to save or earn: from as now (1) to ``furthest`` times as now."""

    name: str
    title: str
    furthest: float

    @property
    def sizes(self) -> Floats:
        """Settings tried, as now first."""
        return np.linspace(1.0, self.furthest, _STEPS + 1)


#: Twice as dear or as many, no posts at all, half the waste: beyond that nothing here would hold.
ROUTES: Final = (
    Route("price", "Dearer: prices, fees and fines", 2.0),
    Route("volume", "More to settle, posts as now", 2.0),
    Route("volume_and_posts", "More to settle, and posts in step", 2.0),
    Route("posts", "Fewer posts, as much to settle", 0.0),
)
WASTE_ROUTES: Final = (
    Route("posts", "Fewer posts, as much to settle", 0.0),
    Route("less_waste", "Less waste", 0.5),
    Route("recycling", "A larger share recycled", 2.5),
)


@dataclass(frozen=True)
class RouteAnswer:
    """What one route would take.

    Attributes
    ----------
    route : Route
    size : Estimate
        Times as now, over the sets of beliefs that reach the amount; none of them behind it where none does.
    reached : float
        Share of sets of beliefs that reach it.
    most : Estimate
        The most the route gives in a year, GBP.
    failure : Estimate
        Share of contacts that chase or complain where the amount is reached, or else where the route gives most.
    """

    route: Route
    size: Estimate
    reached: float
    most: Estimate
    failure: Estimate


@dataclass(frozen=True)
class AmountAnswer:
    """All routes of some streams at a place.

    Attributes
    ----------
    amount : float
        GBP a year.
    titles : tuple of str
        Of the streams.
    posts, gross, income, net : Estimate
        As now, a year; ``gross`` is posts, contracts and waste.
    failure : Estimate
        As now.
    tonnes, recycled : Estimate
        Household waste a year as now and the share recycled; of no run where no stream takes it.
    routes : tuple of RouteAnswer
    n_draws : int
    """

    amount: float
    titles: tuple[str, ...]
    posts: Estimate
    gross: Estimate
    income: Estimate
    net: Estimate
    failure: Estimate
    tonnes: Estimate
    recycled: Estimate
    routes: tuple[RouteAnswer, ...]
    n_draws: int


@dataclass(frozen=True)
class _Desk:
    """Some streams under one set of beliefs, as now."""

    draw: Draw
    place: Place
    streams: Streams
    tenure: Floats
    chosen: NDArray[np.bool_]

    @property
    def posts(self) -> Floats:
        return planned_posts(self.streams, self.tenure)[:, 0]

    def at(self, price: Floats, volume: Floats, posts: Floats) -> tuple[Floats, Floats]:
        """Pence a month left over by settings (n,) of the chosen streams, and their share of failure demand (n,)."""
        streams, chosen = self.streams, self.chosen
        state = start_state(streams, self.tenure, np.zeros((N_NEEDS, N_STATES)))
        in_pay = posts[:, None] * self.posts
        rest = come_to_rest(streams, state, self.tenure, np.broadcast_to(volume[:, None], in_pay.shape), in_pay)
        dearer = price[:, None] ** (1.0 + self.draw.number_of("contacts.price_response"))
        left = rest.income_pence * dearer - in_pay * streams.post_pence - rest.handling_pence
        again = rest.chases[:, chosen].sum(axis=1) / rest.contacts[:, chosen].sum(axis=1)
        return left[:, chosen].sum(axis=1), again

    def follow(self, route: Route) -> tuple[Floats, Floats]:
        """GBP a year gained, and failure demand, at each size of a route."""
        size, as_now = route.sizes, np.ones(_STEPS + 1)
        if route.name in ("less_waste", "recycling"):
            left, again = self.at(as_now, as_now, as_now)
            levers = {"waste.volume": size} if route.name == "less_waste" else {"waste.recycling": size}
            left = left - self.waste_pence(lambda name: levers.get(name, as_now * self.draw.number_of(name)))
        else:
            price = size if route.name == "price" else as_now
            volume = size if route.name.startswith("volume") else as_now
            left, again = self.at(price, volume, size if route.name.endswith("posts") else as_now)
        return (left - left[0]) * _A_YEAR, again

    def waste_pence(self, monthly: Callable[[str], Floats]) -> Floats:
        """Pence a month for what becomes of waste at settings of its levers."""
        taking = self.streams.waste_pence.any(axis=1) & self.chosen
        households = self.streams.tenures[taking] @ self.tenure
        waste = build_waste(self.draw.number_of, self.draw.numbers_of, monthly, self.place.fit_id)
        return np.asarray(households.sum() * waste.pence)


def find_needed(
    book: Book, place: Place, as_now: Scenario, start: str, amount: float, streams: Sequence[str], draws: int, seed: int
) -> AmountAnswer:
    """Find what each route would take for streams to save or earn an amount a year, net of the posts it needs.

    Parameters
    ----------
    start : str
        The month whose levers are as now.
    amount : float
        GBP a year.
    streams : sequence of str
        Names of streams of contact, taken together.
    draws : int
        Sets of beliefs.

    Raises
    ------
    RequestError
        If a stream is unknown, none is named, or the amount or the draws are not above nought.
    """
    _check(book, streams, amount, draws)
    tenure = mean_tenure(place) * place.n_households
    desks = []
    for number in range(draws):
        draw = book.draw(seed, number)
        everyday = build_everyday(draw, apply(draw, as_now, start, 1, 0), place)
        chosen = np.array([name in streams for name in everyday.streams.names])
        desks.append(_Desk(draw, place, everyday.streams, tenure, chosen))
    takes_waste = any(book.streams[name].takes_waste for name in streams)
    return AmountAnswer(
        amount=amount,
        titles=tuple(book.streams[name].title for name in book.streams if name in streams),
        routes=tuple(_needed(desks, route, amount) for route in (WASTE_ROUTES if takes_waste else ROUTES)),
        n_draws=draws,
        **_as_now(desks),
    )


def _check(book: Book, streams: Sequence[str], amount: float, draws: int) -> None:
    faults = []
    for name in streams:
        if name not in book.streams:
            remedy = did_you_mean(name, book.streams) or f"Streams: {', '.join(book.streams)}."
            faults.append(Fault("--stream", f"`{name}` is not a stream of contact.", remedy))
    if not amount > 0.0:
        faults.append(Fault("AMOUNT", f"is {amount:g}.", "State pounds a year above 0, such as 2900000."))
    if draws < 1:
        faults.append(Fault("--draws", f"is {draws}.", "State at least 1."))
    if faults:
        raise RequestError(faults)


def _as_now(desks: list[_Desk]) -> dict[str, Estimate]:
    """Posts, money and failure demand of the chosen streams as now."""
    found: dict[str, list[float]] = {
        name: [] for name in ("posts", "gross", "income", "net", "failure", "tonnes", "recycled")
    }
    one = np.ones(1)
    for desk in desks:
        streams, mine = desk.streams, desk.chosen
        served = streams.tenures @ desk.tenure
        gross = desk.posts * streams.post_pence + served * (streams.contract_pence + streams.waste_pence[:, 0])
        income = served * streams.income_pence
        thrown_away, recycled = (streams.tonnes[:, mine, 0] * served[mine]).sum(axis=1) * MONTHS_PER_YEAR
        found["posts"].append(desk.posts[mine].sum())
        found["gross"].append(gross[mine].sum() * _A_YEAR)
        found["income"].append(income[mine].sum() * _A_YEAR)
        found["net"].append((gross - income)[mine].sum() * _A_YEAR)
        found["failure"].append(float(desk.at(one, one, one)[1][0]))
        tonnes = thrown_away + recycled
        found["tonnes"].append(tonnes or float("nan"))
        found["recycled"].append(recycled / tonnes if tonnes else float("nan"))
    units = {"posts": "posts", "failure": "share", "recycled": "share", "tonnes": "tonnes a year"}
    return {name: _estimate(values, units.get(name, "GBP a year")) for name, values in found.items()}


def _needed(desks: list[_Desk], route: Route, amount: float) -> RouteAnswer:
    sizes, most, failure = [], [], []
    for desk in desks:
        gain, again = desk.follow(route)
        reached = np.flatnonzero(gain >= amount)
        at = int(reached[0]) if reached.size else int(np.argmax(gain))
        around = slice(at - 1, at + 1)
        sizes.append(float(np.interp(amount, gain[around], route.sizes[around])) if reached.size else float("nan"))
        most.append(float(gain.max()))
        failure.append(float(again[at]))
    return RouteAnswer(
        route=route,
        size=_estimate(sizes, "ratio"),
        reached=float(np.isfinite(sizes).mean()),
        most=_estimate(most, "GBP a year"),
        failure=_estimate(failure, "share"),
    )


def _estimate(values: Sequence[float], unit: str) -> Estimate:
    """Over sets of beliefs, each of which gives one figure without luck."""
    return summarise(np.asarray(values, np.float64)[None, :, None], unit)[0]
