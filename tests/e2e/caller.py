"""Calls the HTTP API of a real server, patiently: a request whose answer is lost is sent again with the same id."""

import http.client
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from typing import Any

from engine.service.demonstration_city import SampleStep
from engine.service.demonstration_files import ATTACHMENTS, NAMES, site_photo
from tests.e2e.desk import PASSWORD
from web.commands import REASON_HEADER

PATIENCE_S = 90.0
LOST = (urllib.error.URLError, ConnectionError, TimeoutError, http.client.HTTPException)


class RefusedError(Exception):
    """An answer that says no."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status} {body}")
        self.status = status


class Caller:
    """One person's calls, with a bearer token."""

    def __init__(self, url: str, username: str) -> None:
        self.url = url
        body = json.dumps({"username": username, "password": PASSWORD}).encode()
        answer = self._patiently("POST", "/api/tokens", body, {"Content-Type": "application/json"})
        self.headers = {"Authorization": f"Bearer {answer['token']}", REASON_HEADER: "test"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A JSON call, repeated under one Idempotency-Key until an answer arrives."""
        headers = self.headers | {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        return self._patiently(method, path, None if body is None else json.dumps(body).encode(), headers)

    def find(self, instance: str, element: str) -> str:
        """The key of the open user task of an element."""
        wanted = {"filter": {"processInstanceKey": instance, "elementId": element, "state": "CREATED"}}
        items = self.call("POST", "/v2/user-tasks/search", wanted)["items"]
        assert len(items) == 1, (element, items)
        return str(items[0]["userTaskKey"])

    def complete(self, key: str, step: SampleStep, command_id: str = "") -> Any:
        """Complete a user task with everything at once."""
        boundary = uuid.uuid4().hex
        headers = self.headers | {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Idempotency-Key": command_id or uuid.uuid4().hex,
        }
        return self._patiently("POST", f"/api/user-tasks/{key}/complete", multipart(step, boundary), headers)

    def deploy(self, files: Mapping[str, bytes]) -> Any:
        """Deploy files by name."""
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="resources"; filename="{name}"\r\n\r\n'.encode()
            + body
            for name, body in files.items()
        ]
        headers = self.headers | {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._patiently(
            "POST", "/v2/deployments", b"\r\n".join([*parts, f"--{boundary}--\r\n".encode()]), headers
        )

    def _patiently(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            request = urllib.request.Request(self.url + path, data=body, headers=dict(headers), method=method)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    text = answer.read()
                    return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                if error.code not in (502, 503, 504):
                    raise RefusedError(error.code, error.read().decode()) from error
            except LOST:  # the server died before it answered
                pass
            assert time.monotonic() < deadline, f"no answer to {method} {path}"
            time.sleep(0.2)


def multipart(step: SampleStep, boundary: str) -> bytes:
    """A step of a sample case as the body of one multipart request."""
    fields = {
        "action": step.action,
        "opinion": step.opinion,
        "variables": json.dumps(step.variables, ensure_ascii=False),
    }
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    for code in step.materials:
        if code in ATTACHMENTS:
            parts.append((f'name="attachment.{code}"; filename="{NAMES[code]}"', ATTACHMENTS[code]()))
        else:
            parts.append((f'name="photo.{code}"; filename="photo.jpg"', site_photo(code)))
    lines = [
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + value + b"\r\n"
        for head, value in parts
    ]
    return b"".join(lines) + f"--{boundary}--\r\n".encode()
