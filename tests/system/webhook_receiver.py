"""A subscriber of webhooks who believes what is signed, and holds it against the documents."""
import base64
import hashlib
import http.server
import json
import threading

import support
from pretended_clock import instant
from webhooks_test import is_signed

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


class Subscriber:
    """Listens on a port of its own until close()."""

    def __init__(self):
        self.events = {}  # webhook-id: body
        subscriber = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers["content-length"]))
                good = is_signed(self.headers, body, SECRET)
                if good:
                    subscriber.events[self.headers["webhook-id"]] = json.loads(body)
                self.send_response(204 if good else 403)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def settings(self):
        """Lines for dnsd.yaml."""
        return f'webhooks: [{{name: story, url: "http://127.0.0.1:{self.server.server_port}/", secret_file: hook.secret}}]'

    def told(self):
        """{(serial, change, entry)} without what was told before a moment."""
        return {(e["data"]["serial"], e["type"].removeprefix("iprange."), e["data"]["entry"]) for e in self.events.values()
                if e["type"] != "iprange.reminder"}

    def judge(self, outside):
        """Once all has come: each change of the feed has its event, with its snapshot, and no event is without one. How many
        events and reminders there were."""
        since = min(outside.snapshots)
        changes = outside.document_at(f"/ip-ranges/changes.json?since={since}")["changes"]
        # That answers end was told ahead, by reminders.
        expected = {(c["serial"], c["change"], c["entry"]) for c in changes if c["change"] != "draining"}
        support.wait_for(lambda: self.told() >= expected, f"events {expected - self.told()}")
        if self.told() != expected:
            raise AssertionError(f"events of nothing in the feed: {self.told() - expected}")
        for event in self.events.values():
            data = event["data"]
            snapshot = outside.snapshots[data["serial"]]
            if hashlib.sha256(snapshot).hexdigest() != data["sha256"]:
                raise AssertionError(f"{event} is not of the snapshot of its serial")
            if not data["snapshot"].endswith(outside.path_of(data["serial"])):
                raise AssertionError(f"{event} names another snapshot")
            self.judge_instant(event, json.loads(snapshot))
        return len(expected), len(self.events) - len(expected)

    @staticmethod
    def judge_instant(event, document):
        """What an event says of the future is in the document that it names."""
        data = event["data"]
        entry = next(e for e in document["entries"] if e["id"] == data["entry"])
        if event["type"] in ("iprange.announced", "iprange.reminder"):
            moments = [entry["enabled_at"], entry["last_answer_at"]]
            if data["effective_at"] not in moments:
                raise AssertionError(f"{event}: the document says {moments}")
        if event["type"] == "iprange.reminder" and instant(data["effective_at"]) <= instant(event["timestamp"]):
            raise AssertionError(f"{event} reminds of what is over")
