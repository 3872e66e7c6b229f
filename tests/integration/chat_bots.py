"""Programs that chat by themselves: bots on libraries that people use, and a bouncer. Bots speak and
hear like the people of chat_people."""

import os
import subprocess

from chat_programs import skip

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bots")
_SYSTEM_PYTHON = "/usr/bin/python3"  # the one that has Debian's packages


def need_python_irc():
    found = subprocess.run([_SYSTEM_PYTHON, "-c", "import irc.client"], capture_output=True)
    if found.returncode != 0:
        skip("python3-irc is not installed")


def node_modules():
    """Where `./dev setup` puts what npm installs, or nothing where it could not."""
    checkout = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    folder = os.path.join(checkout, "build", "node", "node_modules")
    return folder if os.path.isdir(os.path.join(folder, "irc-framework")) else None


class _Bot:
    def __init__(self, test, *command, **options):
        self.program = test.program(*command, **options)
        self._await("welcome")

    def _await(self, pattern):
        self.program.await_match(rf"(?m)^{pattern}$")

    def _order(self, *words):
        self.program.write((" ".join(words) + "\n").encode())

    def join(self):
        self._order("join")
        self._await("joined")

    def say(self, text):
        self._order("say", text)

    def write_to(self, nick, text):
        self._order("write", nick, text)

    def sees(self, nick, text):
        self._await(rf"channel {nick} {text}")

    def reads(self, nick, text):
        self._await(rf"person {nick} {text}")


class PythonIrc(_Bot):
    """A bot on python3-irc."""

    def __init__(self, test, there, host, port, nick="petra", *password):
        self.nick = nick
        super().__init__(test, *there, _SYSTEM_PYTHON, os.path.join(_FOLDER, "python_irc_bot.py"),
                         host, port, nick, *password)


class IrcFramework(_Bot):
    """A bot on irc-framework, which Kiwi IRC and The Lounge stand on."""

    nick = "freya"

    def __init__(self, test, there, host, port):
        super().__init__(test, *there, "node", os.path.join(_FOLDER, "irc_framework_bot.js"),
                         host, port, self.nick, env=dict(os.environ, NODE_PATH=node_modules()))


class Znc:
    """A bouncer that stays on #lobby for zoe, who comes and goes."""

    nick = "zoe"
    port = "6690"

    def __init__(self, test, there, host, port):
        self.test, self.there = test, there
        home = os.path.join(test.folder, "znc")
        os.makedirs(os.path.join(home, "configs"))
        with open(os.path.join(home, "configs", "znc.conf"), "w") as configuration:
            configuration.write(_ZNC_CONFIGURATION.format(port=self.port, host=host, server=port))
        bouncer = test.program(*there, *_as_nobody(test.folder, home), "znc", "--foreground",
                               "--allow-root", "--datadir", home)
        bouncer.await_match(rf"Binding to port \[\+?{self.port}\].*\n.*")

    def attach(self):
        """A client of the bouncer."""
        return PythonIrc(self.test, self.there, "127.0.0.1", self.port, self.nick,
                         "zoe/pentad:sesame")


def _as_nobody(folder, home):
    """What to put before ZNC, which lets root wait for half a minute, where there is somebody else."""
    nobody = 65534
    try:
        for path, folders, files in os.walk(home):
            for each in (path, *(os.path.join(path, name) for name in folders + files)):
                os.chown(each, nobody, nobody)
    except OSError:
        return ()
    os.chmod(folder, 0o711)
    return "setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups"


_ZNC_CONFIGURATION = """
Version = 1.8.2
ConnectDelay = 0
AnonIPLimit = 100
<Listener here>
    Port = {port}
    Host = 127.0.0.1
    IPv4 = true
    IPv6 = false
    SSL = false
    AllowWeb = false
</Listener>
<User zoe>
    Pass = plain#sesame
    Nick = zoe
    Ident = zoe
    RealName = Zoe
    Buffer = 100
    AppendTimestamp = false
    PrependTimestamp = false
    <Network pentad>
        Server = {host} {server}
        FloodBurst = 100
        FloodRate = 0.1
        <Chan #lobby>
        </Chan>
    </Network>
</User>
"""
