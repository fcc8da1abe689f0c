"""The check: how a draft stands to rights, claims, zones, shoreline, places and the law. Pure: it reads and stores nothing.

`check` gathers what lies near, lets `marine` judge, and tells each asker what that asker may know; `as_json` is the one shape of
the answer. The rules are those of docs/check.md (register.md §2–§5).
"""

from parcels.checks.checking import check
from parcels.checks.report import CheckReport, Judged, NotJudged, Offer
from parcels.checks.serial import as_json

__all__ = ["CheckReport", "Judged", "NotJudged", "Offer", "as_json", "check"]
