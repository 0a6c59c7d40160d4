"""What the firm has approved to be said, and how a message finds it.

Plain Python: nothing here knows of Rasa, Telegram or Django.
"""
