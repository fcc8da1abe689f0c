"""Bulk loading: whole registers, zone layers, shorelines and places from one file, in chunks that can be resumed.

A run is named by its source's digest and target; each chunk is one transaction, one exclusive lock and one event
(register.md §6). Running the same file again changes nothing; what was refused, and why, is told feature by feature.
"""
