#!/usr/bin/env python3
"""Passes requests on to a server of this machine, counts them, and breaks off at one of them when it is told to.

counting-proxy.py PORT [tokens]: prints its own port, and ends when standard input does; with tokens it wants one (distribution
specification, "Token Authentication") and gives one to whoever asks at /.token. /.log gives the requests as JSON, with the bytes of
each and of its answer, as the server sent it, heads included; /.cut/N/before and
/.cut/N/after break off at request N (from 1 on, counted anew) before it is passed on, or before its answer; nothing is answered
from then on, until /.whole.
"""
import http.client
import json
import os
import socketserver
import sys
import threading

upstream = int(sys.argv[1])
tokens = len(sys.argv) > 2
lock = threading.Lock()
log = []
cut = None


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while self.answer():
                pass
        except (OSError, ValueError, http.client.HTTPException):
            pass

    def answer(self):
        global cut
        line = self.rfile.readline(65536)
        sent = len(line)
        if not line.strip():
            return False
        method, path, _ = line.decode("latin-1").strip().split(" ", 2)
        headers = {}
        while line := self.rfile.readline(65536):
            sent += len(line)
            if not line.strip():
                break
            name, value = line.decode("latin-1").split(":", 1)
            headers[name.strip().lower()] = value.strip()
        if path.startswith("/.") and not path.startswith("/.token"):
            return self.control(path)
        with lock:
            entry = {"method": method, "path": path, "sent": sent + int(headers.get("content-length", 0)), "range": headers.get("range")}
            log.append(entry)
            number, limit, when = len(log), cut[0] if cut else 0, cut[1] if cut else ""
        if limit and (number > limit or number == limit and when == "before"):
            return False
        body = self.body(headers)
        if tokens and (path.startswith("/.token") or headers.pop("authorization", "") != "Bearer a-token"):
            return self.challenge(path)
        connection = http.client.HTTPConnection("127.0.0.1", upstream, timeout=30)
        headers.pop("expect", None)
        connection.request(method, path, body=body, headers={**headers, "connection": "close"})
        response = connection.getresponse()
        data = response.read()
        connection.close()
        names = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
        entry["status"] = response.status
        entry["received"] = len("HTTP/1.1 200 %s\r\n\r\n" % response.reason) + names + len(data)
        if limit and number == limit:
            return False
        head = "HTTP/1.1 %d Status\r\n" % response.status
        for name, value in response.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                head += "%s: %s\r\n" % (name, value)
        length = response.getheader("content-length", "0") if method == "HEAD" else len(data)
        self.wfile.write((head + "Content-Length: %s\r\n\r\n" % length).encode("latin-1") + data)
        return True

    def challenge(self, path):
        if path.startswith("/.token"):
            head, data = "HTTP/1.1 200 OK\r\n", b'{"token": "a-token", "expires_in": 600}'
        else:
            realm = "http://127.0.0.1:%d/.token" % server.server_address[1]
            head = 'HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer realm="%s",service="test"\r\n' % realm
            data = b"{}"
        self.wfile.write((head + "Content-Length: %d\r\n\r\n" % len(data)).encode() + data)
        return True

    def body(self, headers):
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self.rfile.read(int(headers.get("content-length", 0)))

    def control(self, path):
        global cut
        with lock:
            words = path.split("/")
            data = json.dumps(log).encode()
            if words[1] == ".cut":
                cut = (int(words[2]), words[3])
                log.clear()
            elif words[1] == ".whole":
                cut = None
                log.clear()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(data) + data)
        return True


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request, address):
        pass


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
