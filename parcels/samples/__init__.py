"""The sample world: an invented register round Weihai's real coast, drawn from a seed and marked as sample throughout.

The coast is a clip of OpenStreetMap; sea areas, rights, zones, parks and people are made here and mean nothing legally.
`world.load` brings it in through the register's own doors.
"""
