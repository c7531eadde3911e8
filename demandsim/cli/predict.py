"""The command about later years: bands from what was known at a date, beside naive forecasts and what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from demandsim.cli.showing import as_rich, console
from demandsim.cli.telling import STOPPED, say, told

if TYPE_CHECKING:
    from demandsim.report.prediction import PredictionCase
    from demandsim.study.prediction import Request

_CALIBRATED = "Predict with beliefs as the configs state them, for a place that was not calibrated."
_DEFAULT_DRAWS = 100


@told
def predict(
    place: Annotated[str, typer.Argument(help="Id of a place, or a place file.")],
    to: Annotated[str, typer.Option("--to", metavar="2020-03", help="Last month predicted, a March.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; runs are kept there.")],
    until: Annotated[
        str, typer.Option("--until", metavar="2015-03", help="Last month of which anything may be known, a March.")
    ] = "2015-03",
    draws: Annotated[int, typer.Option(help="Sets of beliefs.")] = _DEFAULT_DRAWS,
    households: Annotated[
        int | None, typer.Option(help="Households to simulate; the whole place if it is not too large.")
    ] = None,
    actuals: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="What happened: series, year, value and perhaps unit.")
    ] = None,
    score_known: Annotated[
        bool, typer.Option("--score-known", help="Score by the later official values that the configs hold.")
    ] = False,
    uncalibrated: Annotated[bool, typer.Option("--uncalibrated", help=_CALIBRATED)] = False,
    seed: Annotated[int, typer.Option(help="Number that all chance comes from.")] = 2016,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Also write an HTML page here.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes; all processors by default.")] = None,
) -> None:
    """Predict published figures from what was known at a date, and score that by what happened."""
    from demandsim.study.prediction import Request

    given = {"--draws": draws if draws != _DEFAULT_DRAWS else None, "--households": households}
    said = [f"{key} {value}" for key, value in given.items() if value is not None]
    said += ["--uncalibrated"] if uncalibrated else []
    said += [f"--seed {seed}"] if seed != Request.seed else []
    command = " ".join(["demandsim predict", place, f"--to {to}", f"--until {until}", *said, "--out DIR"])
    request = Request(place, to, until, draws, households, seed, not uncalibrated, command)
    case = _predict(request, out, actuals, score_known, workers)
    _show(case)
    if output is not None:
        from demandsim.report.prediction import write_prediction_page

        say(f"Written: {write_prediction_page(case, output)}")


def _predict(
    request: Request, out: Path, actuals: Path | None, score_known: bool, workers: int | None
) -> PredictionCase:
    """Run what is missing, write the files, and score."""
    from demandsim.report.prediction import judge
    from demandsim.study.folders import find_configs
    from demandsim.study.prediction import (
        plan_prediction,
        predict_place,
        read_actuals,
        write_prediction,
        write_record,
        write_template,
    )

    configs = find_configs()
    plan = plan_prediction(request, configs)
    try:
        prediction = predict_place(request, plan, configs, out, workers)
    except KeyboardInterrupt:
        say(f"Stopped. What was done is kept in {out}. The same command goes on from there.")
        raise typer.Exit(STOPPED) from None
    for path in (write_prediction(prediction, out), write_template(prediction, out)):
        say(f"Written: {path}")
    given = read_actuals(actuals, prediction) if actuals is not None else []
    case = judge(prediction, given, score_known)
    write_record(prediction, out, case.record())
    return case


def _show(case: PredictionCase) -> None:
    """Bands, scores, and what they come to, on the terminal."""
    from rich.markup import escape

    from demandsim.report.prediction import headline, overview, score_table, verdicts

    screen = console()
    screen.print(f"[bold]{escape(headline(case))}.[/bold]")
    screen.print(as_rich(overview(case.prediction)))
    table = score_table(case)
    if table is not None:
        screen.print(as_rich(table))
    for sentence in verdicts(case):
        screen.print(escape(sentence))
