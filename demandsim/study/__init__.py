"""Many worlds: scenarios in lock step on the same luck, many lucks, kept one by one.

Takes a study; gives results. Never decides what a household does and never compares results.
"""
