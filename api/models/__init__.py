"""The tables of the doors: accounts, posts, sessions, tries at unknown logins, answers kept under their keys, who looks at a case."""

from api.models.accounts import Account, AccountPost, SignInSession, UnknownLogin
from api.models.answers import KeptAnswer
from api.models.presence import CasePresence

__all__ = ["Account", "AccountPost", "CasePresence", "KeptAnswer", "SignInSession", "UnknownLogin"]
