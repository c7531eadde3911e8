"""Who pays for which posts.

Takes planned staff by service and month; gives posts. Never sees a household.
"""

from demandsim.agencies.posts import plan_posts

__all__ = ["plan_posts"]
