"""The record of one world, of the size that its inputs ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.ledger.record import Record, build_record
from demandsim.model.budgeting import PURSE_ITEMS
from demandsim.parameters.vocabulary import CONTACT_KINDS

if TYPE_CHECKING:
    from demandsim.model.inputs import Inputs


def empty_record(inputs: Inputs, areas: int) -> Record:
    """Build an empty record for a run."""
    streams = inputs.everyday.streams.names
    return build_record(
        inputs.n_months,
        areas,
        len(inputs.services),
        len(streams),
        len(CONTACT_KINDS),
        len(inputs.purses.names),
        len(PURSE_ITEMS),
    )
