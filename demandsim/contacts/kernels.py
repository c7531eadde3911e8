"""A month of everyday contact, compiled, one stream after the other: every rule of it stands here, once.

Eight streams are too few for whole-array arithmetic to pay: done that way, this was most of what a month costs whatever
the size of the place.
"""

from __future__ import annotations

import numpy as np

from demandsim.compiling import compiled, rule
from demandsim.parameters.vocabulary import CHANNELS
from demandsim.quantities import MONTHS_PER_YEAR, PENCE_PER_POUND

N_CHANNELS = len(CHANNELS)
WEB = CHANNELS.index("web")
#: Newton steps that find the pace of overworked staff, and how far ahead the slope is taken.
NEWTON_STEPS = 8
NUDGE = 1e-7
#: Hazards below which a difference quotient would lose its digits.
SLOW = 1e-5
#: Work that exceeds capacity by no more than rounding does not.
ROUNDING = 1.0 + 1e-9


@rule
def total_of(weights, numbers):
    """The sum of products of two vectors."""
    total = 0.0
    for at in range(weights.shape[0]):
        total += weights[at] * numbers[at]
    return total


@rule
def mix_of(stream, digital, first, again):
    """Write shares by channel of the first contacts there would have been, and of chases; give shares left and settled.

    Sums of what stays, never one less what goes: a share that rounds below nothing would be a contact never made.
    """
    kept = digital * stream.excluded
    people, by_person = 0.0, 0.0
    for channel in range(first.shape[0]):
        if channel != WEB:
            human = stream.channels[channel]
            again[channel] = human * (1.0 - digital + kept)
            first[channel] = human * (1.0 - digital + kept * (1.0 - stream.left_behind))
            people += human
            by_person += first[channel]
    first[WEB] = stream.channels[WEB] + people * (digital - kept)
    again[WEB] = first[WEB]
    resolved = by_person * stream.first_contact + first[WEB] * stream.web_first_contact
    return people * kept * stream.left_behind, resolved


@rule
def first_of(stream, lever, visitors, grown, years, tenure, needs):
    """First contacts of a month if nobody were left behind: residents, those in need, and visitors."""
    contacts = total_of(stream.rate, tenure) * grown ** (stream.growth - 1.0)
    for need in range(needs.shape[0]):
        contacts += total_of(stream.by_need[need], needs[need])
    return (contacts + visitors * np.exp(stream.night_growth * years)) * lever.volume


@rule
def years_since(step, run_in):
    """Years of the run proper that are over."""
    return max(0, step - run_in) / MONTHS_PER_YEAR


@rule
def contracts_of(stream, lever, served):
    """Whole pence of a month's contracts and waste."""
    return np.rint(served * (stream.contract_pence + lever.waste_pence))


@rule
def time_outstanding(leaving, pending, inflow):
    """Months that matters are outstanding: the integral of the solution of ``d p / dt = inflow − leaving × p``."""
    if leaving < SLOW:
        stay, of_new = 1.0 - leaving / 2.0, 0.5 - leaving / 6.0
    else:
        stay = -np.expm1(-leaving) / leaving  # of those there at the start
        of_new = (1.0 - stay) / leaving
    return pending * stay + inflow * of_new


@rule
def work_at(pace, stream, pending, inflow):
    """Work done in a month at a pace."""
    leaving = pace * stream.fastest * stream.done_right + stream.gives_up
    return pace * stream.fastest * time_outstanding(leaving, pending, inflow)


@rule
def pace_of(stream, pending, inflow, capacity):
    """The share of the fastest pace that staff can keep.

    It is 1, or where that is more work than there are staff for, the pace at which all they can do is done. Work done
    rises with pace, ever more slowly, so Newton's steps from nought near the one pace from below.
    """
    if work_at(1.0, stream, pending, inflow) <= capacity * ROUNDING:
        return 1.0
    pace = 0.0
    for _ in range(NEWTON_STEPS):
        here = work_at(pace, stream, pending, inflow) - capacity
        ahead = work_at(pace + NUDGE, stream, pending, inflow) - capacity
        pace = min(max(pace - here * NUDGE / max(ahead - here, 1e-300), 0.0), 1.0)
    return pace


@rule
def repairs_of(stream, lever, pace, unreported, onset):
    """Write the hazards by tenure that a home comes to be out of repair; give the hazard that it is mended."""
    visits = pace * stream.fastest
    reported = 1.0 - unreported
    in_time = stream.done_right * -np.expm1(-visits * stream.disrepair_after) * reported
    for tenure in range(onset.shape[0]):
        raised = stream.rate[tenure] * lever.volume * (1.0 - stream.first_contact)
        onset[tenure] = raised * (1.0 - in_time)
    return visits * stream.done_right * reported


@rule
def settle_month(stream, matter, month, would_be, resolved, posts):
    """Write what becomes of a stream's matters, old and new; give the pace of its staff and the chases made."""
    at_once = would_be * resolved
    inflow = max(month.first - at_once, 0.0)
    pace = pace_of(stream, matter.pending, inflow, posts * matter.jobs_per_post)
    leaving = pace * stream.fastest * stream.done_right + stream.gives_up
    time = time_outstanding(leaving, matter.pending, inflow)
    worked_off = pace * stream.fastest * stream.done_right * time
    leaving_chase = leaving + stream.wearies
    time_chased = time_outstanding(leaving_chase, matter.chased, inflow)
    matter.chased = max(matter.chased + inflow - leaving_chase * time_chased, 0.0)
    chases = stream.chase * time_chased
    month.settled = at_once + worked_off
    month.given_up = stream.gives_up * time
    month.complaints = chases * stream.complains
    month.repeats = chases - month.complaints
    month.pending = max(matter.pending + inflow - worked_off - month.given_up, 0.0)
    return pace, chases


@rule
def price_month(stream, lever, matter, month, grown, served, pay, pence):
    """Write whole pence of handling, income and contracts, and a table's money in GBP; ``pay`` is whole pence."""
    handling = total_of(stream.contact_pence, month.by_channel) + month.complaints * stream.complaint_pence
    income = (month.settled * matter.pence_per_matter + matter.standing_pence * grown) * lever.price_gain
    pence[0], pence[1], pence[2] = np.rint(handling), np.rint(income), contracts_of(stream, lever, served)
    month.handling = pence[0] / PENCE_PER_POUND
    month.work = (pay + pence[2]) / PENCE_PER_POUND
    month.income = pence[1] / PENCE_PER_POUND


@compiled
def step_contacts(
    streams, levers, matters, step, run_in, households, tenure, needs, posts, pence_a_post, digital, mending, months,
    pence, pace, onset,
):  # fmt: skip
    """Move every stream by a month, and give the hazard that a home out of repair is mended.

    Parameters
    ----------
    streams : (S,) STREAM records
    levers : (months, S) LEVERS records
    matters : (S,) MATTERS records
        Those outstanding are moved on to the month's end.
    step, run_in : int
    households : float
        At the start.
    tenure : (4,) float64
    needs : (7, 5) float64
    posts, pence_a_post : (S,) float64
    digital : float
    mending : int
        Position of the stream that mends homes, or -1.
    months : (S,) MONTH records
    pence : (S, 3) int64
    pace : (S,) float64
    onset : (4,) float64
        Hazards that a home comes to be out of repair, by tenure; as they were where no stream mends homes.
    """
    first, again = np.empty(N_CHANNELS), np.empty(N_CHANNELS)
    grown, years = tenure.sum() / households, years_since(step, run_in)
    mended = 0.0
    for i in range(streams.shape[0]):
        stream, lever, matter, month = streams[i], levers[step, i], matters[i], months[i]
        left, resolved = mix_of(stream, digital, first, again)
        would_be = first_of(stream, lever, matter.visitors, grown, years, tenure, needs)
        month.first, month.left_behind = would_be * first.sum(), would_be * left
        pace[i], chases = settle_month(stream, matter, month, would_be, resolved, posts[i])
        matter.pending = month.pending
        for channel in range(first.shape[0]):
            month.by_channel[channel] = would_be * first[channel] + chases * again[channel]
        served = total_of(stream.tenures, tenure)
        for kind in range(lever.tonnes.shape[0]):
            month.tonnes[kind] = served * lever.tonnes[kind]
        price_month(stream, lever, matter, month, grown, served, np.rint(posts[i] * pence_a_post[i]), pence[i])
        if i == mending:
            made = month.first + month.left_behind
            mended = repairs_of(stream, lever, pace[i], month.left_behind / made if made > 0.0 else 0.0, onset)
    return mended


@compiled
def mix_streams(streams, digital, first, again, left, resolved):
    """Write the shares of every stream, (S, channels) and (S,)."""
    for i in range(streams.shape[0]):
        left[i], resolved[i] = mix_of(streams[i], digital, first[i], again[i])


@compiled
def count_first(streams, levers, visitors, step, run_in, households, tenure, needs, contacts):
    """Write the first contacts of every stream if nobody were left behind."""
    grown, years = tenure.sum() / households, years_since(step, run_in)
    for i in range(streams.shape[0]):
        contacts[i] = first_of(streams[i], levers[step, i], visitors[i], grown, years, tenure, needs)


@compiled
def count_contracts(streams, levers, step, tenure, pence):
    """Write whole pence of every stream's contracts and waste."""
    for i in range(streams.shape[0]):
        pence[i] = contracts_of(streams[i], levers[step, i], total_of(streams[i].tenures, tenure))


@compiled
def find_repairs(streams, levers, step, mending, pace, unreported, onset):
    """`repairs_of` for the stream that mends homes."""
    return repairs_of(streams[mending], levers[step, mending], pace, unreported, onset)
