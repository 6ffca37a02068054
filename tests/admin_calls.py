"""Calls of the admin API and of the two endpoints of one application, without a socket."""

from __future__ import annotations

from typing import Any

import orjson
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from happytalk_mock.api.control import Control
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from happytalk_mock.state.credentials import DEFAULT_CREDENTIALS
from happytalk_mock.web.admin import PREFIX, Access
from happytalk_mock.web.app import create_app

OWN = DEFAULT_CREDENTIALS
KEY = OWN.sender_keys[0]


class Admin:
    """Calls the admin API and the two endpoints of one application."""

    def __init__(self, control: Control, access: Access | None = None) -> None:
        self.control = control
        self.http: FlaskClient = create_app(control, access=access).test_client()

    def raw(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        if body is not None:
            more["data"] = body if isinstance(body, bytes) else orjson.dumps(body)
            more.setdefault("content_type", "application/json")
        elif method not in ("GET", "DELETE"):
            more.setdefault("content_type", "application/json")
        return self.http.open(PREFIX + path, method=method, **more)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        response = self.raw(method, path, body)
        assert response.status_code in (200, 201), response.text
        assert response.headers["Cache-Control"] == "no-store"
        return response.json

    def problem(self, method: str, path: str, body: Any = None, status: int = 400) -> dict[str, Any]:
        response = self.raw(method, path, body)
        assert response.status_code == status, response.text
        assert response.content_type == "application/problem+json"
        found: dict[str, Any] = orjson.loads(response.data)
        assert found["status"] == status
        assert found["field"]
        assert found["received"]
        assert found["allowed"]
        return found

    def listed(self, token: str = OWN.token, **parameters: Any) -> dict[str, Any]:
        found = self.http.post(ROOMS_PATH, json={"token": token, "limit": 50, **parameters})
        data: dict[str, Any] = found.get_json()["data"]
        return data

    def messages(self) -> list[dict[str, Any]]:
        headers = {"HT-Client-Id": OWN.client_id, "HT-Client-Secret": OWN.client_secret}
        found: list[dict[str, Any]] = self.http.get(
            f"{MESSAGES_PATH}?senderKey={KEY}", headers=headers
        ).get_json()["data"]
        return found
