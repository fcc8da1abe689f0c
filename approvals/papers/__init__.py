"""The content of papers as plain values: what a case's file says, in both languages, before anything is drawn or set.

`content_of(kind, file)` is pure; the job in `api` asks `maps` for the drawings that the content names, sets and signs it.
"""
