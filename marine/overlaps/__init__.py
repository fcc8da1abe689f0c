"""Overlaps between drafts, rights, claims and regions: attributes first, geometry last, one function that judges.

`grade` compares spaces with spaces, `overlaps_with_regions` drafts with zones, places and the shoreline. Both work on arrays of
pairs; geometry is shapely in whole milliseconds of arc (longitude, latitude), CGCS2000, valid. Rules: register.md §2 and §3.
"""

from marine.overlaps.attributes import ForbiddenPair
from marine.overlaps.judging import grade, grade_many
from marine.overlaps.pairs import Pairs, RegionPairs, Tolerance
from marine.overlaps.regions import EFFECT_GRADES, overlaps_with_regions

__all__ = [
    "EFFECT_GRADES",
    "ForbiddenPair",
    "Pairs",
    "RegionPairs",
    "Tolerance",
    "grade",
    "grade_many",
    "overlaps_with_regions",
]
