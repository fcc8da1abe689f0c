"""Facts that the system states in an act, by name: a template marks them `by_system`, and nobody who acts can bring them.

Here stand the names and what they mean; `approvals.cases.facts` computes them inside the act, under its locks.
"""

from __future__ import annotations

from collections.abc import Mapping

FACTS: Mapping[str, str] = {
    "form_digest": "salted digest of the form as it was signed",
    "boundary_hash": "the boundary that this act is about, by its hash",
    "materials_digest": "digest of the list of materials as it was signed",
    "rules_hash": "the rule book by which the act was judged",
    "report_digest": "digest of the report of the check that was made for this act and filed",
    "found_grade": "the worst grade that the check found",
    "check_grade": "the worst grade that the check under the locks of this act leaves, once consents and answers count",
    "needs_consent": "keys of the parties whose consent the check asks for",
    "offices": "keys of the offices that are consulted: those of the rule book and those that zones name",
    "competent_authority": "code of the place whose government decides, as far as the check can say",
    "computed_authority": "code of the place whose government decides, computed for this act",
    "authority": "code of the place for whose government the person acts who decides",
    "term_first": "first day of the term",
    "term_last": "last day of the term",
    "notice_first": "first day of the public notice",
    "notice_last": "last day of the public notice",
    "owed_yuan": "what the bill says is owed; None while a rate is unknown",
    "bill_number": "number of the bill",
    "parcel_code": "code given to the parcel at registration",
    "unit_code": "code given to the real-estate unit at registration",
}

# What a step of the system does by itself as soon as it opens, in the transaction of the act that opened it.
AUTOMATIC: Mapping[str, str] = {
    "check": "the check on acceptance: records its report, whom to ask, and which applications compete",
}
