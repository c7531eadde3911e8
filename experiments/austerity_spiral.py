"""Does cutting what is no duty make spending drift from early help to crisis? Five ways to cut, one page and a brief.

python experiments/austerity_spiral.py --place hackney --households 20000 --draws 8
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds
from demandsim.comparison.drift import limited_payers, measure_drift
from demandsim.comparison.spiral import measure_spiral
from demandsim.report.drift import write_drift
from demandsim.report.official import GRANTS_TOO, findings_table, load_lines, official_finding
from demandsim.report.spiral import spiral_sentences
from demandsim.report.words import bare_points, signed, signed_range
from demandsim.study.official import load_findings

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
NAMES = ("as_now", *(f"grant_cut_{way}" for way in ("pro_rata", "early_first", "by_value", "protected", "pooled")))


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--place", default="demo", help="id of a place in configs/places")
    words.add_argument("--households", type=int, help="as many as the place has by default")
    for name, usual in (("years", 10), ("draws", 8), ("seed", 2016), ("workers", 1)):
        words.add_argument(f"--{name}", type=int, default=usual)
    words.add_argument("--out", type=Path, default=Path("out/austerity_spiral"), help="folder of the pages")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    place = ds.load_place(CONFIGS / "places" / f"{asked.place}.toml")
    book = ds.load_book(CONFIGS, place.fit_id)
    scenarios = [ds.load_scenario(CONFIGS / "scenarios" / f"{name}.toml", book) for name in NAMES]
    results = ds.run(
        place, book, scenarios, years=asked.years, draws=asked.draws, seed=asked.seed, households=asked.households,
        workers=asked.workers, show_progress=True,
    )  # fmt: skip
    limited, lines = limited_payers(book), load_lines(CONFIGS, book)
    drift, spiral = measure_drift(results, limited), measure_spiral(results, limited)
    print(f"\n{place.title}, {asked.years} years: change of the early share of spending, in points")
    for name in NAMES:
        moved, title = drift.change(name), drift.meta.scenario_title(name)
        span = f"nine in ten of {moved.n_runs} runs: {signed_range(moved.low, moved.high, bare_points)}"
        print(f"  {title:45} {signed(moved.mean, bare_points):>12}   {span}")
    print(f"\n{official_finding(lines)}. {GRANTS_TOO}\n\nDoes what is saved come back?")
    print(*spiral_sentences(spiral), sep="\n")
    children = measure_drift(results, limited, ("council_children",))  # the nearest to the official figures
    page, others = asked.out / "drift.html", findings_table(load_findings(CONFIGS, book), book)
    write_drift(drift, children, lines, book.price_year, page, spiral, others)
    ds.write_brief(ds.compare(results, "grant_cut_early_first", "as_now"), asked.out / "brief.html")
    print(f"  the page and the brief: drift.html and brief.html in {asked.out}")


if __name__ == "__main__":
    ds.tell(main)
