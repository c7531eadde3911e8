"""Failure demand by stream of contact, beside what was published, and what answering contact costs.

Takes results that hold the variable ``contacts`` (stream, contact_kind, month); gives figures with spread and runs.
Nothing here is a target: the share of contacts that chase or complain is what the model gives, and the published range
stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import succeeded
from demandsim.comparison.meta import Meta, read_meta
from demandsim.comparison.paired import LUCK
from demandsim.errors import Fault, RequestError
from demandsim.quantities import DAYS_PER_MONTH, MONTHS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

CONTACTS: Final = "contacts"
KIND: Final = "contact_kind"
#: The label under which all streams stand together.
ALL_STREAMS: Final = "all"
_NEEDED: Final = ("first", "repeats", "complaints")


@dataclass(frozen=True)
class Published:
    """A published range of the share of contacts that are failure demand, with where it comes from."""

    low: float
    typical: float
    high: float
    source: str
    evidence: str


@dataclass(frozen=True)
class StreamFigure:
    """One figure of a stream under one scenario.

    Attributes
    ----------
    scenario, scenario_title, stream, stream_title, quantity, title, unit : str
        ``stream`` is a stream's name, or "all".
    level : Estimate
    change : Estimate or None
        Paired difference from the scenario compared with; none for that scenario itself.
    published : Published or None
    """

    scenario: str
    scenario_title: str
    stream: str
    stream_title: str
    quantity: str
    title: str
    unit: str
    level: Estimate
    change: Estimate | None
    published: Published | None = None


@dataclass(frozen=True)
class Quantity:
    """A figure of a year: the kinds it adds up, or takes off where they begin with a minus."""

    name: str
    title: str
    unit: str
    kinds: tuple[str, ...]

    def read(self, yearly: xr.DataArray) -> xr.DataArray:
        """Sum of its kinds, the dimension ``contact_kind`` gone."""
        added = yearly.sel({KIND: [kind for kind in self.kinds if not kind.startswith("-")]}).sum(KIND, skipna=False)
        taken = [kind[1:] for kind in self.kinds if kind.startswith("-")]
        return added - yearly.sel({KIND: taken}).sum(KIND, skipna=False) if taken else added

    def is_held(self, kinds: set[str]) -> bool:
        """Whether results hold all of its kinds."""
        return {kind.lstrip("-") for kind in self.kinds} <= kinds


#: In the order in which a reader asks.
ANSWERING: Final = (
    Quantity("phone", "Contacts by telephone", "contacts a year", ("phone",)),
    Quantity("face", "Contacts face to face", "contacts a year", ("face",)),
    Quantity("web", "Contacts on the web", "contacts a year", ("web",)),
    Quantity("letter", "Letters", "contacts a year", ("letter",)),
    Quantity("handling", "Cost of answering contacts", "GBP a year", ("handling",)),
)
LOST: Final = (
    Quantity("left_behind", "Never raised, because sent to the web", "contacts a year", ("left_behind",)),
    Quantity("given_up", "Given up while waiting", "matters a year", ("given_up",)),
    Quantity("complaints", "Complaints", "complaints a year", ("complaints",)),
)
BUDGET: Final = (
    Quantity("gross", "Gross spending on the work", "GBP a year", ("work",)),
    Quantity("income", "Income", "GBP a year", ("income",)),
    Quantity("net", "Net spending on the work", "GBP a year", ("work", "-income")),
)
#: Of the stream that takes household waste.
WASTE: Final = (
    Quantity("thrown_away", "Household waste thrown away", "tonnes a year", ("thrown_away",)),
    Quantity("recycled", "Household waste recycled or composted", "tonnes a year", ("recycled",)),
    Quantity("waste_work", "Spending on waste and streets", "GBP a year", ("work",)),
)


def failure_demand(results: xr.Dataset, against: str | None = None) -> list[StreamFigure]:
    """Share of contacts that chase or complain, by scenario and stream, all streams together last.

    Parameters
    ----------
    results : xarray.Dataset
    against : str, optional
        Scenario the others are compared with; the first by default.

    Raises
    ------
    RequestError
        If the results hold no contacts, or not that scenario.
    """
    totals = _with_all(_contacts(results).sum("month", skipna=False))
    again = totals.sel({KIND: ["repeats", "complaints"]}).sum(KIND, skipna=False)
    everything = totals.sel({KIND: list(_NEEDED)}).sum(KIND, skipna=False)
    share = again / everything.where(everything > 0)
    quantity = Quantity("failure_share", "Share of contacts that chase or complain", "share", ())
    return figures_of(results, share, quantity, against, _published(read_meta(results)))


def contact_figures(
    results: xr.Dataset, quantities: tuple[Quantity, ...], against: str | None = None
) -> list[StreamFigure]:
    """Figures of a year, by scenario and stream, all streams together last.

    Quantities that the results do not hold are left out. `BUDGET` is of streams that have an income alone, `WASTE` of
    the one that takes household waste, and their sum.
    """
    yearly = _yearly(results)
    kinds = {str(kind) for kind in yearly[KIND].values}
    held = [quantity for quantity in quantities if quantity.is_held(kinds)]
    if not held:
        return []
    if quantities in (BUDGET, WASTE):
        sign = "income" if quantities is BUDGET else "thrown_away"
        if sign not in kinds:
            return []
        signed = yearly.sel({KIND: sign}, drop=True)
        is_theirs = signed.sum([dim for dim in signed.dims if dim != "stream"]) > 0
        yearly = yearly.isel(stream=is_theirs.values.nonzero()[0])
    yearly = _with_all(yearly)
    return [figure for one in held for figure in figures_of(results, one.read(yearly), one, against, {})]


def waiting_figures(results: xr.Dataset, against: str | None = None) -> list[StreamFigure]:
    """Days a matter is outstanding, by scenario and stream, all streams together last; settled at once is none.

    By Little's law, matters outstanding over matters raised a month, so a little too few while a backlog grows.
    """
    contacts = _contacts(results)
    if "pending" not in contacts[KIND].values:
        return []
    totals = _with_all(contacts.sum("month", skipna=False))
    raised = totals.sel({KIND: "first"}, drop=True)
    days = totals.sel({KIND: "pending"}, drop=True) / raised.where(raised > 0) * DAYS_PER_MONTH
    return figures_of(results, days, Quantity("wait", "Time until settled or given up", "days", ()), against, {})


def _contacts(results: xr.Dataset) -> xr.DataArray:
    values = succeeded(results, CONTACTS)
    missing = [kind for kind in _NEEDED if kind not in values[KIND].values]
    if missing:
        raise RequestError(Fault("results, contacts", f"There is no {', '.join(missing)}.", "Run the study again."))
    return values


def _yearly(results: xr.Dataset) -> xr.DataArray:
    contacts = _contacts(results)
    return contacts.sum("month", skipna=False) * (MONTHS_PER_YEAR / contacts.sizes["month"])


def _with_all(values: xr.DataArray) -> xr.DataArray:
    """The streams, and all of them together."""
    import xarray as xr

    together = values.sum("stream", skipna=False).expand_dims(stream=[ALL_STREAMS])
    return xr.concat([values, together], dim="stream", coords="minimal", compat="override")


def figures_of(
    results: xr.Dataset,
    values: xr.DataArray,
    quantity: Quantity,
    against: str | None,
    published: Mapping[str, Published],
) -> list[StreamFigure]:
    """Every scenario's level and paired change of a quantity, by stream or whatever ``stream`` holds in its place."""
    meta, known = read_meta(results), [str(name) for name in results["scenario"].values]
    base = known[0] if against is None else against
    if base not in known:
        raise RequestError(Fault("contacts", f"There is no scenario `{base}`.", f"There are: {', '.join(known)}."))
    before = values.sel(scenario=base).transpose("stream", *LUCK).values
    figures = []
    for scenario in known:
        here = values.sel(scenario=scenario).transpose("stream", *LUCK).values
        changes = summarise(here - before, quantity.unit) if scenario != base else [None] * len(here)
        for stream, level, change in zip(values["stream"].values, summarise(here, quantity.unit), changes, strict=True):
            name = str(stream)
            figures.append(
                StreamFigure(
                    scenario,
                    meta.scenario_title(scenario),
                    name,
                    "All of them" if name == ALL_STREAMS else meta.stream_title(name),
                    quantity.name,
                    quantity.title,
                    quantity.unit,
                    level,
                    change,
                    published.get(name),
                )
            )
    return figures


def _published(meta: Meta) -> dict[str, Published]:
    """Published ranges by stream, from the beliefs that travel with the results."""
    found = {}
    for belief in meta.beliefs:
        family, _, rest = str(belief["name"]).partition(".")
        stream, _, key = rest.partition(".")
        if family == "streams" and key == "published_failure":
            value = belief["value"]
            found[stream] = Published(
                value["low"], value["typical"], value["high"], str(belief["source"]), str(belief["evidence"])
            )
    return found
