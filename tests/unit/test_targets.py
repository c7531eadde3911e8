"""Targets: the window of a fit, its exceptions, and what takes part where a fit stops earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from demandsim.errors import ConfigError
from demandsim.report.documents.fit import fit_page, read_fits
from demandsim.study.targets import FIT_WINDOW_ENDS, Target, load_targets

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
PLACES = sorted(path.stem for path in (CONFIGS / "targets").glob("*.toml"))
BOROUGHS = [place for place in PLACES if place != "england"]
MARCH_2015 = date(2015, 3, 31)

LATER = {"window": "2016-03-31", "use": "fit", "identifies": "needs.housing.exit.crisis"}
EARLIER = {"window": "2015-03-31", "use": "check", "instead_of": "later"}
EARLIEST = {**EARLIER, "window": "2014-03-31"}


def _file(tmp_path: Path, **targets: dict[str, str]) -> Path:
    """A file of targets, each stated by what differs from the others."""
    path = tmp_path / "here.toml"
    text = ""
    for name, entry in targets.items():
        whole = {"measure": "temporary_accommodation_stock", "unit": "per 1,000 households", "source": "x", **entry}
        lines = [f"{key} = {value}" if key == "window" else f'{key} = "{value}"' for key, value in whole.items()]
        text += "\n".join([f"[targets.{name}]", "value = 3", "low = 2.7", "high = 3.3", *lines]) + "\n"
    path.write_text(text)
    return path


def _named(targets: list[Target]) -> dict[str, Target]:
    return {target.name: target for target in targets}


def _told(path: Path) -> str:
    with pytest.raises(ConfigError) as told:
        load_targets(path)
    return str(told.value)


def test_a_later_figure_is_not_fitted_without_a_reason(tmp_path: Path) -> None:
    late = {**LATER, "window": "2016-04-01"}
    assert "targets.later, `window`: is 2016-04-01, after the fit window" in _told(_file(tmp_path, later=late))
    (target,) = load_targets(_file(tmp_path, later={**late, "exception": "Nothing earlier was read."}))
    assert target.exception == "Nothing earlier was read."
    for use in ("check", "hold"):
        assert load_targets(_file(tmp_path, later={**late, "use": use}))[0].use == use


def test_a_reason_that_nothing_needs_is_a_fault(tmp_path: Path) -> None:
    assert "`exception`: is not needed" in _told(_file(tmp_path, later={**LATER, "exception": "Why not."}))


def test_a_fit_that_stops_holds_what_is_later(tmp_path: Path) -> None:
    path = _file(tmp_path, later=LATER, late_check={**EARLIER, "window": "2017-03-31", "instead_of": ""})
    assert [target.use for target in load_targets(path)] == ["fit", "check"]
    assert [target.use for target in load_targets(path, MARCH_2015)] == ["hold", "check"]
    assert [target.use for target in load_targets(path, FIT_WINDOW_ENDS)] == ["fit", "check"]


def test_the_latest_stand_in_takes_over_what_is_fixed(tmp_path: Path) -> None:
    path = _file(tmp_path, later=LATER, earliest=EARLIEST, earlier=EARLIER)
    whole = _named(load_targets(path))
    assert (whole["earlier"].use, whole["earlier"].identifies) == ("check", "")
    stopped = _named(load_targets(path, MARCH_2015))
    assert (stopped["earlier"].use, stopped["earlier"].identifies) == ("fit", "needs.housing.exit.crisis")
    assert (stopped["later"].use, stopped["earliest"].use) == ("hold", "check")
    before = _named(load_targets(path, date(2014, 12, 31)))
    assert (before["earliest"].use, before["earlier"].use) == ("fit", "check")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"instead_of": "latr"}, "there is no other target `latr`. Did you mean `later`?"),
        ({"instead_of": "earlier"}, "there is no other target `earlier`"),
        ({"measure": "main_duty_acceptances"}, "not main_duty_acceptances"),
        ({"window": "2016-03-31"}, "later is not a later target to fit"),
        ({"use": "fit"}, "only checked while later is fitted"),
        ({"identifies": "needs.frailty_sd"}, "only checked while later is fitted"),
    ],
)
def test_a_stand_in_is_an_earlier_check_of_the_same_measure(
    entry: dict[str, str], message: str, tmp_path: Path
) -> None:
    assert message in _told(_file(tmp_path, later=LATER, earlier={**EARLIER, **entry}))


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    late = {**LATER, "window": "2017-01-01"}
    path = _file(tmp_path, later=late, other=late, earlier={**EARLIER, "instead_of": "nobody"})
    with pytest.raises(ConfigError) as told:
        load_targets(path)
    assert len(told.value.faults) == 3


@pytest.mark.parametrize("place", PLACES)
def test_shipped_targets_keep_to_the_window(place: str) -> None:
    path = CONFIGS / "targets" / f"{place}.toml"
    late = [target for target in load_targets(path) if target.use == "fit" and target.window > FIT_WINDOW_ENDS]
    assert [target.measure for target in late] == ([] if place == "england" else ["main_duty_acceptances"])
    stopped = load_targets(path, MARCH_2015)
    assert max(target.window for target in stopped if target.use == "fit") <= MARCH_2015


def test_england_stopped_in_march_2015_is_fitted_to_the_levels_of_2014() -> None:
    stopped = _named(load_targets(CONFIGS / "targets" / "england.toml", MARCH_2015))
    assert stopped["main_duty_acceptances_2015"].identifies == stopped["main_duty_acceptances"].identifies
    assert stopped["temporary_accommodation_2015"].identifies == "needs.housing.exit.crisis"
    assert stopped["looked_after"].use == stopped["children_in_need"].use == "fit"
    fixed = [part for target in stopped.values() if target.use == "fit" and target.identifies
             for part in target.identifies.split("+")]  # fmt: skip
    assert len(fixed) == len(set(fixed))


@pytest.mark.parametrize("place", BOROUGHS)
def test_boroughs_keep_their_looked_after_target_where_a_fit_stops(place: str) -> None:
    stopped = load_targets(CONFIGS / "targets" / f"{place}.toml", MARCH_2015)
    assert [target.name for target in stopped if target.use == "fit"] == ["looked_after"]


def test_the_fit_page_tells_windows_exceptions_and_what_a_stop_costs() -> None:
    fits = read_fits(CONFIGS)
    text = fit_page(fits, {})
    assert "Later than the fit window" in text
    assert "main duty acceptances: main duty acceptances 2015 takes its place" in text
    assert "so `needs.work.up.none` has no target" in text
    assert {"dfe_ssda903_series", "nhs_digital_iapt_2019", "census_2001", "apms_2014"} <= set(fits[0].sources)
    unfitted = fit_page([replace(fit, rows=()) for fit in fits], {})
    assert f"Not compared with the model so far: {len(fits[0].targets)}" in unfitted
    assert "not compared yet" in unfitted


def test_a_row_of_an_older_target_is_not_shown_as_its_comparison() -> None:
    fit = read_fits(CONFIGS)[0]
    target = next(target for target in fit.targets if target.name == "looked_after")
    assert fit.row_of(target) is not None
    assert fit.row_of(target.model_copy(update={"value": target.value + 1})) is None
