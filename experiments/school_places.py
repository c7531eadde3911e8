"""Do the school places that are planned keep up with the children? Stated and added up, not simulated.

python experiments/school_places.py --place hackney --years 10
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds
from demandsim.place.schooling import forms_of
from demandsim.report.schooling import schooling_lines

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--place", default="hackney", help="id of a place in configs/places")
    words.add_argument(
        "--forms", type=float, nargs=2, metavar=("PRIMARY", "SECONDARY"),
        help="further forms of entry planned; as the place states them by default",
    )  # fmt: skip
    words.add_argument("--first", default="2015-04", help="month from which children are counted")
    words.add_argument("--years", type=int, default=10)
    words.add_argument("--paces", type=float, nargs="+", default=[0.0, 1.0, 3.0], help="of the place's path")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    place = ds.load_place(CONFIGS / "places" / f"{asked.place}.toml")
    print("\n".join(schooling_lines(place, asked.first, asked.years, forms_of(place, asked.forms), asked.paces)))


if __name__ == "__main__":
    ds.tell(main)
