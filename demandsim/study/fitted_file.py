"""What a fit writes: calibrated beliefs, how they change with the causal share, and the table of targets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demandsim.labels import NEEDS
from demandsim.ledger.store import write_text
from demandsim.parameters.belief import Value
from demandsim.parameters.book import Book
from demandsim.study.measuring import measurable

if TYPE_CHECKING:
    from demandsim.study.fitting import Fitted, Free

_HEAD = "# Written by `demandsim fit {place}`; run it again rather than edit it. Grades are `calibrated`.\n"
_PLACE = "place_multiplier."
#: Posts follow a place's own demand within these bounds: beyond them a difference says more of the model than of need.
_LEAST_CAPACITY, _MOST_CAPACITY = 0.25, 4.0


def write_england(path: Path, book: Book, found: Mapping[str, Fitted], default: str) -> Path:
    """Write base hazards at the default causal share, their ratios at the others, and the targets met and missed."""
    fit = found[default]
    parts = [_HEAD.format(place="england")]
    for name, value in fit.values.items():
        parts.append(_belief(name, book, value, [one for one in fit.free if any(_is_of(p, name) for p in one.parts)]))
    parts += [_knots(part, book, found, fit) for one in fit.free for part in one.parts]
    parts.append(_misses(found))
    parts.append(_referrals(fit))
    parts.append(_targets(fit))
    return write_text(path, "\n".join(parts))


def write_place(path: Path, book: Book, place: str, fit: Fitted) -> Path:
    """Write a place's multipliers, its posts relative to England's, and the targets met and missed."""
    multipliers = dict.fromkeys(NEEDS, 1.0)
    for one in fit.free:
        multipliers[one.name.removeprefix(_PLACE)] = one.factor
    england = book.fitted.get("england", {})
    capacity = {
        service.name: _capacity(fit.measured.referrals.get(service.name, 0.0), england.get(f"referrals.{service.name}"))
        for service in book.services.values()
        if service.is_staffed
    }
    fixed = ", ".join(f"{one.name.removeprefix(_PLACE)} by {one.target.name}" for one in fit.free)
    free = [need for need in NEEDS if all(one.name != _PLACE + need for one in fit.free)]
    parts = [
        _HEAD.format(place=place),
        _table(
            f"fitted.place_multiplier.{place}",
            multipliers,
            "ratio",
            "How much more often each need rises here than deprivation and people explain: unexplained.",
            note=f"Fixed: {fixed}. Not identified, left at 1: {', '.join(free)}.",
        ),
        _table(
            f"fitted.capacity.{place}",
            capacity,
            "ratio",
            "Posts here relative to England's for the same number of households, in proportion to referrals as now.",
            note="No council publishes posts by service in a form that was read; posts are assumed to follow demand.",
        ),
        _targets(fit),
    ]
    return write_text(path, "\n".join(parts))


def _capacity(here: float, england: float | None) -> float:
    if not england or not here:
        return 1.0
    return min(_MOST_CAPACITY, max(_LEAST_CAPACITY, here / england))


def _is_of(free: str, belief: str) -> bool:
    return free == belief or free.rpartition(".")[0] == belief


def _belief(name: str, book: Book, value: Value, free: list[Free]) -> str:
    """A belief that supersedes the stated one; what no target fixes is named."""
    stated = book[name]
    fixed = {
        part.removeprefix(name).lstrip(".") or "all": one.target.name
        for one in free
        for part in one.parts
        if _is_of(part, name)
    }
    by = ", ".join(f"{label} by {target}" for label, target in fixed.items())
    rest = ""
    if isinstance(value, Mapping) and "all" not in fixed:
        others = [label for label in value if label not in fixed]
        rest = f" Not identified: {', '.join(others)}." if others else ""
    width = max((math.log(one.target.high / one.target.low) / 2 for one in free), default=0.1)
    if isinstance(value, Mapping):
        low, high = math.exp(-width), math.exp(width)
    else:
        low, high = float(value) * math.exp(-width), float(value) * math.exp(width)
    spread = f'{{ shape = "lognormal", low = {low:.6g}, high = {high:.6g}, level = 0.9 }}'
    return _table(
        name, value, stated.unit, stated.meaning, spread, f"Fixed: {by}.{rest} Range: the target's tolerance."
    )


def _knots(part: str, book: Book, found: Mapping[str, Fitted], default: Fitted) -> str:
    """How one fitted value changes with the causal share, for every state that moves with it."""
    whole, state = (part, "") if part in book else (part.rpartition(".")[0], part.rpartition(".")[2])
    central = book[whole].central
    labels = [state] if state else [*central] if isinstance(central, Mapping) else [""]
    meaning = f"Ratio of the fitted {whole} at other causal shares to its default."
    tables = []
    for label in labels:
        name = f"fitted.by_share_causal.{whole}" + (f".{label}" if label else "")
        one = _number(default.values[whole], label)
        ratios = {knot: _number(fit.values[whole], label) / one if one else 1.0 for knot, fit in found.items()}
        tables.append(_table(name, ratios, "ratio", meaning))
    return "\n".join(tables)


def _number(value: Value, label: str) -> float:
    if isinstance(value, Mapping):
        return float(value[label])
    assert isinstance(value, float | int)
    return float(value)


def _misses(found: Mapping[str, Fitted]) -> str:
    """Which fitted targets each causal share leaves missed by more than a tenth: what cannot be hit together."""
    lines = ["# Fitted targets missed by more than a tenth at each causal share.", "[missed]"]
    for knot, fit in found.items():
        fitted = [target for target in fit.targets if target.use == "fit" and measurable(target.measure)]
        names = [t.name for t in fitted if abs(fit.measured.mean(t.measure) / t.value - 1.0) > 0.1]
        lines.append(f"{knot} = [{', '.join(f'{chr(34)}{name}{chr(34)}' for name in names)}]")
    return "\n".join(lines) + "\n"


def _table(name: str, value: Value, unit: str, meaning: str, spread: str = "", note: str = "") -> str:
    lines = [f"[{name}]", f"value = {_toml(value)}", f'unit = "{unit}"', f'meaning = "{meaning}"']
    lines += [f"uncertainty = {spread}"] if spread else []
    lines += ['source = "assumed"' if not spread else 'source = "demandsim_fit"', 'evidence = "calibrated"']
    lines += [f'role = "{"uncertainty" if spread else "constant"}"']
    lines += [f'note = "{note}"'] if note else []
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, str):
        return f'"{value}"'
    return f"{float(value):.6g}"


def _referrals(fit: Fitted) -> str:
    lines = [f"{name} = {_toml(rate)}" for name, rate in fit.measured.referrals.items()]
    return "# Referrals per household and year, as now.\n[referrals]\n" + "\n".join(lines) + "\n"


def _targets(fit: Fitted) -> str:
    """Target, model, difference: what was hit, what was missed, what is not measured."""
    blocks = []
    for target in fit.targets:
        lines = ["[[target]]", f'target = "{target.name}"', f'measure = "{target.measure}"', f'unit = "{target.unit}"']
        lines += [f"published = {_toml(target.value)}", f"low = {_toml(target.low)}", f"high = {_toml(target.high)}"]
        if measurable(target.measure):
            figure = fit.measured.mean(target.measure)
            error = fit.measured.standard_error(target.measure)
            lines += [f"model = {_toml(figure)}", f"standard_error = {_toml(error) if error == error else 'nan'}"]
            lines += [f"difference = {_toml(figure / target.value - 1.0)}"]
        lines += [f'use = "{target.use}"', f'identifies = "{target.identifies}"', f'evidence = "{target.evidence}"']
        lines += [f'source = "{target.source}"', f'note = "{_verdict(target, fit)}"']
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _verdict(target: Any, fit: Fitted) -> str:
    if not measurable(target.measure):
        return "not measured by this version"
    figure = fit.measured.mean(target.measure)
    if target.low <= figure <= target.high:
        return "met"
    tenth = abs(figure / target.value - 1.0) <= 0.1
    return "within a tenth" if tenth else "missed"
