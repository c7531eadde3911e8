"""What travels with results besides numbers: titles, units, beliefs, targets.

Results carry it as JSON in ``attrs["meta"]``, so that a stored study can be read years later without its configs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from demandsim.errors import Fault, RequestError
from demandsim.labels import PAYER_TITLES

if TYPE_CHECKING:
    import xarray as xr

Record = dict[str, Any]

#: What the parts of a stream's money are.
_PARTS = {"work": "the work", "contact": "answering contacts", "income": "income"}


@dataclass(frozen=True)
class Meta:
    """The words and beliefs behind a set of results.

    Parameters
    ----------
    scenarios : dict
        By id: ``title``, ``question``, ``services`` (names of those of which it moves any lever).
    services : dict
        By name: ``title``, ``tier``, ``agency``, ``needs``, ``payers`` (shares), ``capacity_known``, ``joins_up``
        (whether one worker looks after all needs of a household) and, where its waits were compared with a published
        figure, ``waits_checked`` (a sentence).
    costs : dict
        By name: ``title`` of each residual cost of being in need, and whether it is a ``transfer``.
    streams : dict
        By name: ``title`` of each stream of everyday contact.
    outcomes : dict
        By name: ``title``, ``unit``, ``combine`` (``sum``, ``mean`` or ``last`` over years), ``better`` (``lower`` or
        ``higher``).
    effects : dict
        By name: ``title``, ``service``, ``published`` (the figure as printed, in words), ``hazard_ratio`` (by move),
        ``replayed``, ``evidence``, ``has_control`` (whether a comparison group stands behind it).
    beliefs : list
        Each ``name``, ``meaning``, ``value``, ``unit``, ``low``, ``high``, ``level``, ``evidence``, ``source``.
    belief_ranking : list
        The farthest first, as `demandsim.study.footing.ranking.rank_beliefs` gives them: ``name``, ``moved`` (GBP a
        household, from the low to the high end of what is believed), its interval and what chance alone would show.
    discount_rate : dict
        Share a year by band of years from the start, such as ``{"0_30": 0.035}``; empty where results carry none.
    appraisal : dict
        ``health_discount_rate`` (by band of years), ``qaly_value`` and ``output_value`` (GBP, ``low``, ``middle`` and
        ``high``), ``optimism_bias`` (share by evidence grade); empty where results carry none.
    place : dict
        ``title``, ``cannot_tell`` (what its size cannot tell), ``multipliers`` by need.
    targets : list
        Each ``target``, ``unit``, ``published``, ``model``, ``difference``, ``evidence``, ``use``, ``note``; and
        ``low``, ``high``, ``runs`` or ``standard_error`` where the model's figure comes from several runs.
    not_known : list of str
        Sentences about what the model leaves out.
    future : dict
        ``id``, ``title`` and ``story`` of the future under which the study was run; empty where the times are as now.
    """

    scenarios: dict[str, Record] = field(default_factory=dict)
    services: dict[str, Record] = field(default_factory=dict)
    costs: dict[str, Record] = field(default_factory=dict)
    outcomes: dict[str, Record] = field(default_factory=dict)
    effects: dict[str, Record] = field(default_factory=dict)
    beliefs: list[Record] = field(default_factory=list)
    belief_ranking: list[Record] = field(default_factory=list)
    discount_rate: dict[str, float] = field(default_factory=dict)
    appraisal: dict[str, dict[str, float]] = field(default_factory=dict)
    place: Record = field(default_factory=dict)
    targets: list[Record] = field(default_factory=list)
    not_known: list[str] = field(default_factory=list)
    future: Record = field(default_factory=dict)
    streams: dict[str, Record] = field(default_factory=dict)

    def scenario_title(self, scenario: str) -> str:
        """Title of a scenario, or its id made readable."""
        return str(self.scenarios.get(scenario, {}).get("title") or readable(scenario))

    def category_title(self, category: str) -> str:
        """Title of a service, a residual cost, a part of a stream of contact, or the programme."""
        if category == "programme":
            return "Running the programme"
        stream, _, part = category.rpartition("_")
        if self.is_everyday(category):
            return f"{self.stream_title(stream)}: {_PARTS[part]}"
        record = self.services.get(category) or self.costs.get(category) or {}
        return str(record.get("title") or readable(category))

    def is_everyday(self, category: str) -> bool:
        """Whether a category is a part of a stream's money: its work, the answering of contacts, or its income."""
        stream, _, part = category.rpartition("_")
        return stream in self.streams and part in _PARTS

    def kind(self, category: str) -> str:
        """What kind of spending a category is: a tier, ``programme``, ``everyday``, or ``living`` with need."""
        if category == "programme":
            return "programme"
        if self.is_everyday(category):
            return "everyday"
        return str(self.services.get(category, {}).get("tier", "living"))

    def is_transfer(self, category: str) -> bool:
        """Whether money in a category changes hands and buys nothing: benefits, taxes, charges and fines."""
        is_income = self.is_everyday(category) and category.endswith("_income")
        return is_income or bool(self.costs.get(category, {}).get("transfer", False))

    def grade(self, category: str) -> str:
        """How well the price of a category is known; ``assumed`` where nothing is said."""
        stream = category.rpartition("_")[0]
        owners = [f"streams.{stream}"] if self.is_everyday(category) else [f"services.{category}", f"costs.{category}"]
        names = {f"{owner}.{price}" for owner in owners for price in ("unit_cost", "cost_per_fte")}
        return next((str(one["evidence"]) for one in self.beliefs if one["name"] in names), "assumed")

    def stream_title(self, stream: str) -> str:
        """Title of a stream of everyday contact."""
        return str(self.streams.get(stream, {}).get("title") or readable(stream))

    def outcome(self, name: str, default: Record) -> Record:
        """Title, unit, combine and better of an outcome, with `default` where nothing was declared."""
        return {"title": readable(name), "better": "lower", **default, **self.outcomes.get(name, {})}

    def belief(self, name: str) -> Record:
        """The belief of that name, or an empty record."""
        return next((belief for belief in self.beliefs if belief["name"] == name), {})


def readable(name: str) -> str:
    """Turn a label into words: ``mental_health`` gives *Mental health*."""
    words = PAYER_TITLES.get(name) or name.replace("_", " ").replace(".", ": ")
    return words[:1].upper() + words[1:]


def read_meta(results: xr.Dataset) -> Meta:
    """Read the words that travel with results.

    Parameters
    ----------
    results : xarray.Dataset
        Results whose ``attrs["meta"]`` is a dict or its JSON text; absent means empty.

    Raises
    ------
    RequestError
        When the text is not JSON, or has a key this version does not know.
    """
    raw = results.attrs.get("meta", {})
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except json.JSONDecodeError as error:
            raise RequestError(Fault("results, attrs, meta", f"This is not JSON ({error}).")) from error
    known = {item.name for item in fields(Meta)}
    unknown = sorted(set(raw) - known)
    if unknown:
        remedy = f"Known are: {', '.join(sorted(known))}."
        raise RequestError(Fault("results, attrs, meta", f"Unknown keys: {', '.join(unknown)}.", remedy))
    return Meta(**raw)
