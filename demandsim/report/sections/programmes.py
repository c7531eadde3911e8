"""Programmes side by side: what each one's study found, what the model was given, and what comes of it here.

A published finding of no effect is kept, and so is the lack of a control group: the table says both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from demandsim.comparison.measures import MEASURES, STATE_MONTHS, succeeded, total
from demandsim.comparison.meta import readable
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption
from demandsim.report.charts.rows import Row, draw_rows
from demandsim.report.sections.case import Case, picture

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate

#: A scenario that moves more services than this is a way of working and no programme.
MOST_SERVICES: Final = 3
#: From here on a need calls for help.
CALLING_FOR_HELP: Final = ("established", "complex", "crisis")
_CASH: Final = next(measure for measure in MEASURES if measure.name == "cash")
#: Fewer programmes than this have nothing to stand beside.
_FEWEST: Final = 2

NO_CONTROL: Final = "no control group, so taken to do nothing, give or take"
KEPT_NULL: Final = "found no effect, and has none here"
HAS_EFFECT: Final = "found an effect, and has one here"


@dataclass(frozen=True)
class Programme:
    """One scenario that opens or enlarges a few services whose effects were stated."""

    scenario: str
    services: tuple[str, ...]
    effects: tuple[dict[str, Any], ...]
    needs: tuple[str, ...]

    @property
    def standing(self) -> str:
        """What may be expected of it, in words."""
        if any(effect.get("has_control") is False for effect in self.effects):
            return NO_CONTROL
        ratios = [float(ratio) for effect in self.effects for ratio in effect.get("hazard_ratio", {}).values()]
        return KEPT_NULL if all(ratio == 1.0 for ratio in ratios) else HAS_EFFECT


def programmes(case: Case) -> tuple[Section, ...]:
    """Every programme beside its study; no section where a study holds fewer than two."""
    found = find_programmes(case)
    if len(found) < _FEWEST:
        return ()
    changes = [_need_change(case, one, CALLING_FOR_HELP) for one in found]
    nulls = sum(one.standing == KEPT_NULL for one in found)
    uncontrolled = sum(one.standing == NO_CONTROL for one in found)
    finding = (
        f"Of {words.count_of(len(found), 'programme')}, {nulls or 'none'} had a study that found nothing, and "
        f"{uncontrolled or 'none'} had no control group"
    )
    titles = [case.meta.scenario_title(one.scenario) for one in found]
    rows = [
        Row(title, change, words.signed(change.mean, words.percent), 0.01)
        for title, change in zip(titles, changes, strict=True)
    ]
    what = "Change in the months that households spend with an established need or worse of the kind that is helped"
    svg = picture(draw_rows(rows, "Change in %"), "programmes", finding, f"{what}, with nine in ten runs.")
    lead = (
        "What a study found elsewhere is not what a place gets: here help reaches those who ask and are offered it, "
        "starts from today's services, and lasts as long as it lasts. The strength in the model is what gives the "
        "study's own result when the study is run inside the model; a study that found nothing gives nothing. "
        "Where no control group stands behind a programme, the middle of what we believe is no effect, and the table "
        "shows what it costs if that is so, and, where the need has a crisis service, how many months of it would have "
        "to be spared beyond those that are, for the cost to come back."
    )
    sentence = f"{what}, in % of those under “{case.against}”. A hollow dot could be either."
    exhibit = Exhibit(finding, sentence, svg, _table(case, found, changes))
    return (Section("programmes", "Each programme beside its study", (lead,), exhibits=(exhibit,)),)


def find_programmes(case: Case) -> list[Programme]:
    """Scenarios that move a few services with stated effects, in the order of the results."""
    found = []
    for name in case.results["scenario"].values:
        services = tuple(case.meta.scenarios.get(str(name), {}).get("services", ()))
        effects = tuple(one for one in case.meta.effects.values() if one.get("service") in services)
        if str(name) == case.comparison.against or not effects or len(services) > MOST_SERVICES:
            continue
        moves = [move for effect in effects for move in effect.get("hazard_ratio", {})]
        needs = tuple(dict.fromkeys(move.split(".")[0] for move in moves))
        found.append(Programme(str(name), services, effects, needs))
    return found


def _table(case: Case, found: list[Programme], changes: list[Estimate]) -> Table:
    head: tuple[str, ...] = (
        "Programme",
        "Its study found, and the strength in the model",
        "Months of need",
        "Months in crisis",
        "Cash, all agencies",
    )
    prices = crisis_prices(case)
    told = [_to_pay(case, one, prices) for one in found]
    has_prices = any(cell.main for cell in told)
    head = (*head, "To pay for itself it would have to spare") if has_prices else head
    rows = tuple(
        _row(case, one, change) + ((cell,) if has_prices else ())
        for one, change, cell in zip(found, changes, told, strict=True)
    )
    caption = interval_caption(
        f"Each programme, over {words.count_of(len(case.years), 'year')}, as a difference from “{case.against}”",
        case.n_runs,
    )
    return Table(caption, head, rows)


def _row(case: Case, one: Programme, change: Estimate) -> tuple[Cell, ...]:
    needs = words.sentence_list([readable(need).lower() for need in one.needs])
    need = change_cell(change, words.percent)
    studies = dict.fromkeys(_said(effect) for effect in one.effects)
    strengths = [words.strengths(effect.get("hazard_ratio", {})) for effect in one.effects]
    return (
        Cell(case.meta.scenario_title(one.scenario), one.standing),
        Cell("; ".join(studies), "; ".join(strengths)),
        Cell(f"{need.main} ({needs})", need.sub),
        change_cell(_need_change(case, one, ("crisis",)), words.percent),
        change_cell(case.change(_CASH.read(case.results), one.scenario, "GBP"), words.money),
    )


@dataclass(frozen=True)
class CrisisPrice:
    """A crisis service as now: what a month of it costs in cash (GBP), and how many months of it there are."""

    service: str
    price: float
    months: float


def crisis_prices(case: Case) -> dict[str, CrisisPrice]:
    """The crisis service on which most is spent as now, by need; needs without one are left out."""
    against = case.comparison.against
    cash = succeeded(case.results, "cost").sel(account="cash", scenario=against).sum(["payer", "year"], skipna=False)
    # Activity is the largest array there is: take the one event and add up the months before anything else.
    events = case.results[["activity", "status"]].sel(event="case_time").sum("month")
    months = succeeded(events, "activity").sel(scenario=against)
    found: dict[str, tuple[float, CrisisPrice]] = {}
    for name, record in case.meta.services.items():
        if record.get("tier") != "crisis" or name not in months["service"].values:
            continue
        spent = float(cash.sel(category=name).mean())
        lived = float(months.sel(service=name).mean())
        for need in record.get("needs", ()) if lived > 0.0 else ():
            if need not in found or spent > found[need][0]:
                found[need] = spent, CrisisPrice(name, spent / lived, lived)
    return {need: price for need, (_, price) in found.items()}


def _to_pay(case: Case, one: Programme, prices: dict[str, CrisisPrice]) -> Cell:
    """How many months of the need's dearest crisis service would cost as much as the programme does, with its range."""
    cost = case.change(_CASH.read(case.results), one.scenario, "GBP")
    price = next((prices[need] for need in one.needs if need in prices), None)
    if price is None:
        return Cell("")
    if cost.mean <= 0.0:
        return Cell("nothing: it costs no more")
    months, low, high = (max(0.0, gbp) / price.price for gbp in (cost.mean, cost.low, cost.high))
    title = case.meta.category_title(price.service).lower()
    return Cell(
        f"{words.number(months)} months of {title}",
        f"{words.level_range(low, high, words.number)}; {words.percent(months / price.months)} of those as now",
    )


def _said(effect: dict[str, Any]) -> str:
    """The outcome and the figure as published."""
    outcome = str(effect.get("title", "")).partition(": ")[2]
    return f"{outcome}: {effect.get('published', 'none')}" if outcome else str(effect.get("published", "none"))


def _need_change(case: Case, one: Programme, states: tuple[str, ...]) -> Estimate:
    """Change of the months spent in states of the programme's needs, as a share of those as now."""
    values = total(succeeded(case.results, STATE_MONTHS).sel(need=list(one.needs), state=list(states)))
    before = case.level(values, case.comparison.against).mean
    change = case.change(values, one.scenario, "share")
    size = abs(before) if before else float("nan")
    return replace(change, mean=change.mean / size, low=change.low / size, high=change.high / size)
