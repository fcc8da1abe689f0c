"""The tables of cases (docs/register.md §7): what a case is now, its form, files, questions, money and papers.

The chain of the case's events is the record; these tables hold the present and are written in the same transaction. Importing
this module registers all tables on `data.store.metadata`.
"""

from approvals.models.cases import (
    Case,
    CaseAnswer,
    CaseHolder,
    CaseMaterial,
    CaseReport,
    CaseTask,
    CaseVersion,
    Signing,
)
from approvals.models.correspondence import Message, MessageDelivery, NoticeComment, PublicNotice, Question
from approvals.models.known import Authorisation, PartyFact, ProjectFact
from approvals.models.money import Bill, Receipt
from approvals.models.papers import Document, Issuer, Rendition

__all__ = [
    "Authorisation",
    "Bill",
    "Case",
    "CaseAnswer",
    "CaseHolder",
    "CaseMaterial",
    "CaseReport",
    "CaseTask",
    "CaseVersion",
    "Document",
    "Issuer",
    "Message",
    "MessageDelivery",
    "NoticeComment",
    "PartyFact",
    "ProjectFact",
    "PublicNotice",
    "Question",
    "Receipt",
    "Rendition",
    "Signing",
]
