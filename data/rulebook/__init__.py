"""The rule book: law as dated, cited data; packaged YAML, then the administrator's overlay, merged into one frozen value.

`packaged()` is the book that came with this version; `merge(book, entries, confirmations)` lays the overlay on it;
`book.inquire(dates=…, place=…)` asks it for a case and remembers every source.
"""

from data.answers import Source
from data.rulebook.book import RuleBook, Stale, on
from data.rulebook.codes import Code, CodeList, Place, PlaceCode, Places
from data.rulebook.faults import DateNotGiven, Fault, RuleBookError, UnknownRule
from data.rulebook.inquiry import Answer, Inquiry, Missing
from data.rulebook.merge import merge
from data.rulebook.packaged import packaged
from data.rulebook.values import Cell, Confirmation, Entry, Rule

__all__ = [
    "Answer",
    "Cell",
    "Code",
    "CodeList",
    "Confirmation",
    "DateNotGiven",
    "Entry",
    "Fault",
    "Inquiry",
    "Missing",
    "Place",
    "PlaceCode",
    "Places",
    "Rule",
    "RuleBook",
    "RuleBookError",
    "Source",
    "Stale",
    "UnknownRule",
    "merge",
    "on",
    "packaged",
]
