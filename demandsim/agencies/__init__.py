"""Who pays for which posts, and what goes when money runs short.

Takes plans, budgets, reserves and what was spent, by purse and unit; gives posts and pence. Never sees a household.
"""

from demandsim.agencies.budgets import PurseState, Review, open_purses, pool_gaps, review_year, set_budgets
from demandsim.agencies.cuts import Decision, decide_cuts
from demandsim.agencies.posts import plan_posts
from demandsim.agencies.sharing import share_exactly
from demandsim.agencies.value import value_per_pound

__all__ = [
    "Decision",
    "PurseState",
    "Review",
    "decide_cuts",
    "open_purses",
    "plan_posts",
    "pool_gaps",
    "review_year",
    "set_budgets",
    "share_exactly",
    "value_per_pound",
]
