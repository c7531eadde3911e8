"""Need beliefs as the one record that the need rule reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.contacts import build_contact_hazards
from demandsim.labels import AGE_BANDS, HOUSEHOLD_TYPES, N_NEEDS, N_STATES, NEEDS, STATES, TENURES
from demandsim.model.everyday_inputs import Everyday
from demandsim.needs.tables import MOVES, NEEDS_TABLE
from demandsim.parameters.drawing import Draw
from demandsim.place import Place
from demandsim.policy.timeline import Timeline
from demandsim.quantities import MONTHS_PER_YEAR, month_number
from demandsim.services.tables import Records

Floats = NDArray[np.float64]

#: The law that made relief come before the main duty.
ACT: Final = "homelessness_reduction_act"


def build_needs_table(
    draw: Draw, place: Place, shocks: Floats, residual_pence: NDArray[np.int64], everyday: Everyday, noticing: Floats
) -> Records:
    """Build the need tables of one world.

    Parameters
    ----------
    draw : Draw
    place : Place
        For its multipliers, which are calibrated and shown as unexplained.
    shocks : ndarray, shape (7, months)
    residual_pence : ndarray of int64, shape (7, 5)
        Residual cost of a state, pence a month.
    everyday : Everyday
        For what homes out of repair do, and new homes.
    noticing : ndarray, shape (months, 4)
        Hazard by tenure that an unknown need is noticed outside the front door.

    Returns
    -------
    (1,) NEEDS_TABLE record
    """
    table = np.zeros(1, NEEDS_TABLE)
    record = table[0]
    share_causal = draw.number_of("needs.share_causal")
    hazards = build_hazards(draw, place)
    for column, move in enumerate(MOVES):
        record[move][:] = hazards[:, : record[move].shape[1], column]
    for position, need in enumerate(NEEDS):
        name = f"needs.{need}"
        record["exit_to"][position] = np.arange(N_STATES)
        for origin, target in draw.book.needs[need].exit_to.items():
            record["exit_to"][position, STATES.index(origin)] = STATES.index(target)
        record["is_clock"][position] = [state in draw.book.needs[need].clock for state in STATES[:-1]]
        record["gradient"][position] = _row(draw, f"{name}.gradient", N_STATES - 1)
        record["frailty"][position] = _row(draw, f"{name}.frailty", N_STATES - 1)
        record["duration"][position] = draw.number_of(f"{name}.duration")
        record["relapse"][position] = draw.number_of(f"{name}.relapse")
        record["exposure"][position, :, :, :-1] = _exposure(draw, need)  # nobody in a vacant dwelling has a need
    record["relapse_window"] = draw.number_of("needs.relapse_window")
    record["recovery_exponent"] = draw.number_of("coupling.recovery_exponent")
    record["log_coupling"][:] = _log_coupling(draw, share_causal)
    acts = record["log_coupling"].any(axis=1) | np.eye(N_NEEDS, dtype=bool)
    record["touches"][:] = acts @ (1 << np.arange(N_NEEDS))
    record["shock_most"][:] = shocks.max(axis=1)
    record["contact"][:] = build_contact_hazards(draw.numbers_of)
    record["noticing_most"][:] = noticing.max(axis=0)
    record["rehousing_most"] = draw.number_of("housing.rehousing_most") if everyday.new_lettings.any() else 0.0
    record["disrepair"][:] = everyday.streams.disrepair_ratio
    record["touched_by_disrepair"] = (record["disrepair"] != 1.0) @ (1 << np.arange(N_NEEDS))
    record["excluded"][:] = [draw.numbers_of("contacts.digitally_excluded")[band] for band in AGE_BANDS]
    trust = draw.number_of("trust.at_start")
    record["trust_start"] = np.log(trust / (1.0 - trust))
    record["trust_spread"] = draw.number_of("trust.spread")
    record["contact_in_help"] = draw.number_of("front_door.open_case_detection")
    record["price"][:] = residual_pence
    record["frailty_sd"] = draw.number_of("needs.frailty_sd")
    return table


def build_hazards(draw: Draw, place: Place) -> Floats:
    """Hazards a month of each need, state and move (as in ``MOVES``), shape (7, 5, 4): no case open, frailty 1."""
    multiplier = place_multiplier(draw, place)
    hazards = np.zeros((N_NEEDS, N_STATES, len(MOVES)))
    for position, need in enumerate(NEEDS):
        name, scale = f"needs.{need}", multiplier[need]
        ratios = {"up": scale, "sudden": scale * _sudden_odds(draw, name), "down": 1.0, "exit": 1.0}
        for column, move in enumerate(MOVES):
            hazards[position, :, column] = _row(draw, f"{name}.{move}", N_STATES) * ratios[move]
    return hazards


def place_multiplier(draw: Draw, place: Place) -> Mapping[str, float]:
    """How much more often each need rises here than deprivation and people explain: as fitted, or as stated."""
    fitted = f"fitted.place_multiplier.{place.fit_id}"
    return draw.numbers_of(fitted) if fitted in draw else place.place_multiplier


def _row(draw: Draw, name: str, length: int) -> Floats:
    """A belief keyed by state as a row of states; states it leaves out have none."""
    row = np.zeros(length)
    if name not in draw:
        return row  # a need without exits states none
    for state, value in draw.numbers_of(name).items():
        row[STATES.index(state)] = value
    return row


def _sudden_odds(draw: Draw, name: str) -> float:
    """Odds of this draw's sudden share over the odds of its central value, at which the hazards are stated."""
    share = draw.number_of(f"{name}.sudden_share")
    central = draw.book[f"{name}.sudden_share"].central
    assert isinstance(central, float | int)
    if share == central:
        return 1.0
    return share / (1.0 - share) * (1.0 - central) / central


def _exposure(draw: Draw, need: str) -> Floats:
    """Ratio on the rise of a need by age band, tenure and household type; 0 where out of scope."""
    name = f"needs.{need}"
    age = np.array([draw.numbers_of(f"{name}.exposure_age")[band] for band in AGE_BANDS])
    tenure = np.array([draw.numbers_of(f"{name}.exposure_tenure")[kind] for kind in TENURES])
    people = np.array([draw.numbers_of(f"{name}.exposure_household")[kind] for kind in HOUSEHOLD_TYPES])
    if draw.book.needs[need].scope == "with_children":
        people = np.where([kind.endswith("_children") for kind in HOUSEHOLD_TYPES], people, 0.0)
    return np.asarray(age[:, None, None] * tenure[None, :, None] * people[None, None, :])


def _log_coupling(draw: Draw, share_causal: float) -> Floats:
    """Log ratio of each cause, at each of its states, on the rise of each effect: the causal part of an association."""
    table = np.zeros((N_NEEDS, N_STATES, N_NEEDS))
    emerging = draw.number_of("coupling.emerging_weight")
    weight = np.array([0.0, emerging, 1.0, 1.0, 1.0])
    for pair, association in draw.numbers_of("coupling.association").items():
        cause, effect = pair.split(".")
        ratio = max(1.0 + share_causal * (association - 1.0), 1e-6)
        table[NEEDS.index(cause), :, NEEDS.index(effect)] = weight * np.log(ratio)
    return table


def build_shocks(draw: Draw, timeline: Timeline) -> Floats:
    """Dated ratios on the rise of each need, shape (7, months of the run with its run-in)."""
    months = timeline.run_in + timeline.n_months
    shocks = np.ones((N_NEEDS, months))
    for name, shock in draw.book.shocks.items():
        begins = max(0, month_number(shock.from_) - timeline.first_month)
        ends = months if shock.until is None else max(0, month_number(shock.until) - timeline.first_month)
        strength = timeline.numbers(f"shocks.{name}.strength")[begins:ends]
        shocks[NEEDS.index(shock.need), begins:ends] *= draw.number_of(f"shocks.{name}.ratio") ** strength
    return shocks


def build_accepted(draw: Draw, timeline: Timeline) -> Floats:
    """Share of the households owed the main duty that the law counts as accepted, by year of the run proper.

    Since the Act of 2018 a duty to relieve comes first, and whoever it finds a home for is never accepted: the count
    falls though nobody's need has. It changes what is counted, and no life.
    """
    share = np.ones(timeline.n_months)
    begins = month_number(draw.book.shocks[ACT].from_) - timeline.first_month - timeline.run_in
    strength = timeline.numbers(f"shocks.{ACT}.strength")[timeline.run_in :]
    for since, name in ((begins, "accepted_in_first_year_of_act"), (begins + MONTHS_PER_YEAR, "accepted_under_act")):
        at = max(0, since)
        share[at:] = draw.number_of(f"conversion.{name}") ** strength[at:]
    return np.array([year.mean() for year in np.split(share, range(MONTHS_PER_YEAR, share.size, MONTHS_PER_YEAR))])
