"""Where, and who lives there.

Takes a place file, perhaps with a council's own areas; gives a `Place`, and its people for a span of months.
Never reads a policy: nobody arrives, leaves, is born or dies because of one.

`build_population` lives in `demandsim.place.population`, which needs the compiler, so that reading a place stays quick.
"""

from __future__ import annotations

from demandsim.place.place import Area, Place
from demandsim.place.reading import load_areas_csv, load_place

__all__ = ["Area", "Place", "load_areas_csv", "load_place"]
