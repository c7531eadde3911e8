"""R9: unit costs brought to 2015/16 prices by the unit cost database's own index."""

from __future__ import annotations

from functools import partial
from typing import Final

from demandsim.ledger.unit_costs import uprate
from demandsim.receipts.receipt import Receipt

_DATABASE: Final = "Unit cost database v1.4 (New Economy / GMCA 2015), its own GDP index"

#: For this receipt only: the model uses the HM Treasury deflator.
DATABASE_INDEX: Final = {
    "2005/06": 157.469967,
    "2008/09": 170.649894,
    "2010/11": 179.906888,
    "2012/13": 186.082894,
    "2013/14": 190.033434,
    "2015/16": 195.969699,
}

#: (what, code in the database, GBP as first published, price year, GBP in 2015/16 prices)
_UPRATED: Final = (
    ("child in care, a year", "SS1.0", 51_080.0, "2013/14", "52,675.64"),
    ("homelessness application", "HO3.0", 2_501.0, "2010/11", "2,724.30"),
    ("complex eviction", "HO1.0", 6_680.0, "2010/11", "7,276.42"),
    ("job seeker into work, a year", "E&E1.0", 9_800.0, "2012/13", "10,320.69"),
    ("domestic violence incident", "CR2.0", 2_470.0, "2008/09", "2,836.48"),
)

RECEIPTS: Final = tuple(
    Receipt.printed(
        "R9",
        f"{what} ({code}), GBP of 2015/16",
        _DATABASE,
        text,
        partial(uprate, gbp, year, "2015/16", DATABASE_INDEX),
    )
    for what, code, gbp, year, text in _UPRATED
)
