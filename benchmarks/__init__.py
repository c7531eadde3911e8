"""Benchmarks: how long a household-month takes, against what, and how it grows. Run from the project's root folder."""
