"""What we would change: levers, the scenarios that move them, and the months over which they move.

Takes scenario files and a draw of the book; gives each lever's value month by month. Never moves a belief: a policy
cannot win by changing what is true.
"""

from demandsim.policy.levers import Lever, list_levers
from demandsim.policy.pinning import digest_baseline, pin, verify_pinned
from demandsim.policy.scenario import Change, Scenario, check_scenario, check_scenarios, load_scenario
from demandsim.policy.timeline import Timeline, apply

__all__ = [
    "Change",
    "Lever",
    "Scenario",
    "Timeline",
    "apply",
    "check_scenario",
    "check_scenarios",
    "digest_baseline",
    "list_levers",
    "load_scenario",
    "pin",
    "verify_pinned",
]
