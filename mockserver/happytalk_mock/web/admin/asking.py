"""A request to the admin API, read: query, JSON body, and the tenant it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from ...api.control import Control
from ...core.errors import ChangeError, NotFoundError
from ...core.wording import did_you_mean, mask, said, shorten
from ...serving.body import MOST
from ...spec.schemas import departure
from ...state.mock import Mock
from ...state.tenants import Tenant

#: A longer body is refused, in bytes.
MAX_BODY: Final = MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter of a query, or a member of a body."""

    says: str
    schema: Mapping[str, Any]  #: JSON Schema: type, enum, minimum, maximum
    required: bool = False

    def check(self, name: str, value: Any) -> Any:
        """The value. Raises ChangeError."""
        if departure(value, self.schema) is not None:
            received = mask(value) if name in ("token", "tenant") and isinstance(value, str) else said(value)
            raise ChangeError(name, received=received, allowed=_allowed(self.schema))
        return value

    def read(self, name: str, text: str) -> Any:
        """The value of a query's text. Raises ChangeError."""
        kind = self.schema.get("type")
        value: Any = text
        if kind == "integer":
            digits = text.removeprefix("-")
            value = int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else text
        elif kind == "boolean":
            value = {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
        return self.check(name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a handler gets."""

    control: Control
    path: Mapping[str, Any] = field(default_factory=dict)  #: parameters of the path
    query: Mapping[str, Any] = field(default_factory=dict)  #: without `token`
    body: Any = None  #: without `tenant`; None where there was none
    token: str | None = None  #: of the tenant that is meant, in the clear

    @property
    def mock(self) -> Mock:
        """The state."""
        return self.control.mock

    def tenant(self) -> Tenant:
        """The tenant whose data is meant: the named one, else the first. Raises ChangeError."""
        named = self.scope()
        if named is not None:
            return named
        first = next(iter(self.mock.tenants), None)
        if first is None:
            raise NotFoundError("tenant", received="nothing", allowed="a tenant; there is none any more")
        return first

    def data(self) -> tuple[Tenant, int]:
        """The tenant whose data is meant, and the wall second that it is for it. Raises ChangeError."""
        tenant = self.tenant()
        return tenant, self.mock.clock_of(tenant).second()

    def scope(self) -> Tenant | None:
        """The tenant whose setting is meant; None for every tenant's. Raises ChangeError."""
        if self.token is None:
            return None
        tenant = self.mock.tenants.by_token(self.token)
        if tenant is None:
            raise NotFoundError("tenant", received=mask(self.token), allowed="the token of a known tenant")
        return tenant

    def scope_token(self) -> str | None:
        """The token of the tenant whose setting is meant; None for every tenant's. Raises ChangeError."""
        tenant = self.scope()
        return None if tenant is None else tenant.token


def read_body(raw: bytes) -> Any:
    """The decoded JSON; None for no body. Raises ChangeError."""
    if not raw.strip():
        return None
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        where = f"{error.msg.split(':')[0]}, line {error.lineno} column {error.colno}"
        raise ChangeError("body", received=f"no JSON ({where})", allowed="JSON in UTF-8") from None


def read_query(
    given: Mapping[str, str], fields: Mapping[str, Field], *, free: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The checked values of a query. Names that begin with one of `free` pass as text. Raises ChangeError."""
    for name in given:
        if name not in fields and not name.startswith(free or ("\0",)):
            raise _unknown(name, fields)
    return {name: fields[name].read(name, text) if name in fields else text for name, text in given.items()}


def check_body(body: Any, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The members of an object, checked; nulls are left out. Raises ChangeError."""
    if body is None:
        body = {}
    if not isinstance(body, dict):
        raise ChangeError("body", received=said(body), allowed=f"an object with {', '.join(fields)}")
    for name in body:
        if name not in fields:
            raise _unknown(name, fields)
    for name, each in fields.items():
        if each.required and body.get(name) is None:
            raise ChangeError(name, received="nothing", allowed=each.says)
    return {name: fields[name].check(name, value) for name, value in body.items() if value is not None}


def split_tenant(token: str | None, body: Any) -> tuple[str | None, Any]:
    """The token that `?token=` or the member `tenant` names, and the body without it. Raises ChangeError."""
    if not isinstance(body, dict) or "tenant" not in body:
        return token, body
    rest = {name: value for name, value in body.items() if name != "tenant"}
    named = body["tenant"]
    if named is None:
        return token, rest
    if not isinstance(named, str) or not named:
        raise ChangeError("tenant", received=said(named), allowed="a customer token, or null")
    if token not in (None, named):
        raise ChangeError("tenant", received=mask(named), allowed="the same token as in the query, or none")
    return named, rest


def _unknown(name: str, known: Mapping[str, Any]) -> ChangeError:
    received = f"an unknown field{did_you_mean(name, known)}"
    return ChangeError(shorten(name), received=received, allowed=", ".join(known) or "none")


def _allowed(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(str(each) for each in schema["enum"])
    kinds = schema["type"]
    text = kinds if isinstance(kinds, str) else " or ".join(kinds)
    if "items" in schema:
        return f"an array of {_allowed(schema['items'])}"
    if "minimum" in schema and "maximum" in schema:
        text += f" from {schema['minimum']} to {schema['maximum']}"
    elif "minimum" in schema:
        text += f" from {schema['minimum']}"
    return f"{text}, not empty" if schema.get("minLength") else text
