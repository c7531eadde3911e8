"""Streams of contact as records, which compiled kernels read and write: one a stream, and one a stream and month.

Takes `Streams` and how matters stand; gives the same numbers laid out by stream. Never works anything out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.labels import N_NEEDS, N_STATES, TENURES
from demandsim.parameters.vocabulary import CHANNELS, CONTACT_COUNTS, CONTACT_MONEY, CONTACT_TONNES

if TYPE_CHECKING:
    from demandsim.contacts.matters import StreamState
    from demandsim.contacts.streams import Streams

Table = NDArray[np.void]

_BY_TENURE: Final = (len(TENURES),)
_BY_CHANNEL: Final = (len(CHANNELS),)


def _numbers(*names: str) -> list[tuple[str, str]]:
    return [(name, "f8") for name in names]


#: What is believed of a stream, by the names of `Streams`; beliefs about all streams alike stand in each.
STREAM: Final = np.dtype(
    [
        ("tenures", "f8", _BY_TENURE),
        ("rate", "f8", _BY_TENURE),
        ("by_need", "f8", (N_NEEDS, N_STATES)),
        ("channels", "f8", _BY_CHANNEL),
        ("contact_pence", "f8", _BY_CHANNEL),
        *_numbers("first_contact", "web_first_contact", "done_right", "complains", "fastest", "chase", "gives_up"),
        *_numbers("growth", "night_growth", "contract_pence", "complaint_pence", "excluded", "left_behind"),
        *_numbers("wearies", "disrepair_after"),
    ]
)
#: What levers make of a stream in a month, by the names of `Streams`.
LEVERS: Final = np.dtype(
    [*_numbers("volume", "price_gain", "waste_pence"), ("tonnes", "f8", (len(CONTACT_TONNES),))]
)  # fmt: skip
#: How a stream's matters stand, by the names of `StreamState`.
MATTERS: Final = np.dtype(
    _numbers("pending", "chased", "jobs_per_post", "pence_per_matter", "standing_pence", "visitors")
)
#: A month of a stream, in the order of ``CONTACT_KINDS``: nothing but numbers, so that records are rows of a table.
MONTH: Final = np.dtype(
    [
        *_numbers(*CONTACT_COUNTS),
        ("by_channel", "f8", _BY_CHANNEL),
        *_numbers(*CONTACT_MONEY),
        ("tonnes", "f8", (len(CONTACT_TONNES),)),
    ]
)


def tabulate_streams(streams: Streams) -> tuple[Table, Table]:
    """Beliefs as `STREAM` records (S,), and levers as `LEVERS` records (months, S)."""
    beliefs = np.zeros(len(streams.names), STREAM)
    for name in _names(STREAM):
        beliefs[name] = getattr(streams, name)
    levers = np.zeros(streams.volume.T.shape, LEVERS)
    for name in _names(LEVERS):
        levers[name] = getattr(streams, name).T
    return beliefs, levers


def tabulate_matters(state: StreamState) -> Table:
    """`MATTERS` records (S,), nothing shared with the state."""
    matters = np.zeros(state.pending.size, MATTERS)
    for name in _names(MATTERS):
        matters[name] = getattr(state, name)
    return matters


def columns_of(table: Table) -> dict[str, NDArray[Any]]:
    """Every field by its name, as arrays of their own."""
    return {name: table[name].copy() for name in _names(table.dtype)}


def _names(dtype: np.dtype[Any]) -> tuple[str, ...]:
    return dtype.names or ()
