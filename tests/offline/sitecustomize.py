"""Every process with this folder on its path is without a network: only this machine answers.

Who else is asked for stands in the file that ``ASKED`` names, if it names one.
"""

import os
import socket

OWN = ("127.", "::1", "localhost", "0.0.0.0")


def _refuse(host):
    if not str(host if host else "localhost").startswith(OWN) and host != socket.gethostname():
        if name := os.environ.get("ASKED"):
            with open(name, "a") as asked:
                asked.write(f"{host}\n")
        raise OSError(f"a process that must work without a network asked for {host}")


class Socket(socket.socket):
    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse(address[0])
        return super().connect(address)

    def connect_ex(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse(address[0])
        return super().connect_ex(address)


def getaddrinfo(host, *arguments, _real=socket.getaddrinfo, **options):
    _refuse(host.decode() if isinstance(host, bytes) else host)
    return _real(host, *arguments, **options)


socket.socket, socket.getaddrinfo = Socket, getaddrinfo
