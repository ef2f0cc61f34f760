"""What `scripts/bench.py` measures: one module for each thing that is measured."""
