"""A mock server for the HappyTalk (해피톡) API.

`from happytalk_mock import MockServer` starts one in a test or a script. Importing this package is cheap:
what is behind the names is loaded when it is first used.
"""

from typing import TYPE_CHECKING, Any

from .core.version import __version__

if TYPE_CHECKING:
    from .testing.mock_server import MockServer

__all__ = ["MockServer", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "MockServer":
        from .testing.mock_server import MockServer

        return MockServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
