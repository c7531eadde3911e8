"""Does acting earlier, together, cost the whole place less? One place, three scenarios, a few lines and a brief.

python experiments/whole_place.py --place hackney --households 20000 --draws 8
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--place", default="demo", help="id of a place in configs/places")
    words.add_argument("--scenario", default="whole_system", help="id of a scenario in configs/scenarios")
    words.add_argument("--households", type=int, help="households to simulate; as many as the place has by default")
    words.add_argument("--years", type=int, default=10)
    words.add_argument("--draws", type=int, default=8, help="sets of beliefs")
    words.add_argument("--seed", type=int, default=2016)
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--out", type=Path, default=Path("out/whole_place.html"), help="where the brief goes")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    place = ds.load_place(CONFIGS / "places" / f"{asked.place}.toml")
    book = ds.load_book(CONFIGS, place.fit_id)
    names = dict.fromkeys(("as_now", asked.scenario, "same_money"))  # each once
    scenarios = [ds.load_scenario(CONFIGS / "scenarios" / f"{name}.toml", book) for name in names]
    as_now, earlier = scenarios[:2]

    results = ds.run(
        place, book, scenarios,
        years=asked.years, draws=asked.draws, seed=asked.seed, households=asked.households,
        workers=asked.workers, show_progress=True,
    )  # fmt: skip
    effect = ds.compare(results, earlier, against=as_now)  # same households, same beliefs, same luck

    cash, crisis = effect.cost.total(), effect.crisis_months.total()
    print(f"\n{place.title}, {asked.years} years: “{earlier.title}” less “{as_now.title}”, {effect.n_runs} runs")
    print(f"  cash in pounds     {cash.mean:+13,.0f}   nine in ten runs: {cash.low:+,.0f} to {cash.high:+,.0f}")
    print(f"  months in crisis   {crisis.mean:+13,.0f}   nine in ten runs: {crisis.low:+,.0f} to {crisis.high:+,.0f}")
    print("  who pays more and who gains, in pounds of cash:")
    for purse in effect.pockets().to_dict("records"):
        print(f"    {purse['purse']:22} {purse['difference']:+13,.0f}   {purse['position']}")
    print(f"  the brief: {ds.write_brief(effect, asked.out)}")


if __name__ == "__main__":
    main()
