"""People: accounts and their posts, sign-in by password or as a sample account, sessions by the digest of their token.

Parties belong to `parcels`, authorisations to `approvals`; here a person becomes the `Actor` that every act receives.
"""
