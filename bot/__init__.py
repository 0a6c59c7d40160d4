"""What Rasa loads: the only code of ours that imports it."""
