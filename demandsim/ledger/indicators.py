"""What happened, in the units in which it is published.

Service counts are measured from cases, with their nesting; survey figures from states. Households become people by
stated conversions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import CRISIS, DOOR_EVENTS, ESTABLISHED, EVENTS, N_STATES, NEEDS, SPELLS
from demandsim.ledger.accounts import by_year
from demandsim.ledger.outcomes import OUTCOMES
from demandsim.ledger.record import PEOPLE, Record
from demandsim.parameters.vocabulary import CONTACT_KINDS
from demandsim.quantities import MONTHS_PER_YEAR, TICKS

Floats = NDArray[np.float64]


_EVENT: Final = {event: position for position, event in enumerate(EVENTS)}
_FIRST, _REPEATS, _COMPLAINTS = (CONTACT_KINDS.index(kind) for kind in ("first", "repeats", "complaints"))
_PER_1000: Final = 1_000.0
_PER_10000: Final = 10_000.0


class Indicators:
    """Yearly figures of one record.

    Parameters
    ----------
    record : Record
    services : sequence of str
        Names, in the record's order.
    counts_as : mapping of service to names
        Published counts that a service's cases feed.
    conversion : callable
        Persons for a name such as ``children_in_need`` or ``adults_per_affected.work``.
    quality_loss : ndarray, shape (7, 5)
        Loss of quality of life, per household and year in a state.
    accepted : ndarray, shape (years,)
        Share of the households that need the main duty that the law of the year counts as accepted.
    """

    def __init__(
        self,
        record: Record,
        services: Sequence[str],
        counts_as: Mapping[str, Sequence[str]],
        conversion: Callable[[str], float],
        quality_loss: Floats,
        accepted: Floats,
    ) -> None:
        self.record = record
        self.services = list(services)
        self.counts_as = counts_as
        self.conversion = conversion
        self.quality_loss = quality_loss
        self.accepted = accepted
        self.years = record.state_months.shape[0]
        self.states = record.state_months.sum(axis=1)
        self.yearly = by_year(record.activity, self.years)
        last = [min((year + 1) * MONTHS_PER_YEAR, record.activity.shape[0]) - 1 for year in range(self.years)]
        self.at_year_end = record.activity[last]
        self.length = np.array([len(range(year * MONTHS_PER_YEAR, last[year] + 1)) for year in range(self.years)])

    def of(self, name: str) -> Floats:
        """One outcome by year.

        Raises
        ------
        KeyError
            If no outcome has the name.
        """
        return np.asarray(getattr(self, f"_{name}")(), np.float64)

    def all(self) -> Floats:
        """Every outcome of ``OUTCOMES`` by year, shape (outcomes, years)."""
        return np.stack([self.of(outcome.name) for outcome in OUTCOMES])

    # -- helpers

    def _people(self, kind: str) -> Floats:
        return np.asarray(np.maximum(self.record.people[:, :, PEOPLE.index(kind)].sum(axis=1), 1), np.float64)

    def _per_year(self, counts: NDArray[np.int64]) -> Floats:
        """Counts of a year, raised to twelve months where the last year is short."""
        return np.asarray(counts * MONTHS_PER_YEAR / self.length)

    def _lines(self, published: str) -> list[int]:
        return [i for i, name in enumerate(self.services) if published in self.counts_as.get(name, ())]

    def _events(self, published: str, event: str) -> Floats:
        return self._per_year(self.yearly[:, self._lines(published), _EVENT[event]].sum(axis=1))

    def _open(self, published: str) -> Floats:
        return np.asarray(self.at_year_end[:, self._lines(published), _EVENT["open"]].sum(axis=1), np.float64)

    def _share(self, published: str, part: str, whole: str) -> Floats:
        """One event as a share of another that holds it."""
        return np.asarray(self._events(published, part) / np.maximum(self._events(published, whole), 1e-9))

    def _off_flow(self, left: str, moved: str) -> Floats:
        """Spells out of work that ended in time, of those begun that nobody moved away with before."""
        spells = dict(zip(SPELLS, self.record.spells.T, strict=True))
        followed = spells["begun"] - spells[moved]
        return np.asarray(np.minimum(spells[left] / np.maximum(followed, 1), 1.0))

    def _affected(self, need: str, state: int) -> Floats:
        """Mean number of adults with a need at a state or worse."""
        months = self.states[:, NEEDS.index(need), state:].sum(axis=1)
        return np.asarray(months / self.length * self.conversion(f"adults_per_affected.{need}"))

    def employment_deprived_by(self, decile_of_area: NDArray[np.int64], decile: int) -> Floats:
        """Share of working-age adults out of work in the areas of one deprivation decile, by year."""
        here = decile_of_area == decile
        months = self.record.state_months[:, here, NEEDS.index("work"), 1:].sum(axis=(1, 2))
        adults = self.record.people[:, here, PEOPLE.index("adults_of_working_age")].sum(axis=1)
        return np.asarray(months / self.length * self.conversion("adults_per_affected.work") / np.maximum(adults, 1))

    # -- outcomes, one method each, named after them

    def _crisis_months(self) -> Floats:
        return np.asarray(self.states[:, :, CRISIS].sum(axis=1))

    def _quality_of_life_lost(self) -> Floats:
        return np.asarray((self.states * self.quality_loss).sum(axis=(1, 2)) / MONTHS_PER_YEAR)

    def _unmet_months(self) -> Floats:
        return np.asarray(by_year(self.record.unmet, self.years).sum(axis=1))

    def _turned_away(self) -> Floats:
        return np.asarray(by_year(self.record.door, self.years)[:, DOOR_EVENTS.index("turned_away")])

    def _hand_offs(self) -> Floats:
        return np.asarray(by_year(self.record.door, self.years)[:, DOOR_EVENTS.index("hand_offs")])

    def _employment_deprived_share(self) -> Floats:
        return self._affected("work", 1) / self._people("adults_of_working_age")

    def _common_mental_disorder_share(self) -> Floats:
        return self._affected("mental_health", ESTABLISHED) / self._people("adults")

    def _over_indebted_share(self) -> Floats:
        return self._affected("money", ESTABLISHED) / self._people("adults")

    def _main_duty_acceptances(self) -> Floats:
        """Households that come to be owed the main duty, as far as the law of the year counts them as accepted."""
        owed = self._events("main_duty_acceptances", "admitted") * self.accepted
        return np.asarray(owed / self._people("households") * _PER_1000)

    def _temporary_accommodation_stock(self) -> Floats:
        return self._open("temporary_accommodation") / self._people("households") * _PER_1000

    def _per_child(self, cases: Floats, converter: str) -> Floats:
        return cases * self.conversion(converter) / self._people("children") * _PER_10000

    def _children_in_need_stock(self) -> Floats:
        return self._per_child(self._open("children_in_need"), "children_in_need")

    def _children_in_need_starts(self) -> Floats:
        return self._per_child(self._events("children_in_need_starts", "admitted"), "children_in_need")

    def _child_protection_plans_stock(self) -> Floats:
        return self._per_child(self._open("child_protection_plans"), "children_on_plan")

    def _looked_after_stock(self) -> Floats:
        return self._per_child(self._open("looked_after_children"), "children_looked_after")

    def _looked_after_starts(self) -> Floats:
        return self._per_child(self._events("looked_after_children", "admitted"), "children_looked_after")

    def _looked_after_exits(self) -> Floats:
        ended = sum(self._events("looked_after_children", event) for event in ("completed", "dropped_out", "left_area"))
        return self._per_child(np.asarray(ended), "children_looked_after")

    def _children_in_need_referrals(self) -> Floats:
        return self._per_child(self._events("social_care_referrals", "referral"), "children_in_need")

    def _re_referrals_share(self) -> Floats:
        return self._share("social_care_referrals", "re_referral", "referral")

    def _domestic_abuse_women_share(self) -> Floats:
        """Households abused at the year's start, or since: the year's mean stock and half its onsets both ways."""
        need = NEEDS.index("safety")
        stock = self.states[:, need, ESTABLISHED:N_STATES].sum(axis=1) / self.length
        in_year = stock + 0.5 * self._per_year(self.record.onsets[:, need])
        women = self.conversion("women_abused_per_affected") / self.conversion("women_per_household")
        return np.asarray(in_year / self._people("households") * women)

    def _police_domestic_abuse_calls(self) -> Floats:
        return self._events("police_incidents", "admitted") / self._people("households") * _PER_1000

    def _domestic_abuse_repeats_share(self) -> Floats:
        return self._share("police_incidents", "re_referral", "referral")

    def _long_term_social_care(self) -> Floats:
        """Adults helped at some time in the year: mean stock and half of those who start."""
        time = self.yearly[:, self._lines("long_term_care"), _EVENT["case_time"]].sum(axis=1)
        stock = time / TICKS / self.length
        in_year = stock + 0.5 * self._events("long_term_care", "admitted")
        return np.asarray(in_year * self.conversion("adults_in_care") / self._people("households") * _PER_1000)

    def _talking_therapies_entered(self) -> Floats:
        return self._events("therapy_courses_started", "admitted") / self._people("households") * _PER_1000

    def _talking_therapies_six_weeks_share(self) -> Floats:
        return self._share("therapy_courses_started", "waited_six_weeks", "admitted")

    def _talking_therapies_referrals(self) -> Floats:
        """Everybody to whom therapy is offered, taken up or not, as it is published."""
        offered = sum(self._events("therapy_courses_started", event) for event in ("referral", "declined"))
        return np.asarray(offered / self._people("households") * _PER_1000)

    def _talking_therapies_finished(self) -> Floats:
        return self._events("therapy_courses_started", "completed") / self._people("households") * _PER_1000

    def _talking_therapies_recovery_share(self) -> Floats:
        return self._share("therapy_courses_started", "recovered", "completed")

    def _jobseeker_off_flow_26_weeks(self) -> Floats:
        return self._off_flow("left_in_26_weeks", "moved_in_26_weeks")

    def _jobseeker_off_flow_52_weeks(self) -> Floats:
        return self._off_flow("left_in_52_weeks", "moved_in_52_weeks")

    def _common_mental_disorder_treated_share(self) -> Floats:
        return np.asarray(self.record.known[:, 1] / np.maximum(self.record.known[:, 0], 1))

    def _asked_twice(self) -> Floats:
        return np.asarray(by_year(self.record.door, self.years)[:, DOOR_EVENTS.index("asked_twice")])

    def _mean_trust(self) -> Floats:
        return self.record.trust

    def _homes_in_disrepair(self) -> Floats:
        homes = by_year(self.record.disrepair, self.years) / self.length
        return np.asarray(homes / self._people("households") * _PER_1000)

    def _failure_demand_share(self) -> Floats:
        """Contacts of all streams that would not have been, had the first been settled."""
        kinds = by_year(self.record.contacts, self.years).sum(axis=1)
        again = kinds[:, _REPEATS] + kinds[:, _COMPLAINTS]
        return np.asarray(again / np.maximum(kinds[:, _FIRST] + again, 1e-9))

    def _homeless_three_or_more_needs_share(self) -> Floats:
        return np.asarray(self.record.known[:, 3] / np.maximum(self.record.known[:, 2], 1))
