"""Does acting earlier, together, cost the whole place less? One place, three scenarios, a few lines and a brief.

python experiments/whole_place.py --place hackney --households 20000 --draws 8
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds
from demandsim.comparison.meta import readable
from demandsim.report.words import money, signed, signed_range, whole

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
    n = results.attrs["n_households"]
    print(f"\n{place.title}, {n:,} households, {asked.years} years, {effect.n_runs} runs:")
    print(f"“{earlier.title}” less “{as_now.title}”")
    for title, one, form in (("cash", cash, money), ("months in crisis", crisis, whole)):
        span = signed_range(one.low, one.high, form)
        print(f"  {title:20} {signed(one.mean, form):>14}   nine in ten runs: {span}")
    print(f"  who pays more and who gains, in cash at {book.price_year} prices:")
    for purse in effect.pockets().to_dict("records"):
        print(f"    {readable(purse['purse']):36} {signed(purse['difference'], money):>14}   {purse['position']}")
    print(f"  the brief: {ds.write_brief(effect, asked.out)}")


if __name__ == "__main__":
    ds.tell(main)
