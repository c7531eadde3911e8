"""The difference between worlds, and what it is worth.

Takes results of several scenarios on shared luck; gives differences with their spread, their error and their runs.
It never adds cash to the value of activity, and never counts a run that failed.
"""
