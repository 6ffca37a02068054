"""WSGI front and Flask application, admin API and console. Flask is imported here and nowhere else.

Views are a few lines; what they do lies below.
"""
