"""The household columns: the truth of a world. Agents are faces on their rows.

One record a household, so that whatever happens to it touches one stretch of memory; beside it the few columns
that the monthly screen streams through. Each field has one owner, the room that writes it:

======================  ========================================  =========
fields                  meaning                                   owner
======================  ========================================  =========
area … is_excluded      who lives where                           place
state, since, relapsed  severity of each need, since when         needs
out_since               when a spell out of work began            needs
recognised, referred    needs known (bits), last referral         services
put_off                 when it was last turned away              services
helped, head            needs in help (bits), first case          services
trust                   log odds of trust, in thousandths         services
in_disrepair            whether a repair is not done              contacts
pence, waited           cash in pence·ticks, wait in ticks        the ledger's inputs, posted where they arise
history                 digest of all that happened               every room, by mixing
low, high, stale        screen bounds, and whether outdated       model
======================  ========================================  =========
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import DOOR_EVENTS, EVENTS, N_NEEDS, N_STATES, SPELLS, TENURES
from demandsim.services.tables import COUNTED_AGAIN, Records, build_cases

HOUSEHOLD: Final = np.dtype(
    [
        ("pence", "i8"),
        ("history", "u8"),
        ("log_frailty", "f4"),
        ("deprivation", "f4"),
        ("head", "i4"),
        ("waited", "i4"),
        ("trust", "i4"),  # log odds in thousandths: whole steps, so that their order does not matter
        ("area", "u2"),
        ("occupant", "u2"),
        ("since", "i2", (N_NEEDS,)),
        ("out_since", "i2"),  # month in which the present spell out of work began, if it began here
        ("referred", "i2", (len(COUNTED_AGAIN),)),  # month of the last referral of each kind whose returns are counted
        ("put_off", "i2"),  # month in which it was last turned away
        ("state", "u1", (N_NEEDS,)),
        ("tenure", "u1"),
        ("household_type", "u1"),
        ("adults", "u1"),
        ("children", "u1"),
        ("age_band", "u1"),
        ("relapsed", "u1"),
        ("recognised", "u1"),
        ("helped", "u1"),
        ("in_disrepair", "u1"),
        ("is_excluded", "u1"),
    ],
    align=True,
)

#: This month's values of everything dated that is not a service's own.
NOW: Final = np.dtype(
    [
        ("month", "i8"),  # since the start; negative in the run-in
        ("k0", "u4"),  # key of chance: seed
        ("k1", "u4"),  # key of chance: luck index
        ("detection", "f8"),  # probability that another need is noticed at a contact
        ("arrival", "f8"),  # probability that a referral to another door arrives
        ("take_up_frailty", "f8"),  # log odds of take-up per unit of log frailty
        ("trust_take_up", "f8"),  # log odds of take-up from no trust to full
        ("trust_contact", "f8"),  # log ratio of contact from no trust to full
        ("trust_disclosure", "f8"),  # log odds of another need being told, from no trust to full
        ("trust_usual", "f8"),  # trust at which none of these moves anything
        ("trust_helped", "i8"),  # steps of trust, in thousandths of log odds: help given to its end
        ("trust_turned_away", "i8"),
        ("trust_waited", "i8"),  # a month on a list
        ("trust_asked_twice", "i8"),
        ("put_off", "f8"),  # ratio on the contact of a household that was turned away
        ("put_off_months", "i8"),  # for how long
        ("asked_twice", "f8"),  # probability that a hand-off means telling it all again
        ("arrival_joined", "f8"),  # probability of arriving where one worker looks after all needs
        ("asked_twice_joined", "f8"),  # and of having to tell it all again
        ("discretion", "f8"),  # share of decisions settled at the front line
        ("manager_wait", "f8"),  # mean months that the others wait for a manager
        ("noticing", "f8", (len(TENURES),)),  # hazard that an unknown need is noticed, outside the front door
        ("reach", "f8"),  # ratio on the contact of those who cannot use the web
        ("rehousing", "f8"),  # hazard that a homeless household is let a new home
        ("shock", "f8", (N_NEEDS,)),  # ratio on the rise of each need
        ("answers", "u8", (N_NEEDS, N_STATES)),  # bits of the lines open to a need in a state
        ("automatic", "u8"),  # bits of the lines that a state itself triggers
    ],
    align=True,
)

#: Running counts of a world.
COUNTS: Final = np.dtype(
    [
        ("households", "i8", (N_NEEDS, N_STATES)),  # by need and state, at this moment
        ("unmet", "i8", (N_NEEDS,)),  # at established or worse without an open case, at this moment
        ("door", "i8", (len(DOOR_EVENTS),)),  # front-door events of the month
        ("exported", "i8", (N_NEEDS, N_STATES)),  # households that left, by need and state
        ("spells", "i8", (len(SPELLS),)),  # spells out of work of this year, see `labels.SPELLS`
        ("onsets", "i8", (N_NEEDS,)),  # times a household rose to established or worse from below, this year
        ("left_pence", "i8"),  # pence·ticks posted to households that have left
        ("year_began", "i8"),  # month up to which time in state is posted for everybody
        ("unused", "i8"),  # cases on the free stack
        ("top", "i8"),  # cases ever used
    ],
    align=True,
)


class World(NamedTuple):
    """All that changes in one world.

    Attributes
    ----------
    households : (n,) HOUSEHOLD
    low : (8, n) uint16
        Highest upper half-word of a draw at which a need may worsen, or (last) contact may be made.
    high : (7, n) uint16
        The same for improving, of the complement of the draw.
    occupant : (n,) uint16
        Copy of the household's occupant for the screen.
    repair : (n,) uint8
        Tenure of the dwelling, plus 4 while a repair is not done: what the pass over repairs streams through.
    stale : (n,) uint16
        Bits of what has changed since the last screen: bounds of needs 0 to 6 and of contact, history.
    counts : (1,) COUNTS
    activity : (areas, lines, events) int64
        Of the current month.
    state_months : (areas, 7, 5) int64
        Household-months posted since the last flush.
    """

    households: Records
    low: NDArray[np.uint16]
    high: NDArray[np.uint16]
    occupant: NDArray[np.uint16]
    repair: NDArray[np.uint8]
    stale: NDArray[np.uint16]
    counts: Records
    activity: NDArray[np.int64]
    state_months: NDArray[np.int64]


def build_world(households: int, areas: int, lines: int) -> tuple[World, Records]:
    """Build an empty world and its pool of cases."""
    people = np.zeros(households, HOUSEHOLD)
    people["head"] = -1
    cases = build_cases(households // 2 + 1024)
    counts = np.zeros(1, COUNTS)
    counts["unused"] = cases.size
    world = World(
        households=people,
        low=np.zeros((N_NEEDS + 1, households), np.uint16),
        high=np.zeros((N_NEEDS, households), np.uint16),
        occupant=np.zeros(households, np.uint16),
        repair=np.zeros(households, np.uint8),
        stale=np.full(households, 255, np.uint16),
        counts=counts,
        activity=np.zeros((areas, lines, len(EVENTS)), np.int64),
        state_months=np.zeros((areas, N_NEEDS, N_STATES), np.int64),
    )
    return world, cases


def copy_world(world: World) -> World:
    """Copy every column of a world."""
    copies: dict[str, NDArray[Any]] = {name: getattr(world, name).copy() for name in World._fields}
    return World(**copies)


def bytes_per_household() -> int:
    """Bytes of columns that one household takes, cases apart."""
    world, _ = build_world(1, 1, 1)
    columns = (world.households, world.low, world.high, world.occupant, world.repair, world.stale)
    return sum(int(array.nbytes) for array in columns)
