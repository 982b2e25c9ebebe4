"""Floor 3: judges the house with datasets, measures and benchmarks."""
