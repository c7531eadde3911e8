"""Its presence lets tests import what tests share, such as ``synthetic_results``."""
