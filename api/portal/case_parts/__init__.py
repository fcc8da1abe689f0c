"""The parts of the officer's case page: evidence of the checklists, the form as it was filed, questions, the notice."""
