"""Everyday contact and homes as inputs: streams, their posts, the web, and what is built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demandsim.contacts.channels import noticing_by_tenure
from demandsim.contacts.streams import Streams, build_streams
from demandsim.labels import AGE_BANDS, HOUSEHOLD_TYPES, TENURES
from demandsim.parameters.drawing import Draw
from demandsim.place import Place
from demandsim.place.step import MAX_ADULTS, MAX_CHILDREN, N_BANDS
from demandsim.place.tables import resident_mix
from demandsim.policy.timeline import Timeline
from demandsim.quantities import MONTHS_PER_YEAR

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Everyday:
    """What everyday contact and housing supply read.

    Attributes
    ----------
    streams : Streams
    digital : (months,) float64
        Share of human contact moved to the web.
    noticing : (months, 4) float64
        Hazard by tenure that a contact about something else brings an unknown need to notice.
    new_lettings : (months,) float64
        New homes let to homeless households, per household and month.
    """

    streams: Streams
    digital: Floats
    noticing: Floats
    new_lettings: Floats


def _by_age(place: Place) -> Floats:
    """Shares of households by age of the oldest adult, shape (6,)."""
    mix = place.figures("household_type.mix", HOUSEHOLD_TYPES)
    with_children = np.array([kind.endswith("_children") for kind in HOUSEHOLD_TYPES])
    weights = {"with": mix[with_children].sum(), "without": mix[~with_children].sum()}
    ages = {who: place.figures(f"age.{who}_children", AGE_BANDS) for who in weights}
    return np.asarray(sum(weight * ages[who] / ages[who].sum() for who, weight in weights.items()))


def _size(place: Place) -> float:
    """Persons in a household of the place, at the start."""
    mix = resident_mix(place).reshape(MAX_ADULTS, MAX_CHILDREN + 1, N_BANDS)
    adults, children = mix.sum(axis=(1, 2)), mix.sum(axis=(0, 2))
    return float(adults @ np.arange(1, MAX_ADULTS + 1) + children @ np.arange(MAX_CHILDREN + 1))


def build_everyday(draw: Draw, timeline: Timeline, place: Place) -> Everyday:
    """Build the inputs of everyday contact and housing supply."""
    streams = build_streams(
        draw.number_of,
        draw.numbers_of,
        timeline.numbers,
        draw.book.streams,
        stated=draw,
        place=place.fit_id,
        households_by_age=_by_age(place),
        household_size=_size(place),
        run_in=timeline.run_in,
    )
    digital = timeline.numbers("contacts.digital")
    months = range(timeline.run_in + timeline.n_months)
    homes = timeline.numbers("housing.new_homes") / (1_000.0 * MONTHS_PER_YEAR)
    return Everyday(
        streams=streams,
        digital=digital,
        noticing=np.array([noticing_by_tenure(streams, month, float(digital[month])) for month in months]).reshape(
            len(months), len(TENURES)
        ),
        new_lettings=homes * draw.number_of("housing.let_to_homeless"),
    )
