"""The commands about what help does: studies run again, and the worst-off looked at a second time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from demandsim.cli.telling import say, told


@told
def look_again(
    place: Annotated[str, typer.Argument(help="Id of a place.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Also write an HTML page here.")] = None,
    households: Annotated[int | None, typer.Option(help="Households to simulate; as many as the place has.")] = None,
    lucks: Annotated[int, typer.Option(help="Runs of luck.")] = 12,
    workers: Annotated[int | None, typer.Option(help="Processes; as many as there are processors.")] = None,
) -> None:
    """Choose the worst-off families, do nothing, and look again a year later: what seems saved, and what is."""
    from demandsim.report.regression import looked_lines, write_looked
    from demandsim.study.folders import find_configs
    from demandsim.study.replay.regression import LookPlan
    from demandsim.study.replay.regression import look_again as look

    found = look(place, find_configs(), LookPlan(households=households, lucks=lucks, workers=workers))
    for line in looked_lines(found):
        print(line)
    if output is not None:
        say(f"Written: {write_looked(found, output)}")


def fit_effects_here(
    output: Path | None = None,
    households: int | None = None,
    lucks: int | None = None,
    people: int | None = None,
    workers: int | None = None,
) -> None:
    """Replay every study, write the fitted effects, and the page where one is asked for: what ``fit effects`` does."""
    from demandsim.study.books import ENGLAND, load_book
    from demandsim.study.folders import find_configs
    from demandsim.study.replay import ReplayPlan, fit_effects

    usual = ReplayPlan()
    plan = ReplayPlan(
        households=usual.households if households is None else households,
        people=usual.people if people is None else people,
        lucks=usual.lucks if lucks is None else lucks,
        workers=workers,
    )
    configs = find_configs()
    print(f"Written: {fit_effects(configs, plan, say)}")
    if output is not None:
        from demandsim.report.replays import write_replays

        say(f"Written: {write_replays(load_book(configs, ENGLAND, calibrated=False), output)}")
