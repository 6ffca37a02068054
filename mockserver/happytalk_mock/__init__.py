"""A mock server for the HappyTalk (해피톡) API."""

__version__ = "0.1.0"
