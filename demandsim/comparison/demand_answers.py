"""The answer for a line that rests on less demand: what it needs, and what each policy gives, on whom.

Plain records; they hold figures and never work one out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from demandsim.labels import COUNCIL

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.share_of_runs import ShareOfRuns

#: On whom a saving or cost may fall, as a council tells purses apart.
PURSES: Final[dict[str, tuple[str, ...]]] = {
    "council": COUNCIL,
    "dwp": ("dwp",),
    "nhs": ("nhs",),
    "police_and_justice": ("police", "justice"),
    "others": ("treasury", "schools", "housing_associations", "voluntary_sector", "households"),
}


@dataclass(frozen=True)
class ServiceDemand:
    """One service line as now, in the year asked about: the council's cash that follows demand, and cases at a time.

    ``alone`` is the share by which it would have to fall if it had to yield the whole amount.
    """

    service: str
    cash: Estimate
    cases: Estimate
    alone: Estimate


@dataclass(frozen=True)
class Needed:
    """The fall that an amount needs.

    Attributes
    ----------
    amount : float
        GBP a year.
    demand_led : Estimate
        The council's cash as now that follows demand, in the line's services.
    spend : Estimate
        All of the council's cash as now in the line's services, posts included.
    share, share_of_spend : Estimate
        Amount over ``demand_led`` and over ``spend``; above 1 no fall is enough.
    cases, cases_fewer : Estimate
        Cases at a time in services whose spending follows demand, and how many fewer the share means.
    services : tuple of ServiceDemand
    """

    amount: float
    demand_led: Estimate
    spend: Estimate
    share: Estimate
    share_of_spend: Estimate
    cases: Estimate
    cases_fewer: Estimate
    services: tuple[ServiceDemand, ...]


@dataclass(frozen=True)
class Reached:
    """What one scenario gives, in the year asked about; amounts above nought are savings, below it are costs.

    Attributes
    ----------
    fall, fall_share : Estimate
        Of the council's cash that follows demand in the line's services: GBP, and as a share of it.
    fall_all_purses : Estimate
        The same fall, whoever pays.
    cases_share : Estimate
        Fall in cases in those services, as a share.
    council, everyone : Estimate
        Whole cash difference of the council and of all purses, in every service, the programme's cost included.
    by_purse : dict of purse to Estimate
        ``everyone`` taken apart: whose cash it is (`PURSES`).
    council_so_far : Estimate
        The council's from the first year to this.
    fall_with_posts : Estimate
        ``fall``, and the council's pay for posts in the line's services that fewer cases leave idle: the most that
        less demand could be worth if every such post were cut at once, which nothing in the model does.
    enough, enough_net, enough_with_posts : ShareOfRuns, optional
        Runs in which the fall, the council's whole saving, and the fall with posts is at least the amount; None
        without one.
    times_needed : float
        How many times as strong the mean fall would have to be; infinity where there is none.
    """

    scenario: str
    fall: Estimate
    fall_share: Estimate
    fall_all_purses: Estimate
    cases_share: Estimate
    council: Estimate
    everyone: Estimate
    by_purse: dict[str, Estimate]
    council_so_far: Estimate
    fall_with_posts: Estimate
    enough: ShareOfRuns | None
    enough_net: ShareOfRuns | None
    enough_with_posts: ShareOfRuns | None
    times_needed: float


@dataclass(frozen=True)
class DemandAnswer:
    """The answer for one line, in one year.

    Attributes
    ----------
    year : str
    demand_led : Estimate
        The council's cash as now that follows demand in the line's services, GBP a year.
    needed : Needed, optional
        None without an amount.
    reached : tuple of Reached
        What each scenario gives, best first: the largest mean fall, or where nothing follows demand the largest saving
        of all purses.
    """

    year: str
    demand_led: Estimate
    needed: Needed | None
    reached: tuple[Reached, ...]

    @property
    def best(self) -> Reached:
        """The scenario that gives most."""
        return self.reached[0]

    @property
    def is_all_posts(self) -> bool:
        """Whether nothing that the council spends on these services follows demand."""
        return not self.demand_led.mean > 0

    @property
    def is_reached(self) -> bool:
        """Whether a scenario's mean fall is enough, and the council's saving still is when everything is counted."""
        if self.needed is None:
            return False
        wanted = self.needed.amount
        return any(one.fall.mean >= wanted and one.council.mean >= wanted for one in self.reached)
