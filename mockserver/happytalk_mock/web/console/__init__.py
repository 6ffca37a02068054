"""The console at `/__console`: what the mock serves, what was asked of it, and switches, for people.

Pages are rendered here, so that they can be read without JavaScript; the switches call the admin API from the
page.
"""

from .views import PREFIX, blueprint

__all__ = ["PREFIX", "blueprint"]
