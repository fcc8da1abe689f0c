"""The sample world as data: the coast and what else its seeded script (parcels.samples) is drawn from; all of it marked as sample."""
