"""The words and beliefs that travel with a study's results, so that a brief can be written from them alone.

Takes a plan, and once there are results what they say about size and beliefs; gives plain records.
Never holds a figure that the book, the place or the results do not state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from demandsim.ledger.outcomes import OUTCOMES
from demandsim.parameters.belief import ASSUMED, Belief
from demandsim.parameters.book import Book
from demandsim.parameters.descriptors import Effect, Service
from demandsim.parameters.drawing import Draw
from demandsim.parameters.evidence import has_control_group
from demandsim.policy import Scenario
from demandsim.study.plan import Plan

Record = dict[str, Any]

#: What this version leaves out, said in every brief.
NOT_KNOWN: Final = (
    "How far people trust services is not measured: what moves trust, and what trust moves, is judgement throughout.",
    "Agencies cut and restore posts by one rule, from last year's spending; what their services outside this model "
    "bear of a gap is a guess, and its cost is not counted. Where few households are simulated one post is a large "
    "part of a team, and luck alone can cut it.",
    "People move in and out, are born and die at rates that no policy changes; neighbours do not affect one another.",
)
#: Months of run-in after which what agencies buy in a year no longer grows by more than luck.
SETTLED_RUN_IN: Final = 60
#: What values are put on results only when they are appraised: beliefs of the family `appraisal`.
APPRAISED: Final = ("health_discount_rate", "qaly_value", "output_value", "optimism_bias")
_SIX_WEEKS: Final = "talking_therapies_six_weeks_share"
_THERAPY: Final = "therapy_courses_started"


def build_meta(plan: Plan) -> Record:
    """The record that `demandsim.comparison.meta` reads, without what only results can tell."""
    book = plan.book
    targets = _targets(plan)
    return {
        "scenarios": {
            one.id: {"title": one.title, "question": one.question, "services": _moved_services(one)}
            for one in plan.scenarios
        },
        "services": {service.name: _service(book, service, targets) for service in book.services.values()},
        "costs": {
            cost.name: {"title": cost.title or cost.meaning, "transfer": cost.transfer} for cost in book.costs.values()
        },
        "streams": {stream.name: {"title": stream.title} for stream in book.streams.values()},
        "outcomes": {
            one.name: {"title": one.title, "unit": one.unit, "combine": one.combine, "better": one.better}
            for one in OUTCOMES
        },
        "effects": {effect.name: _effect(book, effect) for effect in book.effects.values()},
        "beliefs": [_belief(book, belief) for belief in book.values()],
        "belief_ranking": [],
        "discount_rate": _keyed(book.get("appraisal.discount_rate")),
        "appraisal": {name: _priced(book, f"appraisal.{name}") for name in APPRAISED},
        "place": {"title": plan.place.title, "cannot_tell": plan.place.note, "multipliers": _multipliers(plan)},
        "targets": [_target(row) for row in targets if "model" in row],
        "not_known": [
            *(*NOT_KNOWN, *_strengths(book), *_narrowed(book)),
            *(*_unsettled(plan), *_out_of_reach(book), *_unmeasured(targets)),
        ],
        "future": plan.future.model_dump(include={"id", "title", "story"}) if plan.future else {},
    }


def read_for_meta(book: Book, draw: Draw) -> None:
    """Ask a recording draw for the beliefs that are only shown: a reader for `demandsim.parameters.check`."""
    draw.get("appraisal.discount_rate")
    for name in APPRAISED:
        draw.get(f"appraisal.{name}")
    for effect in book.effects.values():
        draw.get(f"{effect.path}.published")
    for stream in book.streams.values():
        draw.get(f"{stream.path}.published_failure")


def _moved_services(scenario: Scenario) -> list[str]:
    """Services of which a scenario moves any lever."""
    parts = [change.lever.split(".") for change in scenario.changes]
    return sorted({name[1] for name in parts if name[0] == "services"})


def _service(book: Book, service: Service, targets: list[Record]) -> Record:
    posts = book.get(f"{service.path}.staff")
    return {
        "title": service.title,
        "tier": service.tier,
        "agency": service.agency,
        "needs": list(service.needs),
        "joins_up": service.joins_up,
        "payers": {payer: share for payer, share in _keyed(book.get(f"{service.path}.payers")).items() if share},
        "capacity_known": posts is not None and posts.evidence != ASSUMED,
        **({"waits_checked": said} if _THERAPY in service.counts_as and (said := _waits(targets)) else {}),
    }


def _waits(targets: list[Record]) -> str:
    """Whether the one published wait is met, as a sentence; empty where it is not, or was not measured."""
    row = next((row for row in targets if row.get("measure") == _SIX_WEEKS and "model" in row), None)
    if row is None or not row["low"] <= row["model"] <= row["high"]:
        return ""
    return f"{row['model']:.0%} seen within six weeks, against {row['published']:.0%} published"


def _effect(book: Book, effect: Effect) -> Record:
    ratio = book[f"{effect.path}.hazard_ratio"]
    strength = _number(ratio)
    published = book.get(f"{effect.path}.published")
    return {
        "title": effect.title or f"{book.services[effect.service].title}: {effect.outcome or effect.name}",
        "service": effect.service,
        "published": _published(published, effect) if published is not None else "no controlled study",
        "hazard_ratio": dict.fromkeys(effect.acts_on, strength),
        "replayed": effect.replayed,
        "standing": effect.standing,
        "has_control": has_control_group(effect),
        "evidence": ratio.evidence,
    }


def _published(belief: Belief, effect: Effect) -> str:
    """The figure as printed, with its interval, follow-up and design."""

    def said(value: float) -> str:
        size = f"£{abs(value):,.0f}" if belief.unit.startswith("GBP") else f"{abs(value):g}"
        return f"\N{MINUS SIGN}{size}" if value < 0 else size

    text = said(_number(belief))
    if spread := belief.uncertainty:
        text += f" ({said(spread.low)} to {said(spread.high)})"
    outcome = effect.outcome if effect.title else ""  # else it is the effect's title
    details = [outcome, f"{effect.months} months" if effect.months else "", effect.design]
    return ", ".join([text, *(detail for detail in details if detail)])


def _belief(book: Book, belief: Belief) -> Record:
    spread = belief.uncertainty
    value = belief.central
    return {
        "name": belief.name,
        "meaning": _meaning(book, belief),
        "value": dict(value) if isinstance(value, Mapping) else value,
        "unit": belief.unit,
        "low": spread.low if spread else None,
        "high": spread.high if spread else None,
        "level": spread.level if spread else None,
        "evidence": belief.evidence,
        "source": book.sources[belief.source].cite() if belief.source in book.sources else belief.source,
    }


def _meaning(book: Book, belief: Belief) -> str:
    """What a belief means; of an effect, whose, since every effect's ratio means the same."""
    effect = book.effects.get(belief.name.split(".")[1]) if belief.name.startswith("effects.") else None
    return f"{book.services[effect.service].title}: {belief.meaning}" if effect else belief.meaning


def _number(belief: Belief) -> float:
    return float(belief.central) if isinstance(belief.central, float | int) else float("nan")


def _keyed(belief: Belief | None) -> dict[str, float]:
    return dict(belief.central) if belief is not None and isinstance(belief.central, Mapping) else {}


def _priced(book: Book, name: str) -> dict[str, float]:
    """Numbers by label, money at the prices of the results."""
    belief = book.get(name)
    factor = book.price_factor(belief) if belief is not None else 1.0
    return {label: factor * value for label, value in _keyed(belief).items()}


def _multipliers(plan: Plan) -> dict[str, float]:
    fitted = plan.book.get(f"fitted.place_multiplier.{plan.place.fit_id}")
    return _keyed(fitted) or dict(plan.place.place_multiplier)


def _targets(plan: Plan) -> list[Record]:
    """Rows of the place's own fit, or of England's where the place was not fitted."""
    fitted = plan.book.fitted
    tables = fitted.get(plan.place.fit_id) or fitted.get("england") or {}
    return list(tables.get("target", []))


def _target(row: Record) -> Record:
    kept = ("target", "unit", "published", "model", "standard_error", "difference", "evidence", "use", "note")
    return {key: row[key] for key in kept if key in row and row[key] == row[key]}  # no error is told as not a number


def _out_of_reach(book: Book) -> list[str]:
    """What the model could no longer match if needs that go together caused each other in full."""
    missed = book.fitted.get("england", {}).get("missed.causal_100", [])
    if not missed:
        return []
    names = ", ".join(str(name).replace("_", " ") for name in missed)
    return [
        "The answer where needs that go together cause each other in full comes from a model that no longer matches "
        f"these published figures for England within a tenth: {names}."
    ]


def _strengths(book: Book) -> list[str]:
    """How the strengths of effects came about, and what stands behind them."""
    n, replayed = len(book.effects), sum(effect.replayed for effect in book.effects.values())
    if not n:
        return []
    rule = "was set by a stated rule from the figure as published"
    if replayed:
        told = (
            f"{replayed} of {n} studies of effects were run again inside the model to find the strength that gives "
            f"their result, which is as good as their design; the strength of the other {n - replayed} {rule}."
        )
    else:
        told = f"No study has been replayed inside the model: the strength of every effect {rule}."
    alone = sum(not has_control_group(effect) for effect in book.effects.values())
    if not alone:
        return [told]
    verb = "has" if alone == 1 else "have"
    return [
        told,
        f"{alone} of {n} effects {verb} no control group behind {'it' if alone == 1 else 'them'}: nobody knows what "
        "would have happened without the service.",
    ]


def _narrowed(book: Book) -> list[str]:
    """Whether what we believe was held against the past all at once."""
    if book.calibrated is None:
        return [
            "Each belief is drawn by itself from its stated range: sets of beliefs that together would give another "
            "past than the published one are not left out."
        ]
    until = f" up to {book.calibrated.until}" if book.calibrated.until else ""
    return [
        f"Sets of beliefs were kept that together come near published figures{until}; what no such figure touches is "
        "believed as widely as before (`demandsim beliefs --unidentified` lists it)."
    ]


def _unsettled(plan: Plan) -> list[str]:
    """What a short run-in does to budgets."""
    if plan.run_in >= SETTLED_RUN_IN:
        return []
    return [
        f"Lists and caseloads fill for {plan.run_in} months before the start, and need {SETTLED_RUN_IN}: "
        "agencies' first budgets are set too low for what follows, and some posts are cut for that reason alone."
    ]


def _unmeasured(targets: list[Record]) -> list[str]:
    missing = [str(row["target"]).replace("_", " ") for row in targets if "model" not in row]
    if not missing:
        return []
    names = ", ".join(missing)
    if len(missing) == 1:
        return [f"One published figure was not compared, as the model does not measure it: {names}."]
    return [f"{len(missing)} published figures were not compared, as the model does not measure them: {names}."]
