"""`pentad serve` on a disk that is full, a small file system of the test's own: operators are told,
clients go on, no file has half a line, and when there is room again nothing is missing."""

import errno
import json
import os
import subprocess
import unittest

from chat_programs import ChatTest, skip
from command_programs import PENTAD, on_each_stack
from irc_person import Person, meet
from own_namespaces import go_on_inside


def mount(folder):
    return subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "small", folder],
                          capture_output=True, text=True)


class FullDisk:
    def setUp(self):
        super().setUp()
        self.disk = os.path.join(self.folder, "disk")
        os.mkdir(self.disk)
        mounted = mount(self.disk)
        self.assertEqual(mounted.returncode, 0, mounted.stderr)
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.disk], check=True)
        self.settings = os.path.join(self.folder, "pentad.toml")
        with open(self.settings, "w") as file:
            file.write("[files]\n")
            for key in ("bans", "log", "audit", "cloak_key"):
                file.write(f'{key} = "{self.disk}/{key}"\n')
            file.write("[limits]\nmessages_per_second = 0\n"
                       '[[operators]]\nname = "root"\npassword = "sesame"\n')

    def fill(self):
        with open(self.path("filler"), "wb", buffering=0) as file:
            for size in (4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError as error:
                    self.assertEqual(error.errno, errno.ENOSPC)

    def path(self, name):
        return os.path.join(self.disk, name)

    def entries(self, name):
        """The lines of a file, each of which is whole."""
        with open(self.path(name)) as file:
            text = file.read()
        self.assertTrue(text == "" or text.endswith("\n"), text[-200:])
        return [json.loads(line) for line in text.splitlines()]

    def masks(self):
        return [entry["mask"] for entry in self.entries("bans")]

    def audited(self):
        return [entry["parameters"][0] for entry in self.entries("audit")
                if entry.get("command") == "KLINE"]

    def start(self):
        return self.serve("--config", self.settings, "--stack", self.stack)

    def an_operator(self, address, nick):
        made = Person(self, address, nick)
        made.say("OPER root sesame")
        made.await_line(f" 381 {nick} ")
        return made

    def test_is_survived(self):
        address = self.start()
        ann = self.an_operator(address, "ann")
        bob, cid = (Person(self, address, nick) for nick in ("bob", "cid"))
        ann.say("KLINE p0@* :before")
        ann.await_line(":K-line added for p0@*\r\n")
        self.fill()

        # The logs may have room left in their last page.
        wanted = {"bans": "K-line added for p1@*, but the file of K-lines cannot be written "
                          "(No space left on device): it is tried again",
                  "log": f":{self.path('log')}: No space left on device",
                  "audit": f":{self.path('audit')}: No space left on device"}
        masks = ["p0@*"]
        while wanted:
            masks.append(f"p{len(masks)}@*")
            ann.say(f"KLINE {masks[-1]} :{'x' * 200}")
            line = ann.await_line(f"K-line added for {masks[-1]}, but ")
            for name, text in list(wanted.items()):
                if any(text in each for each in (line, *ann.passed)):
                    del wanted[name]
            self.assertLess(len(masks), 100, wanted)
        self.assertEqual(self.masks(), ["p0@*"])
        self.assertEqual(self.audited(), masks[:len(self.audited())])
        self.assertLess(len(self.audited()), len(masks))
        self.entries("log")
        self.assertFalse(os.path.exists(self.path("bans.new")))

        meet(ann, bob, cid)
        dan = Person(self, address, "dan")
        dan.await_line(" 001 dan ")
        Person(self, address, "p1").await_line("(Banned: ")
        self.assertRegex(self.server.errors, "log: No space left on device\n")

        os.remove(self.path("filler"))
        for _ in ("bans", "log", "audit"):
            ann.await_line("written again")
        self.assertEqual(self.masks(), masks)
        self.assertEqual(self.audited(), masks)
        nicks = [entry.get("nick") for entry in self.entries("log") if entry["event"] == "registered"]
        self.assertEqual(nicks, ["ann", "bob", "cid", "dan"])

        self.server.process.kill()
        self.server.process.wait()
        Person(self, self.start(), "p1").await_line("(Banned: ")

    def test_before_the_start_is_told(self):
        self.fill()
        server = self.program(PENTAD, "serve", "--listen", "127.0.0.1:0", "--config", self.settings)
        self.assertEqual(server.wait(), 2)
        self.assertRegex(server.errors, r"cloak_key: No space left on device\n")
        self.assertFalse(os.path.exists(self.path("cloak_key")))


on_each_stack(FullDisk, ChatTest)

if __name__ == "__main__":
    go_on_inside("--net", "--mount")
    if (tried := mount("/mnt")).returncode != 0:
        skip("no file system can be mounted here: " + tried.stderr.strip())
    unittest.main(verbosity=2)
