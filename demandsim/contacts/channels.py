"""By which channel contacts come, who is left behind when people are sent to the web, and what a person notices.

Takes streams and the share of human contact moved to the web; gives shares by channel. Never counts a contact.

Households that do not use the web are not moved. Asked to, part of them give up and their matter is never raised: it
is *left behind*. The rest keep the channel they had. Those who have made contact once chase as before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demandsim.contacts.kernels import WEB, mix_streams
from demandsim.contacts.streams import Floats, Streams


@dataclass(frozen=True, eq=False)
class Mix:
    """Shares of the first contacts there would have been: ``first`` (S, channels) and ``left`` (S,) sum to 1.

    ``again`` (S, channels) are shares of chasing contacts, and ``resolved`` (S,) the share of the would-be first
    contacts that are settled at once.
    """

    first: Floats
    left: Floats
    again: Floats
    resolved: Floats


def mix_channels(streams: Streams, digital: float) -> Mix:
    """Shares by channel when ``digital`` of human contact is moved to the web; at 0 exactly as now."""
    beliefs, _ = streams.tables
    first, again = np.empty_like(streams.channels), np.empty_like(streams.channels)
    left, resolved = np.empty(len(beliefs)), np.empty(len(beliefs))
    mix_streams(beliefs, float(digital), first, again, left, resolved)
    return Mix(first, left, again, resolved)


def noticing_by_tenure(streams: Streams, step: int, digital: float) -> Floats:
    """Hazard per month, by tenure (4,), that a contact with a person brings an unknown need of a household to notice.

    A form on the web notices nothing; only first contacts are counted, since a chase looks at the same matter.
    """
    first = mix_channels(streams, digital).first
    by_person = first.sum(axis=1) - first[:, WEB]
    return np.asarray((by_person * streams.notices * streams.volume[:, step]) @ streams.rate)
