"""What the answer stands on: many draws of every belief on a small version of the place, some with other luck.

`design` says which lucks to run and what is kept of them; `record` is what travels with results; `ranking` says which
beliefs move the answer; `identified` says what fixes each belief.
"""
