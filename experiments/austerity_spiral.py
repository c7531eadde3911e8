"""Does cutting what is no duty make spending drift from early help to crisis? Five ways to cut, one page and a brief.

python experiments/austerity_spiral.py --place hackney --households 20000 --draws 8
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds
from demandsim.comparison.drift import limited_payers, measure_drift
from demandsim.report.drift import write_drift
from demandsim.report.official import load_lines
from demandsim.report.words import bare_points, signed, signed_range

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
WAYS = ("pro_rata", "early_first", "by_value", "protected", "pooled")


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--place", default="demo", help="id of a place in configs/places")
    words.add_argument("--households", type=int, help="households to simulate; as many as the place has by default")
    words.add_argument("--years", type=int, default=10)
    words.add_argument("--draws", type=int, default=8, help="sets of beliefs")
    words.add_argument("--seed", type=int, default=2016)
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--out", type=Path, default=Path("out/austerity_spiral"), help="folder of the pages")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    place = ds.load_place(CONFIGS / "places" / f"{asked.place}.toml")
    book = ds.load_book(CONFIGS, place.fit_id)
    names = ["as_now", *(f"grant_cut_{way}" for way in WAYS)]
    scenarios = [ds.load_scenario(CONFIGS / "scenarios" / f"{name}.toml", book) for name in names]
    results = ds.run(
        place, book, scenarios,
        years=asked.years, draws=asked.draws, seed=asked.seed, households=asked.households,
        workers=asked.workers, show_progress=True,
    )  # fmt: skip
    limited = limited_payers(book)
    drift = measure_drift(results, limited)  # all services; children's services alone stand beside official figures
    children = measure_drift(results, limited, ("council_children",))

    where = f"{place.title}, {results.attrs['n_households']:,} households, {asked.years} years"
    print(f"\n{where}: change of the early share of spending, in points")
    for name in names:
        change = drift.change(name)
        span = f"nine in ten of {change.n_runs} runs: {signed_range(change.low, change.high, bare_points)}"
        print(f"  {drift.meta.scenario_title(name):45} {signed(change.mean, bare_points):>12}   {span}")
    page = write_drift(drift, children, load_lines(CONFIGS, book), book.price_year, asked.out / "drift.html")
    brief = ds.write_brief(ds.compare(results, "grant_cut_early_first", "as_now"), asked.out / "brief.html")
    print(f"  the page: {page}\n  the brief: {brief}")


if __name__ == "__main__":
    main()
