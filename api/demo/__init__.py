"""The demonstration: a database of its own, the sample world, real lease shapes, and three stories told through the register."""
