"""Copies of messages by e-mail: to whom, in which words, by which server, and what became of each.

The message itself is in the portal; a copy says that it is there. `posting` speaks to the server, `letters` writes, `copies` keeps
the account of it, `queries` holds the SELECTs.
"""
