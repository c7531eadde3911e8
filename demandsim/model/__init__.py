"""One world: its columns, its inputs, its calendar, and Mesa's faces on its rows.

Takes a place, a drawn book of beliefs and a scenario; gives a world that can be stepped month by month.
Never compares worlds and never writes files.
"""
