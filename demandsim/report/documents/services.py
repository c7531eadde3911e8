"""The page of service lines: who runs each, whom it is for, how it takes cases in, and what it is believed to do."""

from __future__ import annotations

from collections.abc import Mapping

from demandsim.labels import PAYER_TITLES
from demandsim.parameters.belief import Belief
from demandsim.parameters.book import Book
from demandsim.parameters.descriptors import Effect, Service
from demandsim.parameters.evidence import caution, control_group_answer, effects_of
from demandsim.report.documents.figures import digits, interval_text, readable, source_text, value_text
from demandsim.report.documents.markdown import bullets, code, heading, page, table

_INTRO = (
    "A line that is *staffed* pays posts whether or not they are used; one that is *bought* pays for each case. "
    "The *band* is the range of states it takes. A line reached by the *front door* needs a contact; an *automatic* "
    "one is also triggered by the state itself. A *duty* line takes everybody: beyond its places its staff work "
    "overtime, to a limit, and it buys the rest at the spot price. Other staffed lines let people wait. The provider "
    "of a line *paid by results* is paid for "
    "what becomes of its cases; whom it takes next and where its effort goes follow the pay. Values are as now, per "
    "10,000 households of England; a line without posts waits for a scenario to bring them. *Control group* says "
    "whether anybody who went without was compared in the studies of what the line does; under a line for which that "
    "is not so, it is said again."
)
_EFFECTS = (
    "Under *effects*, the ratio is the hazard ratio on each move it acts on while help is at full strength; below 1 on "
    "`up` and `sudden` is slower worsening, above 1 on `down` and `exit` is quicker recovery. *Replayed* means that "
    "the study was run inside the model and the ratio solved from it; *not replayed* that the ratio was set from the "
    "published figure by a stated rule. See [ODD](odd.md#what-help-does)."
)
#: Whom a line is for, in words.
_SCOPES = {
    "everyone": "everyone",
    "with_children": "households with children",
    "working_age": "households whose oldest adult is under 65",
    "aged_65_over": "households whose oldest adult is 65 or over",
    "under_25": "households whose oldest adult is under 25",
    "aged_25_64": "households whose oldest adult is 25 to 64",
}


def services_page(book: Book) -> str:
    """All service lines, in order of code."""
    services = sorted(book.services.values(), key=lambda service: service.code)
    headings = (
        "code", "line", "agency", "tier", "needs", "route", "band", "posts", "months", "next on the list",
        "control group",
    )  # fmt: skip
    parts = [_INTRO, table(headings, (_row(book, service) for service in services)), _EFFECTS]
    for service in services:
        parts += [heading(f"{service.code}. {service.title} ({code(service.name)})"), *_about(book, service)]
    return page("Service lines", *parts)


def _row(book: Book, service: Service) -> list[object]:
    return [
        service.code,
        f"{service.title} {code(service.name)}",
        PAYER_TITLES[service.agency],
        service.tier,
        ", ".join(readable(need) for need in service.needs),
        readable(service.route),
        _band(book, service),
        _posts(book, service),
        _length(book, service),
        _next(service),
        control_group_answer(book.effects, service.name),
    ]


def _next(service: Service) -> str:
    if service.duty or not service.is_staffed:
        return "nobody waits"
    return "best paid" if service.paid_by_results else readable(service.queue)


def _central(book: Book, service: Service, belief: str) -> str:
    found = book.get(f"{service.path}.{belief}")
    return value_text(found.central) if found is not None else ""


def _band(book: Book, service: Service) -> str:
    opens, closes = _central(book, service, "opens_at"), _central(book, service, "closes_above")
    return opens if opens == closes else f"{opens} to {closes}"


def _posts(book: Book, service: Service) -> str:
    return _central(book, service, "staff") if service.is_staffed else "bought"


def _length(book: Book, service: Service) -> str:
    return "as long as the state" if service.until_state_ends else _central(book, service, "length")


def _about(book: Book, service: Service) -> list[str]:
    """The facts of a line, then its effects."""
    facts = [*_intake(book, service), *_money(book, service)]
    if service.counts_as:
        facts.append("Counted in the published " + ", ".join(readable(name) for name in service.counts_as))
    if service.components:
        facts.append("Home of these parts of published unit costs: " + ", ".join(service.components))
    effects = effects_of(book.effects, service.name)
    if not effects:
        return [bullets(facts), "No effect on any need is claimed for it."]
    headings = ("acts on", "published figure", "study", "ratio on each move", "grade", "")
    cautions = dict.fromkeys(f"**Caution**: {clause}" for effect in effects if (clause := caution(effect)))
    return [bullets(facts), table(headings, (_effect(book, effect) for effect in effects)), *cautions]


def _intake(book: Book, service: Service) -> list[str]:
    """For whom, how they come, how long they stay."""

    def shown(belief: str) -> str:
        return _shown(book, service, belief)

    several = f" with {service.min_needs} or more needs established" if service.min_needs else ""
    facts = [f"For {_SCOPES[service.scope]}{several}"]
    if service.route == "front_door":
        facts.append(f"Offered, of those who come: {shown('p_referred')}")
    else:
        facts.append(f"Eligible when triggered: {shown('p_eligible')}")
    facts += [
        f"Taken up, of offers: {shown('take_up')}",
        f"Left before the end: {shown('drop_out')}",
        f"Effect starts after: {shown('lag')}; fades over: {shown('fade')}",
    ]
    if not service.until_state_ends:
        facts.append(f"Mean length: {shown('length')}")
    if service.paid_by_results:
        facts.append(f"Paid by results; effort that follows pay: {_range(book['providers.follows_pay'])}")
    return facts


def _money(book: Book, service: Service) -> list[str]:
    """What it costs, how much of it there is, and who pays."""

    def shown(belief: str) -> str:
        return _shown(book, service, belief)

    paid = f"Paid by: {_payers(book[f'{service.path}.payers'])}"
    if not service.is_staffed:
        return [f"Price: {shown('unit_cost')}", paid]
    beyond = (
        f"A duty; beyond its places and overtime: {shown('spot_price')}"
        if service.duty
        else f"Mean wait before a household gives up: {shown('patience')}"
    )
    return [
        f"Posts: {shown('staff')}; each holds {shown('cases_per_fte')}",
        f"A post: {shown('cost_per_fte')}; beside pay: {shown('non_staff')}",
        beyond,
        paid,
    ]


def _shown(book: Book, service: Service, belief: str) -> str:
    return _range(book[f"{service.path}.{belief}"])


def _range(belief: Belief) -> str:
    spread = f", {interval_text(belief)}" if belief.uncertainty else ""
    return f"{value_text(belief.central)} {belief.unit}{spread} [{belief.evidence}]"


def _payers(belief: Belief) -> str:
    shares = belief.central
    assert isinstance(shares, Mapping)
    return ", ".join(f"{PAYER_TITLES[payer]} {share:.0%}" for payer, share in shares.items() if share)


def _effect(book: Book, effect: Effect) -> list[str]:
    ratio = book[f"{effect.path}.hazard_ratio"]
    published = book.get(f"{effect.path}.published")
    figure = "no controlled study"
    if published is not None:
        interval = f" ({interval_text(published)})" if published.uncertainty else ""
        figure = f"{value_text(published.central)}{interval}, {source_text(published.source)}"
    study = [
        effect.outcome,
        f"{effect.population} against {effect.comparator}"
        if effect.population and effect.comparator
        else effect.population,
        f"{effect.months} months" if effect.months else "",
        effect.design,
    ]
    strength = ratio.central
    shown = digits(strength) if isinstance(strength, float | int) else value_text(strength)
    return [
        ", ".join(code(move) for move in effect.acts_on),
        figure,
        "; ".join(part for part in study if part),
        f"{shown} ({interval_text(ratio)})",
        ratio.evidence,
        effect.standing,
    ]
