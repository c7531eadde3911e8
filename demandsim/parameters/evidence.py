"""Whether anybody was compared with: the first question about what a service is said to do.

Takes effects as their studies describe them; gives a yes or no, and the words that go with a no. Never weighs a study:
its interval, design and grade are told beside this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from demandsim.parameters.descriptors import Effect

#: Comparators that are nobody.
_NOBODY: Final = ("", "none")
#: Designs without a control group of their own, and what to say of them.
_UNCONTROLLED: Final = {
    "before and after": (
        "its study counted before and after, and had no control group. People are helped when things are worst, so "
        "part of any change would have come without help."
    ),
    "comparison across studies": (
        "its evidence has no control group of its own. Those helped were set beside untreated people of other studies, "
        "who may differ from them."
    ),
    "assumption": "its evidence has no control group: no controlled study was found, so what it does is assumed.",
}
_OTHERWISE: Final = "its evidence has no control group: nobody who went without was compared."


def has_control_group(effect: Effect) -> bool:
    """Whether the study behind an effect compared those helped with others of its own who were not, or otherwise."""
    return effect.comparator.strip().lower() not in _NOBODY and effect.design not in _UNCONTROLLED


def caution(effect: Effect) -> str:
    """What must be said wherever an effect is told; empty where its study had a control group.

    Returns
    -------
    str
        A clause that ends in a full stop, to stand after a name and a colon.
    """
    return "" if has_control_group(effect) else _UNCONTROLLED.get(effect.design, _OTHERWISE)


def effects_of(effects: Mapping[str, Effect], service: str) -> tuple[Effect, ...]:
    """The effects claimed for a service, in the order stated."""
    return tuple(effect for effect in effects.values() if effect.service == service)


def service_cautions(effects: Mapping[str, Effect], service: str) -> tuple[str, ...]:
    """What must be said wherever a service is described: one clause for each kind of missing control group."""
    said = (caution(effect) for effect in effects_of(effects, service))
    return tuple(dict.fromkeys(clause for clause in said if clause))


def control_group_answer(effects: Mapping[str, Effect], service: str) -> str:
    """``yes``, ``no`` or ``in part``: whether the studies behind a service had a control group.

    Returns
    -------
    str
        ``no effect claimed`` where nothing is said to follow from it.
    """
    answers = {has_control_group(effect) for effect in effects_of(effects, service)}
    if not answers:
        return "no effect claimed"
    return "in part" if len(answers) > 1 else ("yes" if True in answers else "no")
