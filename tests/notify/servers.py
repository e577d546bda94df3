"""Servers on this machine, for what a run tells: a web server and a mail server that remember what they were sent."""

import base64
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Web(HTTPServer):
    """Remembers requests; answers 200, or first with each of ``statuses`` in turn, with ``reason`` and ``location``.

    While it ``drips`` an answer does not end: a letter of a heading comes now and then.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Asked)
        self.requests, self.statuses = [], []
        self.reason = self.location = None
        self.drips = False
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class _Asked(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, dict(self.headers), body))
        if self.server.drips:
            self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Wait: ")
            while self.server.drips:
                self.wfile.write(b".")
                time.sleep(0.05)
            return
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200, self.server.reason)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    def log_message(self, *_):
        pass


class Post(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it was sent; with a certificate it offers STARTTLS and asks for a password."""

    daemon_threads = True

    def __init__(self, certificate: Path | None = None):
        super().__init__(("127.0.0.1", 0), _Posted)
        self.port = self.server_address[1]
        self.messages, self.logins, self.certificate = [], [], certificate
        self.refuses = {}
        """What is answered to whom it does not take messages for."""


class _Posted(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 ready")
        secure, sender, to = False, "", []
        while line := self.rfile.readline().decode().strip():
            command = line.split()[0].upper()
            if command == "EHLO":
                offers = ["AUTH PLAIN"] if secure else ["STARTTLS"] * bool(self.server.certificate)
                self.say("\r\n".join([f"250-{each}" for each in ["here", *offers]] + ["250 OK"]))
            elif command == "STARTTLS":
                self.say("220 go on")
                self.secure()
                secure = True
            elif command == "AUTH":
                self.server.logins.append(base64.b64decode(line.split()[2]).decode().split("\0")[1:])
                self.say("235 welcome")
            elif command == "MAIL":
                sender, to = line.partition("<")[2].partition(">")[0], []
                self.say("250 OK")
            elif command == "RCPT":
                whom = line.partition("<")[2].partition(">")[0]
                refused = self.server.refuses.get(whom)
                to += [whom] * (not refused)
                self.say(refused or "250 OK")
            elif command == "DATA":
                self.say("354 go on")
                self.server.messages.append((sender, to, self.message()))
                self.say("250 kept")
            elif command == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 OK")
        return None

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())
        self.wfile.flush()

    def secure(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")

    def finish(self):
        super().finish()
        self.connection.close()

    def message(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)


@contextmanager
def serving(server) -> Iterator:
    """Serve until the block ends."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
