"""The ground: law, procedures, forms, codes, calendars and messages as data; the store, the embedded PostGIS, the migrations and the event log.

Everything above stands on it, and it knows nothing above.
"""
