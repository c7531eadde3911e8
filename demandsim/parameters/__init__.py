"""What we believe and why: every number with its unit, uncertainty, source, evidence grade and role.

Takes the TOML files of ``configs/parameters`` and ``configs/sources.toml``; gives a `Book`, and any number of `Draw`s.
Never lets a number in without its unit and source, nor a fault go by without its file, place and remedy.
"""

from demandsim.parameters.belief import Belief, Uncertainty
from demandsim.parameters.book import Book, load_parameters
from demandsim.parameters.checking import Report, Section, check
from demandsim.parameters.descriptors import Cost, Effect, Need, Purse, Service, Shock
from demandsim.parameters.drawing import Draw, Usage
from demandsim.parameters.explaining import explain
from demandsim.parameters.schema import write_schema
from demandsim.parameters.sources import Source

__all__ = [
    "Belief",
    "Book",
    "Cost",
    "Draw",
    "Effect",
    "Need",
    "Purse",
    "Report",
    "Section",
    "Service",
    "Shock",
    "Source",
    "Uncertainty",
    "Usage",
    "check",
    "explain",
    "load_parameters",
    "write_schema",
]
