"""Sea space: reading files, drafts, checks, and the register of rights in PostGIS.

Files become shapes (`readers`), shapes become drafts (`drafts`), drafts are checked (`checks`), and only `register` writes
what occupies the sea. All SELECTs stand in `queries`.
"""
