"""The web gateway: a JSON API and a page without JavaScript, in front of Rasa."""
