"""An account added up: block by block, kind by kind, and every place where what it states is not what it comes to.

Takes an account; gives a `Reckoning`. Every finding is worked out from the account's own figures; nothing is smoothed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from demandsim.policy.account import Account, Block, Check, Figure, Kind, Mark
from demandsim.policy.account_terms import NOTHING, Worth, block_worth, total_of, worth_of_figure, worth_of_sum

#: How near a hedged figure ("nearly 16") must be to what it stands for.
HEDGE: Final = Decimal("0.05")

#: ``rounding``: it does not agree, yet the figures are rounded coarsely enough to hide it. ``shown``: nothing stated.
Verdict = Literal["agrees", "rounding", "differs", "shown"]


@dataclass(frozen=True)
class Worked:
    """A figure worked out one way, and how it stands to what is stated."""

    title: str
    worth: Worth
    gap: Decimal | None
    verdict: Verdict


@dataclass(frozen=True)
class Finding:
    """Something the account states, beside what it comes to.

    Parameters
    ----------
    title, unit : str
    stated : Decimal, optional
        None where the plan states nothing and the figure is only shown.
    wording : str
        How the plan hedges the figure.
    worked : tuple of Worked
        Every way to work it out.
    """

    title: str
    unit: str
    stated: Decimal | None
    wording: str
    worked: tuple[Worked, ...]

    @property
    def adds_up(self) -> bool:
        """Whether the first way, the plain one, agrees with what is stated."""
        return self.worked[0].verdict in ("agrees", "shown")


@dataclass(frozen=True)
class BlockSum:
    """A block's stated total and the sum of its lines."""

    block: Block
    worth: Worth
    parts: Worth


@dataclass(frozen=True)
class Reckoning:
    """An account added up.

    Attributes
    ----------
    blocks : tuple of BlockSum
    by_kind : dict of kind to (chiefly of it, at least partly of it)
    by_mark : dict of mark to (lines, amount)
    total : Worth
        The sum of the blocks.
    findings : tuple of Finding
        Every comparison made, those that agree included.
    late : tuple of (title, deadline)
        Deadlines before the day the plan was approved.
    """

    blocks: tuple[BlockSum, ...]
    by_kind: dict[Kind, tuple[Worth, Worth]]
    by_mark: dict[Mark, tuple[int, Worth]]
    total: Worth
    findings: tuple[Finding, ...]
    late: tuple[tuple[str, str], ...]

    @property
    def inconsistencies(self) -> tuple[Finding, ...]:
        """The comparisons that do not come out."""
        return tuple(finding for finding in self.findings if not finding.adds_up)


def reckon(account: Account) -> Reckoning:
    """Add an account up.

    Parameters
    ----------
    account : Account
        As `demandsim.policy.account.load_account` gives it.
    """
    blocks = tuple(BlockSum(block, block_worth(block), total_of(block.lines)) for block in account.blocks)
    by_kind = {
        kind: (
            total_of(line for line in account.lines if line.kind == kind),
            total_of(line for line in account.lines if kind in line.kinds),
        )
        for kind in get_args(Kind)
    }
    marked = {mark: [line for line in account.lines if line.mark == mark] for mark in get_args(Mark)}
    findings = (
        *(_block_finding(one) for one in blocks if one.block.total is not None),
        *(_checked(account, check) for check in account.checks),
        *_said_twice(account.figures),
    )
    return Reckoning(
        blocks=blocks,
        by_kind=by_kind,
        by_mark={mark: (len(lines), total_of(lines)) for mark, lines in marked.items()},
        total=sum((one.worth for one in blocks), NOTHING),
        findings=findings,
        late=_late(account),
    )


def _block_finding(one: BlockSum) -> Finding:
    """A block's total beside the sum of its lines."""
    worked = _judge("sum of its lines", one.parts, one.worth, "")
    return Finding(one.block.title, "GBP m", one.worth.value, "", (worked,))


def _checked(account: Account, check: Check) -> Finding:
    figure = next((figure for figure in account.figures if figure.name == check.figure), None)
    stated = None if figure is None else worth_of_figure(figure)
    worked = []
    for way in check.ways:
        worth = worth_of_sum(account, way.of).times(Decimal(str(way.times)))
        if way.over:
            worth = _divided(worth, worth_of_sum(account, way.over))
        worked.append(_judge(way.title, worth, stated, figure.wording if figure else ""))
    unit = figure.unit if figure else check.unit
    return Finding(check.title, unit, stated.value if stated else None, figure.wording if figure else "", tuple(worked))


def _divided(above: Worth, below: Worth) -> Worth:
    """A ratio, with the rounding of both to first order; nought where there is nothing to divide by."""
    if below.value == 0:
        return NOTHING
    ratio = above.value / below.value
    return Worth(ratio, above.rounding / abs(below.value) + abs(ratio) * below.rounding / abs(below.value))


def _judge(title: str, worth: Worth, stated: Worth | None, wording: str) -> Worked:
    if stated is None:
        return Worked(title, worth, None, "shown")
    gap = worth.value - stated.value
    if _meets(worth.value, stated, wording):
        return Worked(title, worth, gap, "agrees")
    is_hidden = abs(gap) <= stated.rounding + worth.rounding and not wording
    return Worked(title, worth, gap, "rounding" if is_hidden else "differs")


def _meets(value: Decimal, stated: Worth, wording: str) -> bool:
    """Whether a figure is what the words claim: *over* is above it, *nearly* a little below, *about* near it."""
    near = HEDGE * abs(stated.value)
    if wording == "over":
        return value > stated.value
    if wording == "up to":
        return value <= stated.value
    if wording == "nearly":
        return stated.value - near <= value <= stated.value
    return abs(value - stated.value) <= (near if wording == "about" else stated.rounding)


def _said_twice(figures: tuple[Figure, ...]) -> list[Finding]:
    """Figures of one quantity that differ from the first of them."""
    findings = []
    for quantity in dict.fromkeys(figure.quantity for figure in figures if figure.quantity):
        first, *others = [figure for figure in figures if figure.quantity == quantity]
        stated = worth_of_figure(first)
        worked = tuple(_judge(other.title, worth_of_figure(other), stated, first.wording) for other in others)
        if worked:
            findings.append(Finding(first.title, first.unit, stated.value, first.wording, worked))
    return findings


def _late(account: Account) -> tuple[tuple[str, str], ...]:
    if account.approved is None:
        return ()
    dated = [(line.title, line.due) for line in account.lines] + [(one.title, one.due) for one in account.targets]
    return tuple((title, due.isoformat()) for title, due in dated if due is not None and due < account.approved)
