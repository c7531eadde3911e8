"""Where two worlds part: households compared in lock step, and the difference settled by its cause."""

from __future__ import annotations

import numpy as np

from demandsim.compiling import compiled, rule
from demandsim.labels import N_NEEDS
from demandsim.quantities import TICKS
from demandsim.services.cases.step import HISTORY
from demandsim.services.tables import FREE

#: Why a household's life differs: not yet, a decision that reads a moved lever, an admission, an agency's rule.
SAME, DIRECT, QUEUE, BUDGET = 0, 1, 2, 3

#: Columns of the totals.
HOUSEHOLDS, WAITED, PENCE = 0, 1, 2


@rule
def _unposted(house, needs, year_began, month):
    """Residual cost of time in state that is not yet posted to a household."""
    pence = 0
    for need in range(N_NEEDS):
        months = month - max(house.since[need], year_began)
        if months > 0:
            pence += needs.price[need, house.state[need]] * months * TICKS
    return pence


@compiled
def settle(rows, here, there, needs_here, needs_there, year_began, month, cause, totals):
    """Add finished lives to the totals of their cause; their rows begin again as the same.

    Parameters
    ----------
    rows : (n,) int
        Households whose life in the place ends.
    here, there : HOUSEHOLD records
        The world compared, and the one compared with.
    needs_here, needs_there : (1,) NEEDS_TABLE records
    year_began, month : int
        Month up to which time in state is posted; now.
    cause : (households,) uint8
    totals : (4, 3) int64
        Households, ticks waited and pence·ticks by cause.
    """
    for i in range(rows.shape[0]):
        row = rows[i]
        why = cause[row]
        one = here[row]
        other = there[row]
        pence = one.pence + _unposted(one, needs_here[0], year_began, month)
        pence -= other.pence + _unposted(other, needs_there[0], year_began, month)
        totals[why, HOUSEHOLDS] += why != SAME
        totals[why, WAITED] += one.waited - other.waited
        totals[why, PENCE] += pence
        cause[row] = SAME


@compiled
def mark_homes(here, there, stale_here, stale_there, why, cause):
    """Mark households whose homes parted this month: a repair is done in one world and not in the other."""
    for row in range(cause.shape[0]):
        has_news = cause[row] == SAME and ((stale_here[row] | stale_there[row]) & HISTORY) != 0
        if has_news and here[row].history != there[row].history:
            cause[row] = why


@compiled
def mark_own(here, there, stale_here, stale_there, cases_here, cases_there, by_rule, month, cause):
    """Mark households that parted in their own month: their draws are the same, so what they met differs.

    Parameters
    ----------
    by_rule : (lines,) uint8
        Whether a line's offers differ because an agency cut its posts, and not because a lever moved them.
    month : int
        Referrals of this month are looked at.
    """
    for row in range(cause.shape[0]):
        has_news = cause[row] == SAME and ((stale_here[row] | stale_there[row]) & HISTORY) != 0
        if has_news and here[row].history != there[row].history:
            line = _first_referred(cases_here, cases_there, here[row].head, there[row].head, month)
            if line < 0:
                line = _first_referred(cases_there, cases_here, there[row].head, here[row].head, month)
            cause[row] = BUDGET if line >= 0 and by_rule[line] else DIRECT


@rule
def _first_referred(cases_here, cases_there, one, other, month):
    """The line of a referral of this month that one chain of cases has and another has not, or -1."""
    while one >= 0:
        a = cases_here[one]
        if a.arrival >= month and a.status != FREE:
            match = other
            while match >= 0:
                if cases_there[match].line == a.line and cases_there[match].arrival == a.arrival:
                    break
                match = cases_there[match].next_case
            if match < 0:
                return np.int64(a.line)
        one = a.next_case
    return np.int64(-1)


@rule
def _first_parted(cases_here, cases_there, one, other):
    """The line at which two chains of the same cases differ first in time, or -1."""
    line = -1
    when = 0.0
    while one >= 0:
        match = other
        while match >= 0:
            if (
                cases_there[match].line == cases_here[one].line
                and cases_there[match].arrival == cases_here[one].arrival
                and cases_there[match].status != FREE
            ):
                break
            match = cases_there[match].next_case
        a = cases_here[one]
        if match >= 0:
            b = cases_there[match]
            if a.status != b.status or a.start != b.start or a.place != b.place:
                moment = min(a.start, b.start)
                if line < 0 or moment < when:
                    line = a.line
                    when = moment
        one = a.next_case
    return line


@compiled
def mark_served(here, there, stale_here, stale_there, cases_here, cases_there, cause_of_line, cause):
    """Mark households that parted on a list: their own inputs were equal, so it was the line's places.

    Parameters
    ----------
    cause_of_line : (lines,) uint8
        DIRECT where a lever moved the line's planned places, BUDGET where an agency's rule did, else QUEUE.
    """
    for row in range(cause.shape[0]):
        has_news = cause[row] == SAME and ((stale_here[row] | stale_there[row]) & HISTORY) != 0
        if has_news and here[row].history != there[row].history:
            line = _first_parted(cases_here, cases_there, here[row].head, there[row].head)
            cause[row] = QUEUE if line < 0 else cause_of_line[line]
