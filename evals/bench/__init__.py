"""Measures this assistant beside a stock Rasa one, in one run: `python -m evals.bench`."""
