"""The tables of the doors: accounts with their posts and sessions, tries at unknown logins, and answers kept under idempotency keys."""

from api.models.accounts import Account, AccountPost, SignInSession, UnknownLogin
from api.models.answers import KeptAnswer

__all__ = ["Account", "AccountPost", "KeptAnswer", "SignInSession", "UnknownLogin"]
