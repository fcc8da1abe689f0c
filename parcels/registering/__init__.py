"""What `parcels.register` is made of: the requests, the check under the locks, the writing of rows, the ending of what was.

Nothing outside `parcels.register` calls these; the register stays the one door.
"""
