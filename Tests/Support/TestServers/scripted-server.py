#!/usr/bin/env python3
"""An HTTP server that does what a script says, so that lying and failing servers can be had at will.

scripted-server.py SCRIPT [CERTIFICATE KEY]: prints its port, and ends when standard input does. /.requests gives the log.
The script is a JSON array of rules; the first that fits a request and is not used up answers it. See ScriptedServer.swift.
"""
import base64
import json
import os
import socket
import socketserver
import ssl
import sys
import threading
import time

rules = json.load(open(sys.argv[1]))
log = []
lock = threading.Lock()


def choose(method, path, headers):
    with lock:
        for rule in rules:
            if rule.get("method", method) != method or not matches(rule, path):
                continue
            if any(headers.get(name.lower()) != value for name, value in rule.get("requires", {}).items()):
                continue
            if rule.get("times") == 0:
                continue
            if "times" in rule:
                rule["times"] -= 1
            return rule
    return {"status": 404, "body": "no rule"}


def matches(rule, path):
    wanted = rule["path"]
    return path.startswith(wanted[:-1]) if wanted.endswith("*") else path == wanted


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while self.answer():
                pass
        except (OSError, ValueError):
            pass

    def answer(self):
        line = self.rfile.readline(65536).decode("latin-1").strip()
        if not line:
            return False
        method, path, _ = line.split(" ", 2)
        headers = {}
        while True:
            line = self.rfile.readline(65536).decode("latin-1").strip()
            if not line:
                break
            name, value = line.split(":", 1)
            headers[name.strip().lower()] = value.strip()
        entry = {"method": method, "path": path, "headers": headers, "received": 0, "sent": 0}
        if path == "/.requests":
            with lock:
                return self.send({"body": json.dumps(log)}, method, {}, entry)
        rule = choose(method, path, headers)
        with lock:
            log.append(entry)
        if rule.get("hangUp"):
            return False
        entry["received"] = self.take(headers)
        return self.send(rule, method, headers, entry)

    def take(self, headers):
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        left = total = int(headers.get("content-length", 0))
        if headers.get("transfer-encoding", "") == "chunked":
            while size := int(self.rfile.readline(100), 16):
                self.rfile.read(size + 2)
                total += size
            self.rfile.readline(100)
        while left > 0:
            data = self.rfile.read(min(left, 1 << 16))
            if not data:
                raise OSError
            left -= len(data)
        return total

    def body(self, rule):
        if "file" in rule:
            return open(rule["file"], "rb").read()
        if "base64" in rule:
            return base64.b64decode(rule["base64"])
        return rule.get("body", "").encode()

    def send(self, rule, method, headers, entry):
        time.sleep(rule.get("delay", 0))
        body = self.body(rule)
        status = rule.get("status", 200)
        answer = {name: value.replace("{port}", str(port)) for name, value in rule.get("headers", {}).items()}
        if rule.get("ranges") and headers.get("range", "").startswith("bytes="):
            first, last = headers["range"][6:].split("-")
            total, first = len(body), int(first)
            last = min(int(last), total - 1) if last else total - 1
            status, body = 206, body[first:last + 1]
            answer.setdefault("Content-Range", "bytes %d-%d/%d" % (first, last, total))
        endless = rule.get("endless")
        if not endless:
            answer.setdefault("Content-Length", str(len(body)))
        head = "HTTP/1.1 %d Status\r\n" % status + "".join("%s: %s\r\n" % pair for pair in answer.items()) + "\r\n"
        self.wfile.write(b"" if rule.get("raw") else head.encode())
        if method == "HEAD":
            return True
        for place in range(len(body) if rule.get("drip") else 0):
            self.pour(body[place:place + 1], entry)
            time.sleep(rule["drip"])
        body = b"" if rule.get("drip") else body
        cut = rule.get("cutAfter", len(body))
        self.pour(body[:cut], entry)
        while endless:
            self.pour(b"x" * 65536 if rule.get("raw") or not body else body, entry)
        if rule.get("stall"):
            time.sleep(rule["stall"])
        return cut >= len(body) and answer.get("Connection") != "close"

    def pour(self, data, entry):
        for start in range(0, len(data), 65536):
            piece = data[start:start + 65536]
            # Counted before, so that whoever has the bytes finds them counted.
            entry["sent"] += len(piece)
            self.wfile.write(piece)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def get_request(self):
        connection, address = super().get_request()
        return (context.wrap_socket(connection, server_side=True) if context else connection), address

    def handle_error(self, request, address):
        pass


context = None
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
server = Server(("127.0.0.1", 0), Handler)
port = server.server_address[1]
threading.Thread(target=server.serve_forever, daemon=True).start()
print(port, flush=True)
sys.stdin.read()
os._exit(0)
