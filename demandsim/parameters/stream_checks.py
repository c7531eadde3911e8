"""Faults of streams of contact that no single belief shows.

Takes everything gathered; adds faults. Never changes what it checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from demandsim.labels import NEEDS, STATES
from demandsim.parameters.belief import Belief, Value
from demandsim.parameters.descriptors import Stream
from demandsim.parameters.gathering import Gathered
from demandsim.parameters.reading import did_you_mean
from demandsim.parameters.vocabulary import STREAM_LABELS, STREAM_LEVERS, STREAM_OPTIONAL_LEVERS

_TOLERANCE: Final = 1e-6
#: Beliefs by place hold one for any place that is not named.
ANYWHERE: Final = "england"
BY_PLACE: Final = ("scale", "night_time")
#: Beliefs about household waste that hold one for any place.
WASTE_BY_PLACE: Final = ("waste.arising", "waste.recycled")
#: What at most one stream does, as a descriptor, and how to say that two do.
_ONCE: Final = {"mends_homes": "homes are mended by", "takes_waste": "household waste is taken by"}


def check_streams(found: Gathered) -> None:
    """Labels, levers and shares of every stream, and that at most one mends homes or takes waste."""
    streams = [stream for stream in found.described["streams"].values() if isinstance(stream, Stream)]
    for stream in streams:
        for key in (*STREAM_LEVERS, *STREAM_OPTIONAL_LEVERS):
            _check_lever(found, f"{stream.path}.{key}")
        for key, labels in STREAM_LABELS.items():
            _check_labels(found, f"{stream.path}.{key}", labels)
        for key in BY_PLACE:
            _check_place(found, f"{stream.path}.{key}")
        _check_mix(found, f"{stream.path}.channels")
        _check_needs(found, f"{stream.path}.by_need")
        if f"{stream.path}.night_growth" in found.files and f"{stream.path}.night_time" not in found.files:
            where = found.where(f"{stream.path}.night_growth")
            found.faults.add(where, "there is no night_time to grow.", f"Add [{stream.path}.night_time], or remove it.")
        if f"{stream.path}.price" in found.files and f"{stream.path}.income" not in found.files:
            where = found.where(f"{stream.path}.price")
            found.faults.add(where, "there is no income to price.", f"Add [{stream.path}.income], or remove it.")
        if bool(stream.figures_of) != (f"{stream.path}.scale" in found.files):
            what = "one of `figures_of` and `scale` is stated without the other."
            found.faults.add(
                found.where(stream.path), what, "Say whose figures these are, and how large it is elsewhere."
            )
    for name in WASTE_BY_PLACE:
        _check_place(found, name)
    for key, verb in _ONCE.items():
        doing = [stream.path for stream in streams if getattr(stream, key)]
        if len(doing) > 1:
            what = f"{verb} {' and '.join(f'`{path}`' for path in doing)}."
            found.faults.add(f"{found.where(doing[-1])}, `{key}`", what, "Let one stream do it.")


def _values(found: Gathered, name: str) -> Iterator[tuple[Belief, Value]]:
    belief = found.beliefs.get(name)
    for _, value in belief.dated if belief else ():
        assert belief is not None
        yield belief, value


def _check_lever(found: Gathered, name: str) -> None:
    belief = found.beliefs.get(name)
    if belief is not None and belief.role != "lever":
        remedy = 'Set role = "lever": scenarios move it.'
        found.faults.add(f"{found.where(name)}, `role`", f"is `{belief.role}`.", remedy)


def _check_labels(found: Gathered, name: str, labels: tuple[str, ...]) -> None:
    for _, value in _values(found, name):
        given = tuple(value) if isinstance(value, Mapping) else ()
        if missing := [label for label in labels if label not in given]:
            found.faults.add(
                f"{found.where(name)}, `value`", f"has no {', '.join(missing)}.", "Give every label a value."
            )
        for label in given:
            if label not in labels:
                remedy = did_you_mean(label, labels) or f"Labels: {', '.join(labels)}."
                found.faults.add(f"{found.where(name)}, `value`", f"`{label}` is not a label here.", remedy)


def _check_place(found: Gathered, name: str) -> None:
    for _, value in _values(found, name):
        if not isinstance(value, Mapping) or ANYWHERE not in value:
            remedy = f"Write value = {{ {ANYWHERE} = …, hackney = … }}."
            found.faults.add(f"{found.where(name)}, `value`", f"has no {ANYWHERE}, for places not named.", remedy)


def _check_mix(found: Gathered, name: str) -> None:
    for belief, value in _values(found, name):
        if belief.role != "constant":
            what, remedy = "shares by channel cannot be drawn or moved: they sum to 1.", 'Set role = "constant".'
            found.faults.add(f"{found.where(name)}, `role`", what, remedy)
        total = sum(value.values()) if isinstance(value, Mapping) else 0.0
        if abs(total - 1.0) > _TOLERANCE:
            what = f"the shares sum to {total:g}."
            found.faults.add(f"{found.where(name)}, `value`", what, "Shares by channel sum to 1.")


def _check_needs(found: Gathered, name: str) -> None:
    for _, value in _values(found, name):
        for label in value if isinstance(value, Mapping) else ("",):
            need, _, state = label.partition(".")
            if need not in NEEDS or state not in STATES:
                remedy = f"Needs: {', '.join(NEEDS)}. States: {', '.join(STATES)}."
                found.faults.add(f"{found.where(name)}, `value`", f"`{label}` is not need.state.", remedy)
