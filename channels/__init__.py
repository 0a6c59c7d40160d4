"""The ways in: each channel turns a person's message into Rasa's and the reply into its own."""
