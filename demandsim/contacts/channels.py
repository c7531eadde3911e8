"""By which channel contacts come, who is left behind when people are sent to the web, and what a person notices.

Takes streams and the share of human contact moved to the web; gives shares by channel. Never counts a contact.

Households that do not use the web are not moved. Asked to, part of them give up and their matter is never raised: it
is *left behind*. The rest keep the channel they had. Those who have made contact once chase as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from demandsim.contacts.streams import Floats, Streams
from demandsim.parameters.vocabulary import CHANNELS

_WEB: Final = CHANNELS.index("web")


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
    human = streams.channels.copy()
    human[:, _WEB] = 0.0
    people = human.sum(axis=1)
    kept = digital * streams.excluded
    lost = kept * streams.left_behind
    # Sums of what stays, never one less what goes: a share that rounds below nothing would be a contact never made.
    again = human * (1.0 - digital + kept)
    again[:, _WEB] = streams.channels[:, _WEB] + people * (digital - kept)
    first = human * (1.0 - digital + kept * (1.0 - streams.left_behind))
    by_person = first.sum(axis=1)
    first[:, _WEB] = again[:, _WEB]
    resolved = by_person * streams.first_contact + first[:, _WEB] * streams.web_first_contact
    return Mix(first, people * lost, again, resolved)


def noticing_by_tenure(streams: Streams, step: int, digital: float) -> Floats:
    """Hazard per month, by tenure (4,), that a contact with a person brings an unknown need of a household to notice.

    A form on the web notices nothing; only first contacts are counted, since a chase looks at the same matter.
    """
    first = mix_channels(streams, digital).first
    by_person = first.sum(axis=1) - first[:, _WEB]
    return np.asarray((by_person * streams.notices * streams.volume[:, step]) @ streams.rate)
