#!/usr/bin/env python3
"""Runs a program for as long as standard input is open, so that no server outlives the test that started it."""
import subprocess
import sys

child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
print(child.pid, flush=True)
try:
    sys.stdin.read()
finally:
    child.kill()
    child.wait()
