"""Pure knowledge of the sea and its law: coordinates, areas, boundaries, overlaps, terms, fees, authority, workdays.

No SQL, no web, no settings, no clock: what a function needs is handed to it.
"""
