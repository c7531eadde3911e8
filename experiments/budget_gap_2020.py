"""Can less demand close a council's gap? The plan added up, the place run, and the answer as a page.

python experiments/budget_gap_2020.py --households 10000 --draws 8
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--account", default="barking_and_dagenham_2016", help="id of an account in configs/accounts")
    words.add_argument("--households", type=int, help="households to simulate; the account's own by default")
    words.add_argument("--years", type=int)
    words.add_argument("--draws", type=int, help="sets of beliefs")
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--out", type=Path, default=Path("out/budget_gap_2020"), help="folder of the runs and the page")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    book = ds.load_book(CONFIGS, "england")
    account = ds.load_account(CONFIGS / "accounts" / f"{asked.account}.toml", book)
    sums = ds.reckon(account)
    print(f"{account.title}\n\nIts lines come to £{sums.total.value} million. What does not come to what is stated:")
    for finding in sums.inconsistencies:
        ways = ", ".join(f"{way.title} {way.worth.value:.4g}" for way in finding.worked)
        print(f"  {finding.title}: stated {finding.wording} {finding.stated:.4g}; {ways}")

    study = ds.study_of(account, {"households": asked.households, "years": asked.years, "draws": asked.draws})
    ds.run_study(study, asked.out, workers=asked.workers)  # goes on where it was stopped
    answer = ds.answer_account(account, ds.read_results(asked.out), book)
    for name, found in answer.lines.items():
        best = found.best
        print(f"\n{name}, {found.year}: pounds of the council's cash in the year; nine in ten of {answer.n_runs} runs")
        if found.needed is not None:
            share = found.needed.share
            print(
                f"  needed        {found.needed.amount:+13,.0f}   by {share.low:.0%} to {share.high:.0%} of what it is"
            )
        for what, one in (("largest fall", best.fall), ("cost counted", best.council)):
            print(f"  {what:13} {one.mean:+13,.0f}   {one.low:+,.0f} to {one.high:+,.0f}, under {best.scenario}")
        if best.enough_net is not None:
            print(f"  enough in {best.enough_net.n_such} of {best.enough_net.n_runs} runs, cost counted")
    print(f"\nThe page: {ds.write_account(account, asked.out / 'account.html', answer)}")


if __name__ == "__main__":
    main()
