"""The doors of the house: the HTTP interface and page, the command line, settings, logs, and the database's start.

Nothing of law or geometry is decided here; a door asks the room behind it.
"""
