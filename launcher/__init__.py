"""Starts the assistant's processes together, and stops them together."""
