"""What people read of a study of principles: tables on a terminal, and one page with charts.

Takes the effects of principles; gives tables, sentences and HTML. Never counts anything itself.
"""

from demandsim.report.principles.opening import headline
from demandsim.report.principles.page import write_principles
from demandsim.report.principles.tables import principle_tables

__all__ = ["headline", "principle_tables", "write_principles"]
