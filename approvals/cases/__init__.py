"""Cases as they run: opened, filled, signed, acted on; every change is one transaction with its events (register.md §6)."""
