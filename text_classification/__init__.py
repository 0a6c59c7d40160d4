"""What kind of text is this: the one classifier that every room and both environments share.

Plain NumPy and scikit-learn, for Python 3.10 (Rasa's environment) and 3.11.
"""
