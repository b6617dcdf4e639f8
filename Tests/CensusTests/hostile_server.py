"""A server of the MySQL protocol that is after what its clients know, or somebody on the way to one.

    python3 hostile_server.py [OPTION...] MOVE...

It listens on a port of its own, which it writes into the file `port`, takes one client, and answers
each of the client's packets with the next move; after the last one it goes on with that. Each packet
of the client is a line of the file `packets`, in hexadecimal; `scramble` is the number that a hash of
the password is to be made with.

Moves: `ok`; `full`, the demand of caching_sha2_password for the password; `key`, the public key in
the file `key.pem`; `switch:METHOD`, another method of authentication; `old`, the method of before
4.1; `file:PATH`, the request for a file; `relay`, what the server behind says to it; `pass`, all that
is said from then on; `close`.

Options: `--behind PORT`, the server to which `relay` goes, and whose greeting is passed on without
its offer of TLS; `--method NAME`, the method of the greeting; `--without BIT`, a capability that it
lacks; `--certificate FILE --key FILE`, offers TLS; `--address ADDRESS`.

MariaDB, "Client/Server Protocol"; MySQL Internals, "Connection Phase Packets".
"""
import argparse
import os
import socket
import ssl
import struct
import threading

parser = argparse.ArgumentParser()
parser.add_argument("--behind", type=int)
parser.add_argument("--method", default="mysql_native_password")
parser.add_argument("--without", type=int, action="append", default=[])
parser.add_argument("--certificate")
parser.add_argument("--key")
parser.add_argument("--address", default="127.0.0.1")
parser.add_argument("moves", nargs="+")
arguments = parser.parse_args()

SCRAMBLE = b"abcdefghijklmnopqrst"
SSL, PLUGIN_AUTH = 11, 19
OK = b"\0\0\0\2\0\0\0"

listener = socket.create_server((arguments.address, 0))
listener.settimeout(60)
packets = open("packets", "w")
with open("port.new", "w") as file:
    file.write(str(listener.getsockname()[1]))
os.rename("port.new", "port")


class Channel:
    """Packets: three bytes of length, one of number, and the payload."""

    def __init__(self, connection):
        self.connection, self.number = connection, 0
        connection.settimeout(20)

    def read(self, count):
        received = b""
        while len(received) < count:
            part = self.connection.recv(count - len(received))
            if not part:
                raise EOFError
            received += part
        return received

    def receive(self):
        header = self.read(4)
        self.number = header[3] + 1
        return self.read(int.from_bytes(header[:3], "little"))

    def send(self, payload):
        number = self.number.to_bytes(1, "little")
        self.connection.sendall(len(payload).to_bytes(3, "little") + number + payload)


def greeting():
    # PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH, LOCAL_FILES, CONNECT_WITH_DB, TRANSACTIONS.
    capabilities = 0x0008A288 | 1 << SSL if arguments.certificate else 0x0008A288
    for bit in arguments.without:
        capabilities &= ~(1 << bit)
    return (
        b"\x0a5.5.5-10.11.0-MariaDB\0" + struct.pack("<I", 7) + SCRAMBLE[:8] + b"\0"
        + struct.pack("<H", capabilities & 0xFFFF) + b"\x2d" + struct.pack("<H", 2)
        + struct.pack("<H", capabilities >> 16) + bytes([21]) + bytes(10)
        + SCRAMBLE[8:] + b"\0" + arguments.method.encode() + b"\0")


def stripped(payload):
    """A greeting without the offer of TLS."""
    start = payload.index(b"\0", 1) + 1 + 4
    place = start + 8 + 1
    note_scramble(payload[start:start + 8] + payload[place + 18:place + 18 + 12])
    low = int.from_bytes(payload[place:place + 2], "little") & ~(1 << SSL)
    return payload[:place] + low.to_bytes(2, "little") + payload[place + 2:]


def note_scramble(scramble):
    with open("scramble", "wb") as file:
        file.write(scramble)


def pass_on(source, destination):
    try:
        while received := source.recv(1 << 16):
            destination.sendall(received)
        destination.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # one of the two is gone


def main():
    connection, _ = listener.accept()
    client, server = Channel(connection), None
    if arguments.behind:
        server = Channel(socket.create_connection(("127.0.0.1", arguments.behind)))
        client.send(stripped(server.receive()))
    else:
        note_scramble(SCRAMBLE)
        client.send(greeting())

    def receive():
        payload = client.receive()
        packets.write(payload.hex() + "\n")
        packets.flush()
        return payload

    moves = iter(arguments.moves)
    move = None
    while True:
        payload = receive()
        if move is None and arguments.certificate and len(payload) == 32:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(arguments.certificate, arguments.key)
            number = client.number
            client = Channel(context.wrap_socket(client.connection, server_side=True))
            client.number = number
            payload = receive()
        move = next(moves, move)
        name, _, value = move.partition(":")
        if name == "ok":
            client.send(OK)
        elif name == "full":
            client.send(b"\1\4")
        elif name == "key":
            with open("key.pem", "rb") as file:
                client.send(b"\1" + file.read())
        elif name == "switch":
            # How the plugin `dialog` is asked for a password.
            prompt = b"\4Password: " if value == "dialog" else SCRAMBLE + b"\0"
            client.send(b"\xfe" + value.encode() + b"\0" + prompt)
        elif name == "old":
            client.send(b"\xfe")
        elif name == "file":
            # Only a query can be answered so.
            client.send(b"\xfb" + value.encode() if payload[:1] == b"\3" else OK)
        elif name == "relay":
            server.number = client.number - 1
            server.send(payload)
            client.send(server.receive())
            client.number = server.number
        elif name == "pass":
            server.number = client.number - 1
            server.send(payload)
            threading.Thread(
                target=pass_on, args=(server.connection, client.connection), daemon=True).start()
            while True:
                payload = receive()
                server.number = client.number - 1
                server.send(payload)
        else:
            break


try:
    main()
except (EOFError, OSError):
    pass  # the client has had enough
