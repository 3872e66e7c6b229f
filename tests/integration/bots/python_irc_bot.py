"""A bot on python3-irc, led by its standard input: HOST PORT NICK [PASSWORD]. It prints what it
hears."""

import sys
import threading

import irc.client

host, port, nick = sys.argv[1:4]
password = sys.argv[4] if len(sys.argv) > 4 else None


def tell(*words):
    print(*words, flush=True)


def heard(kind):
    return lambda _, event: tell(kind, event.source.nick, event.arguments[0])


# Debian 12 has a version that calls it IRC.
make_reactor = getattr(irc.client, "Reactor", None) or irc.client.IRC
reactor = make_reactor()
server = reactor.server()
server.add_global_handler("welcome", lambda *_: tell("welcome"))
server.add_global_handler("endofnames", lambda *_: tell("joined"))
server.add_global_handler("pubmsg", heard("channel"))
server.add_global_handler("privmsg", heard("person"))
server.connect(host, int(port), nick, password=password)


def obey():
    for line in sys.stdin:
        order, _, rest = line.rstrip("\n").partition(" ")
        if order == "join":
            server.join("#lobby")
        elif order == "say":
            server.privmsg("#lobby", rest)
        elif order == "write":
            server.privmsg(*rest.split(" ", 1))


threading.Thread(target=obey, daemon=True).start()
reactor.process_forever(0.05)
