"""Receipts: other people's published numbers, reproduced through this project's public functions.

Takes group names; gives, for every published number, what this project makes of it and whether that agrees.
Never holds a number that this project worked out itself.
"""

from demandsim.receipts.receipt import AtMost, Exact, LastDigit, Outcome, Receipt, Relative, StandardErrors
from demandsim.receipts.registry import load_receipts, receipt_groups, run_receipts
from demandsim.receipts.table import format_receipts

__all__ = [
    "AtMost",
    "Exact",
    "LastDigit",
    "Outcome",
    "Receipt",
    "Relative",
    "StandardErrors",
    "format_receipts",
    "load_receipts",
    "receipt_groups",
    "run_receipts",
]
