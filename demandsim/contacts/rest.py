"""Where streams of contact come to rest when volume and posts stay as they are: in closed form, for many at once.

Takes streams, how they start and settings of volume and posts; gives a month in the long run. Never steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from demandsim.contacts.channels import mix_channels
from demandsim.contacts.matters import StreamState, first_contacts
from demandsim.contacts.streams import Floats, Streams
from demandsim.labels import N_NEEDS, N_STATES

#: Hazard of giving up below which a backlog would take lifetimes to come to rest.
_SLOWEST = 1e-6


@dataclass(frozen=True, eq=False)
class AtRest:
    """A month in the long run, shape (…, S): contacts and matters in expected numbers, money in pence."""

    contacts: Floats
    chases: Floats
    settled: Floats
    income_pence: Floats
    handling_pence: Floats


def come_to_rest(
    streams: Streams, state: StreamState, households_by_tenure: ArrayLike, volume: ArrayLike, posts: ArrayLike
) -> AtRest:
    """The month to which everyday contact tends, at prices and channels as now.

    Parameters
    ----------
    state : StreamState
        As `start_state` gives it for households without needs, by whom nothing here is scaled.
    households_by_tenure : array, shape (4,)
    volume : array, shape (…, S)
        First contacts against as now.
    posts : array, shape (…, S)
        In pay.

    Notes
    -----
    Staff with time to spare leave matters outstanding as inflow over the hazard of leaving. Overworked staff do what
    they can, and the backlog grows until as many give up as come in beyond that. Of matters outstanding at rest those
    still chased are inflow over the hazards of leaving and of wearying together.
    """
    mix = mix_channels(streams, 0.0)
    nobody = np.zeros((N_NEEDS, N_STATES))
    would_be = first_contacts(streams, state, 0, households_by_tenure, nobody) * np.asarray(volume, np.float64)
    at_once = would_be * mix.resolved
    inflow = would_be * mix.first.sum(axis=1) - at_once
    capacity = np.asarray(posts, np.float64) * state.jobs_per_post
    free = inflow / np.maximum(streams.fastest * streams.done_right + streams.gives_up, _SLOWEST)
    is_short = streams.fastest * free > capacity
    worked_off = np.where(is_short, capacity, streams.fastest * free) * streams.done_right
    kept_waiting = np.maximum(inflow - worked_off, 0.0) / np.maximum(streams.gives_up, _SLOWEST)
    pending = np.where(is_short, kept_waiting, free)
    left = inflow + streams.wearies * pending
    chases = streams.chase * pending * np.divide(inflow, left, out=np.ones_like(left), where=left > 0.0)
    settled = at_once + worked_off
    by_channel = would_be[..., None] * mix.first + chases[..., None] * mix.again
    return AtRest(
        contacts=would_be * mix.first.sum(axis=1) + chases,
        chases=chases,
        settled=settled,
        income_pence=settled * state.pence_per_matter + state.standing_pence,
        handling_pence=by_channel @ streams.contact_pence + chases * streams.complains * streams.complaint_pence,
    )
