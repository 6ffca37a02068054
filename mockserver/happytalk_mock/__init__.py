"""A mock server for the HappyTalk (해피톡) API.

`from happytalk_mock import MockServer` starts one in a test or a script. Importing this package is cheap:
what is behind the names is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .core.version import __version__

if TYPE_CHECKING:
    from .core.errors import ChangeError, ConfigurationError
    from .journal.requests import Request
    from .spec.violations import Violation
    from .testing.adapters import httpx_transport, requests_adapter
    from .testing.fault import Fault
    from .testing.happytalk import HappyTalk
    from .testing.hosting import RemoteMock
    from .testing.mock_server import MockServer

__all__ = [
    "ChangeError",
    "ConfigurationError",
    "Fault",
    "HappyTalk",
    "MockServer",
    "RemoteMock",
    "Request",
    "Violation",
    "__version__",
    "httpx_transport",
    "requests_adapter",
]
#: Where each public name lives.
_HOMES = {
    "ChangeError": ".core.errors",
    "ConfigurationError": ".core.errors",
    "Fault": ".testing.fault",
    "HappyTalk": ".testing.happytalk",
    "MockServer": ".testing.mock_server",
    "RemoteMock": ".testing.hosting",
    "Request": ".journal.requests",
    "Violation": ".spec.violations",
    "httpx_transport": ".testing.adapters",
    "requests_adapter": ".testing.adapters",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)


def __dir__() -> list[str]:
    return __all__
