"""What people read: the brief, the table of scenarios, charts and words.

Takes results or a comparison; gives a self-contained HTML file, tables and sentences.
It never simulates, never changes a figure, and never says more than the intervals allow.
"""

from demandsim.report.appraisal_page import write_appraisal
from demandsim.report.brief import write_brief
from demandsim.report.pockets_page import write_pockets
from demandsim.report.tables import comparison_table

__all__ = ["comparison_table", "write_appraisal", "write_brief", "write_pockets"]
