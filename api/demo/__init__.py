"""The demonstration: a database of its own, the sample world, real lease shapes, and six stories told over HTTP by their people."""
