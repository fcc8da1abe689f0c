"""Procedures: the one form, cases and their clocks, reviews, decisions and bundles. It knows the register and no drawing."""
