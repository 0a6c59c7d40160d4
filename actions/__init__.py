"""What the assistant does when Rasa asks: thin actions over the knowledge base.

rasa-sdk imports every module of this package and builds each action with no arguments, so
nothing here works at import; `actions.context` makes what they share when it is first asked.
"""
