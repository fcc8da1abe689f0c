"""What the tests stand on: the test cluster and its databases, the effort of a run, and the closed network."""
