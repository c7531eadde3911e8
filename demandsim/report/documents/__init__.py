"""Pages of ``docs`` made from configs and code, so that they cannot say anything else.

Takes the configs; gives Markdown. Never reads results, and never writes a figure that the configs do not state.
"""

from demandsim.report.documents.writing import COMMAND, fill_marked, fresh_documents, render_documents, write_documents

__all__ = ["COMMAND", "fill_marked", "fresh_documents", "render_documents", "write_documents"]
