"""Measurements of the assistant, and the question sets they run on."""
