"""What referral, waiting and help read and write, as records of fixed layout.

Kernels pass records by pointer, so a call costs nothing however many fields there are.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import N_NEEDS, N_STATES

Records = NDArray[np.void]

#: What a case is doing.
FREE, WAITING, OPEN, ENDED = 0, 1, 2, 3

#: Which place a case takes up: one of those in post, one on overtime, one that is bought.
IN_POST, OVERTIME, SPOT = 0, 1, 2

#: How a service takes cases in.
UNLIMITED, DUTY, LIMITED = 0, 1, 2

#: Whom a limited service takes next; the last is what pay by results makes of a list, and no council chooses it.
FIRST_COME, WORST_FIRST, EASIEST_FIRST, NEAREST_CRISIS, BEST_PAID = 0, 1, 2, 3, 4
QUEUE_RULES: Final = ("first_come", "worst_first", "easiest_first", "nearest_crisis")

#: Whom a service is for.
SCOPES: Final = ("everyone", "with_children", "working_age", "aged_65_over", "under_25", "aged_25_64")

#: Published counts of referrals of which those within a year of another are counted too.
COUNTED_AGAIN: Final = ("social_care_referrals", "police_incidents")

#: Most cases one household can open in one month: one for each service line.
MOST_LINES: Final = 64

_LINE_FIELDS: list[tuple[Any, ...]] = [
    # what a lever may move: this month's values, written by the service agent
    ("opens_at", "i8"),
    ("closes_above", "i8"),
    ("slots", "i8"),  # cases that can be open at once
    ("p_referred", "f8"),
    ("below", "f8"),  # share of households one state below the threshold that are let in
    ("p_eligible", "f8"),
    ("take_up", "f8"),
    # what stays
    ("code", "i8"),  # address of the line's draws
    ("intake", "i8"),  # unlimited, duty or limited
    ("rule", "i8"),  # who is next
    ("scope", "i8"),  # who is eligible
    ("min_needs", "i8"),  # needs at established or worse required
    ("is_universal", "u1"),  # open to everybody: to be sent there is to be under every threshold
    ("automatic", "u1"),  # triggered by the state itself
    ("joins_up", "u1"),  # one worker for all needs of a household: others are handed over in person
    ("counts_again", "u1"),  # 0, or 1 + the kind of referral whose returns within a year are counted
    ("until_state_ends", "u1"),  # lasts as long as the state does
    ("instead", "u8"),  # bits of the lines of whose help a household has one: itself, and the same help at other ages
    ("needs_served", "i8"),  # bits of the needs answered
    ("needs_helped", "i8"),  # bits of the needs that an open case counts as help for
    ("has_effect", "u1", (N_NEEDS,)),  # needs on which any hazard ratio differs from one
    ("raises", "u2"),  # bits of the needs on which a case may raise some hazard
    ("length", "f8"),  # mean months of help
    ("patience", "f8"),  # mean months waited before giving up
    ("overtime", "f8"),  # cases that staff in post can hold beyond their places, as a share of these; duties only
    ("drop_out", "f8"),  # hazard a month of leaving help
    ("worth", "f8", (N_STATES,)),  # expected pay for a case begun in each state, where a provider is paid by results
    ("usual_worth", "f8"),  # mean of the same over those who come
    ("follows_pay", "f8"),  # share of cases that are taken in the order of their worth
    ("effort", "f8", (N_STATES,)),  # ratio on fidelity by state: where the provider's effort goes
    ("lag", "f8"),  # months before the effect starts
    ("fade", "f8"),  # months over which it fades after the case
    ("detection", "f8"),  # hazard a month that another need of a household in help is noticed
    ("most_fidelity", "f8"),  # largest fidelity of the run times largest effort, for the screen
    ("price_time", "i8"),  # pence a case-month, if bought
    ("price_case", "i8"),  # pence a case, if bought
    ("price_overtime", "i8"),  # pence a case-month held on overtime
    ("price_spot", "i8"),  # pence a case-month beyond capacity and overtime
    ("fidelity", "f8"),  # share of the log ratio that is delivered
    ("log_ratio", "f8", (N_NEEDS, N_STATES, 4)),  # of need, state, move at full effect; last, since few reads want it
]

#: One record a service line, in order of code.
LINE: Final = np.dtype(_LINE_FIELDS, align=True)

#: One record a case, waiting, open or fading; ``next_case`` chains the cases of one household, ``free`` is a
#: stack of unused records. Times are months since the start.
CASE: Final = np.dtype(
    [
        ("arrival", "f8"),
        ("start", "f8"),
        ("end", "f8"),
        ("gives_up", "f8"),
        ("duration", "f8"),
        ("row", "i4"),
        ("next_case", "i4"),
        ("free", "i4"),
        ("tie", "u4"),
        ("line", "u1"),
        ("need", "u1"),
        ("status", "u1"),
        ("place", "u1"),  # in post, on overtime or bought
        ("will_drop", "u1"),
    ],
    align=True,
)


def build_cases(capacity: int) -> Records:
    """Build an empty pool of ``capacity`` cases; all of them are on the free stack."""
    cases = np.zeros(capacity, CASE)
    cases["next_case"] = -1
    cases["free"] = np.arange(capacity - 1, -1, -1)
    return cases


def grown_cases(cases: Records, unused: int, capacity: int) -> tuple[Records, int]:
    """Return a pool of ``capacity`` with the same cases in the same places, and its number of unused cases."""
    old = cases.size
    grown = build_cases(capacity)
    grown[:old] = cases
    added = np.arange(capacity - 1, old - 1, -1)
    grown["free"][: added.size] = added
    grown["free"][added.size : added.size + unused] = cases["free"][:unused]
    return grown, added.size + unused
