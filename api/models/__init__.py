"""The tables of the doors: accounts with their posts and sessions, and answers kept under idempotency keys."""

from api.models.accounts import Account, AccountPost, SignInSession
from api.models.answers import KeptAnswer

__all__ = ["Account", "AccountPost", "KeptAnswer", "SignInSession"]
