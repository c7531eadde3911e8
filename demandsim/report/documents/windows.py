"""Which figures a fit may use by when they end: exceptions, and what a fit that stops earlier does without."""

from __future__ import annotations

from collections.abc import Sequence

from demandsim.report import words
from demandsim.report.documents.figures import readable
from demandsim.report.documents.markdown import bullets, code, heading
from demandsim.report.documents.series import HISTORY_ENDS
from demandsim.study.targets import Target


def freeing(targets: Sequence[Target]) -> list[Target]:
    """Targets that fix a free parameter."""
    return [target for target in targets if target.use == "fit" and target.identifies]


def fixed_text(target: Target) -> str:
    """The free parameters that a target fixes."""
    return ", ".join(code(part) for part in target.identifies.split("+") if part)


def window_parts(targets: Sequence[Target], stopped: Sequence[Target]) -> list[str]:
    """What is fitted although it is late, and what changes where a fit stops in March 2015.

    Parameters
    ----------
    targets, stopped : sequence of Target
        The same targets, whole and as a fit that stops there may use them.
    """
    return [*_exceptions(targets), *_stop(targets, stopped)]


def _exceptions(targets: Sequence[Target]) -> list[str]:
    late = [
        f"{readable(target.name)}, to {target.window:%B %Y}: {target.exception}"
        for target in targets
        if target.exception
    ]
    return [heading("Later than the fit window", 3), bullets(late)] if late else []


def _stop(targets: Sequence[Target], stopped: Sequence[Target]) -> list[str]:
    held = [after for before, after in zip(targets, stopped, strict=True) if (before.use, after.use) == ("fit", "hold")]
    if not held:
        return []
    stand_ins = {one.instead_of: one for one in stopped if one.instead_of and one.use == "fit"}
    n_fit = sum(one.use == "fit" for one in stopped)
    text = (
        f"A calibration that stops in {HISTORY_ENDS:%B %Y} has {words.count_of(n_fit, 'target')} for "
        f"{words.count_of(len(freeing(stopped)), 'free parameter')}. What has no target "
        "then keeps its fitted value, which rests on the later figure, or its stated range. It does without:"
    )
    lines = [_without(one, stand_ins.get(one.name)) for one in held]
    return [heading(f"Stopping in {HISTORY_ENDS:%B %Y}", 3), text, bullets(lines)]


def _without(held: Target, stand_in: Target | None) -> str:
    """A figure that is held, and what takes its place."""
    if stand_in is not None:
        return f"{readable(held.name)}: {readable(stand_in.name)} takes its place"
    free = f", so {fixed_text(held)} has no target" if held.identifies else ""
    return f"{readable(held.name)}: no earlier figure was read{free}"
