"""The admin API: everything under `/__admin`, from one table of routes (`routes.ROUTES`)."""

from .access import Access
from .views import blueprint

__all__ = ["Access", "blueprint"]
