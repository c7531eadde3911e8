"""Can less demand close a council's gap? The plan added up, the place run, and the answer as a page.

python experiments/budget_gap_2020.py --households 10000 --draws 8
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import demandsim as ds
from demandsim.report.amounts import amount, stated
from demandsim.report.plan_words import line_title, needed_sentence
from demandsim.report.words import money, signed, signed_range

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
        ways = ", ".join(f"{way.title} {amount(way.worth.value, finding.unit)}" for way in finding.worked)
        print(f"  {finding.title}: stated {stated(finding)}; {ways}")
    study = ds.study_of(account, {"households": asked.households, "years": asked.years, "draws": asked.draws})
    command = " ".join(["python experiments/budget_gap_2020.py", *sys.argv[1:]]).replace(str(asked.out), "DIR")
    ds.run_study(study, asked.out, workers=asked.workers, command=command)  # goes on where it was stopped
    answer = ds.answer_account(account, ds.read_results(asked.out), book)
    for name, found in answer.lines.items():
        best = found.best
        line = next(line for block in account.blocks for line in block.lines if line.name == name)
        print(f"\n{line_title(account, line)}, {found.year}: the council's cash in the year")
        if found.needed is not None:
            print(f"  {needed_sentence(found.needed, found.year)}")
        under = answer.meta.scenario_title(best.scenario)
        for what, one in (("largest fall", best.fall), ("cost counted", best.council)):
            span = f"nine in ten of {one.n_runs} runs: {signed_range(one.low, one.high, money)}"
            print(f"  {what:13} {signed(one.mean, money):>14}   {span}, under “{under}”")
        if enough := best.enough_net:
            print(f"  enough in {enough.n_such} of {enough.n_runs} runs, cost counted")
    print(f"\nThe page: {ds.write_account(account, asked.out / 'account.html', answer)}")


if __name__ == "__main__":
    main()
