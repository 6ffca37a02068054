"""The admin API: everything under `/__admin`, from one table of routes (`routes.ROUTES`)."""

from .access import Access
from .asking import MAX_BODY
from .routes import ROUTES, Route
from .views import PREFIX, answer, blueprint, guard, routes_near

__all__ = ["MAX_BODY", "PREFIX", "ROUTES", "Access", "Route", "answer", "blueprint", "guard", "routes_near"]
