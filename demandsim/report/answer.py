"""The answer in a headline and three sentences, from the numbers and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.paired import LUCK
from demandsim.report import words

if TYPE_CHECKING:
    import xarray as xr

#: A change in months of crisis that is surely under this share of today's does not matter, however sure its sign.
NEGLIGIBLE: Final = 0.01

CASES: Final = {
    "central": "As we believe",
    "mechanisms_null": "Mechanisms nobody has measured do nothing",
    "effects_null": "No service has any effect",
    "share_causal_0": "One need never causes another",
    "share_causal_1": "Needs that go together cause each other in full",
}

_COST: Final = {
    "less": "it costs less",
    "more": "it costs more",
    "either": "it could cost more or less",
    "same": "it costs the same",
}
_PEOPLE: Final = {
    "less": "people are better off",
    "more": "people are worse off",
    "either": "people could be better or worse off",
    "same": "it makes no difference to people that matters",
}


@dataclass(frozen=True)
class Answer:
    """The two estimates that carry the answer, and what they are compared with.

    Parameters
    ----------
    cash, crisis : Estimate
        Differences in cash (all agencies) and in months that households spend in crisis.
    crisis_before : float
        Months in crisis in the scenario compared with.
    title, against : str
        Titles of the two scenarios.
    n_years : int
        Years the totals run over.
    """

    cash: Estimate
    crisis: Estimate
    crisis_before: float
    title: str
    against: str
    n_years: int

    @property
    def cost_direction(self) -> str:
        """The decision rule on cash."""
        return words.direction(self.cash)

    @property
    def people_direction(self) -> str:
        """The decision rule on months in crisis: ``less`` is better."""
        return self._people_way(self.crisis)

    def headline(self) -> str:
        """The answer in one line."""
        cost, people = self.cost_direction, self.people_direction
        if "too few" in (cost, people):
            return f"Too few runs to tell: {words.with_runs(self.cash.n_runs)}"
        if cost == "either" and people in ("either", "same"):
            return f"We cannot tell: {_COST[cost]}, and {_PEOPLE[people]}"
        if cost == "more" and people == "same":
            return "It costs more and changes time in crisis too little to matter"
        if cost == "more" and people == "more":
            return "It costs more and people are worse off"
        joined = "and" if (cost, people) in (("less", "less"), ("same", "same"), ("less", "same")) else "but"
        text = f"{_COST[cost]} {joined} {_PEOPLE[people]}"
        text = f"{text}; on cost we cannot tell" if cost == "either" else text
        text = f"{text}; on people we cannot tell" if people == "either" else text
        return text[0].upper() + text[1:]

    def sentences(self, cases: dict[str, tuple[Estimate, Estimate]]) -> list[str]:
        """Cost, people, and the answer when nothing unmeasured helps."""
        return [self.cost_sentence(), self.people_sentence(), self.null_sentence(cases)]

    def cost_sentence(self) -> str:
        """What it costs, how sure, and in how many runs."""
        cash = self.cash
        span = words.between(cash.low, cash.high, words.money)
        often = words.in_runs(cash.n_below, cash.n_runs)
        years = words.count_of(self.n_years, "year")
        lead = f"Over {years}, “{self.title}” costs all agencies together {words.difference(cash.mean, words.money)}"
        if self.cost_direction == "either":
            lead = f"Over {years}, “{self.title}” could cost all agencies together either more or less"
            lead += f"; the middle of our runs is {words.difference(cash.mean, words.money)}"
        return f"{lead} than “{self.against}”: nine in ten of our runs lie {span}, and it costs less {often}."

    def people_sentence(self) -> str:
        """What it does to people, how sure, and in how many runs."""
        crisis = self.crisis
        span = words.between(crisis.low, crisis.high, words.whole, "more", "fewer")
        often = words.in_runs(crisis.n_below, crisis.n_runs)
        size = words.difference(crisis.mean, words.whole, "more months", "fewer months")
        of_today = crisis.mean / self.crisis_before if self.crisis_before else float("nan")
        lead = f"Households spend {size} in crisis ({words.signed(of_today, words.percent)})"
        if self.people_direction == "either":
            lead = f"Households could spend either more or fewer months in crisis; the middle of our runs is {size}"
        if self.people_direction == "same":
            lead = f"The months that households spend in crisis do not change by an amount that matters: {size}"
            lead += f" ({words.signed(of_today, words.percent)})"
        return f"{lead}: nine in ten of our runs lie {span}, and there are fewer {often}."

    def null_sentence(self, cases: dict[str, tuple[Estimate, Estimate]]) -> str:
        """The answer when mechanisms, and then effects, are set to do nothing."""
        if "mechanisms_null" not in cases:
            return (
                "Nobody has yet run this with the unmeasured mechanisms set to do nothing, so how far the answer "
                "rests on them is not known."
            )
        parts = []
        for name, given in (
            ("mechanisms_null", "If the mechanisms that nobody has measured did nothing"),
            ("effects_null", "if no service had any effect at all"),
        ):
            if name in cases:
                cash, crisis = cases[name]
                money = words.difference(cash.mean, words.money)
                span = words.between(cash.low, cash.high, words.money)
                months = words.in_crisis(crisis.mean)
                months_span = words.between(crisis.low, crisis.high, words.whole, "more", "fewer")
                runs = words.with_runs(cash.n_runs)
                parts.append(f"{given}, it would cost {money} ({span}), with {months} ({months_span}; {runs})")
        return f"{'; '.join(parts)}: {self._rests_on(cases)}."

    def _rests_on(self, cases: dict[str, tuple[Estimate, Estimate]]) -> str:
        cash, crisis = cases["mechanisms_null"]
        answer = (self.cost_direction, self._people_way(self.crisis))
        own_cash, own_crisis = cases.get("central", (self.cash, self.crisis))
        if (words.direction(own_cash), self._people_way(own_crisis)) != answer:
            return (
                "these runs are others than those of the answer and do not give it even as we believe, so they cannot "
                "say how far it rests on the unmeasured mechanisms"
            )
        same_cost = words.direction(cash) == answer[0]
        same_people = self._people_way(crisis) == answer[1]
        if same_cost and same_people and answer == ("either", "either"):
            return "with or without the unmeasured mechanisms, we cannot tell"
        if same_cost and same_people:
            return "the answer does not rest on the unmeasured mechanisms"
        if same_people:
            return "the answer on cost rests on mechanisms that nobody has measured"
        if same_cost:
            return "the answer on people rests on mechanisms that nobody has measured"
        return "the answer on both cost and people rests on mechanisms that nobody has measured"

    def _people_way(self, crisis: Estimate) -> str:
        """Which way months in crisis go, for two sets of runs to be held against each other: too few matter to none."""
        negligible = NEGLIGIBLE * abs(self.crisis_before)
        way = words.direction(crisis, negligible)
        is_small = max(abs(crisis.low), abs(crisis.high)) < negligible
        return "same" if way != "too few" and is_small else way


def read_cases(cases: xr.Dataset | None, scenario: str) -> dict[str, tuple[Estimate, Estimate]]:
    """Cash and crisis differences in each belief case.

    Parameters
    ----------
    cases : xarray.Dataset or None
        Variables ``cash`` (GBP) and ``crisis_months`` (household-months): differences from the scenario compared
        with, over ``case, draw, replicate`` and optionally ``scenario``; NaN where a run failed.
    scenario : str
        The scenario of interest, used when the dataset holds several.
    """
    if cases is None:
        return {}
    if "scenario" in cases.dims:
        cases = cases.sel(scenario=scenario)
    pairs = {}
    for name in cases["case"].values:
        one = cases.sel(case=name)
        cash = summarise(one["cash"].transpose(*LUCK).values[None], "GBP")[0]
        crisis = summarise(one["crisis_months"].transpose(*LUCK).values[None], "household-months")[0]
        pairs[str(name)] = (cash, crisis)
    return pairs
