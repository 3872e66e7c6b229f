"""`pentad serve` on a disk that hangs or fails: nobody but those who wait for the disk notices, an
operator is answered when it is on the disk, and what failed is tried again."""

import json
import os
import signal
import unittest

from chat_programs import ChatTest, await_that
from command_programs import LIMIT, PENTAD, on_each_stack
from held_syncs import HeldSyncs, skip_if_not_allowed, waits_to_open
from irc_person import Person, meet


class SlowDisk:
    def path(self, name):
        return os.path.join(self.folder, name)

    def settings(self, more=""):
        return (f'[files]\nbans = "{self.path("bans")}"\nlog = "{self.path("log")}"\n'
                f'audit = "{self.path("audit")}"\n[limits]\nmessages_per_second = 0\n{more}'
                '[[operators]]\nname = "root"\npassword = "sesame"\n')

    def bans(self):
        """The masks in the file, which is whole at any time."""
        if not os.path.exists(self.path("bans")):
            return []
        with open(self.path("bans")) as file:
            return [json.loads(line)["mask"] for line in file]

    def start(self):
        self.disk = HeldSyncs(self)
        with open(self.path("pentad.toml"), "w") as file:
            file.write(self.settings())
        self.server = self.program(*self.disk.prefix, *self.command(), **self.disk.options)
        self.address = self.server.await_errors(r"listening on (irc://\S+)\n").group(1)
        ann, bob, cid = (Person(self, self.address, nick) for nick in ("ann", "bob", "cid"))
        ann.say("OPER root sesame")
        ann.await_line(" MODE ann :+o")
        return ann, bob, cid

    def command(self):
        return (PENTAD, "serve", "--stack", self.stack, "--listen", "127.0.0.1:0", "--config",
                self.path("pentad.toml"))

    def test_stops_nobody_while_it_hangs(self):
        ann, bob, cid = self.start()
        ann.say("KLINE dan@* :one")
        first = self.disk.next()
        meet(ann, bob, cid)
        ann.say("KLINE eve@* :two")
        meet(ann, bob, cid)
        eve = Person(self, self.address, "eve")
        eve.await_line("(Banned: two)")
        self.assertEqual(self.bans(), [])

        self.disk.go_on(first)
        folder = self.disk.next()
        meet(ann, bob)
        self.assertEqual([line for line in ann.passed if "K-line" in line], [])
        self.disk.go_on(folder)
        ann.await_line(":K-line added for dan@*\r\n")
        second = self.disk.next()
        self.assertEqual(self.bans(), ["dan@*"])
        self.disk.go_on(second)
        self.disk.go_on(self.disk.next())
        ann.await_line(":K-line added for eve@*\r\n")
        self.assertEqual(self.bans(), ["dan@*", "eve@*"])

    def test_that_fails_leaves_the_file_as_it_was_and_is_tried_again(self):
        ann, bob, cid = self.start()
        ann.say("KLINE dan@* :one")
        self.disk.let_a_file_be_replaced()
        ann.await_line(":K-line added for dan@*\r\n")

        ann.say("UNKLINE dan@*")
        self.disk.fail(self.disk.next())
        ann.await_line(":K-line removed for dan@*, but the file of K-lines cannot be written "
                       "(Input/output error): it is tried again")
        self.assertEqual(self.bans(), ["dan@*"])
        self.assertFalse(os.path.exists(self.path("bans.new")))
        meet(ann, bob, cid)
        self.disk.let_a_file_be_replaced()
        ann.await_line(":The file of K-lines is written again\r\n")
        self.assertEqual(self.bans(), [])

    def test_that_fails_for_one_and_not_for_the_next(self):
        ann, *_ = self.start()
        ann.say("KLINE dan@* :one")
        first = self.disk.next()
        ann.say("KLINE eve@* :two")
        self.disk.fail(first)
        ann.await_line("K-line added for dan@*, but the file of K-lines cannot be written")
        self.disk.let_a_file_be_replaced()
        ann.await_line(":K-line added for eve@*\r\n")
        ann.await_line(":The file of K-lines is written again\r\n")
        self.assertEqual(self.bans(), ["dan@*", "eve@*"])

    def test_is_waited_for_at_the_end(self):
        ann, *_ = self.start()
        ann.say("KLINE dan@* :one")
        first = self.disk.next()
        ann.say("KLINE eve@* :two")
        ann.hears_nothing_more()
        self.server.process.send_signal(signal.SIGTERM)
        ann.await_line("ERROR :Closing Link")
        self.disk.go_on(first)
        self.disk.go_on(self.disk.next())
        self.disk.let_a_file_be_replaced()
        self.assertEqual(self.server.process.wait(LIMIT), 0)
        self.assertEqual(self.bans(), ["dan@*", "eve@*"])
        with open(self.path("log")) as log:
            events = [json.loads(line)["event"] for line in log]
        self.assertEqual(events.count("quit"), 3)

    def test_has_the_old_file_after_a_crash(self):
        ann, *_ = self.start()
        ann.say("KLINE dan@* :one")
        self.disk.let_a_file_be_replaced()
        ann.await_line(":K-line added for dan@*\r\n")
        ann.say("KLINE eve@* :two")
        self.disk.next()
        self.server.process.kill()
        self.server.process.wait()
        self.assertEqual(self.bans(), ["dan@*"])

    def test_with_the_configuration_stops_nobody_while_it_hangs(self):
        ann, bob, cid = self.start()
        os.remove(self.path("pentad.toml"))
        os.mkfifo(self.path("pentad.toml"))  # is read as soon as the test has written it
        ann.say("REHASH")
        ann.await_line(" 382 ann ")
        meet(ann, bob, cid)
        bob.say("STATS u")
        bob.await_line(" 219 bob ")
        with open(self.path("pentad.toml"), "w") as file:
            file.write(self.settings("clients = 7\n"))
        ann.await_line("NOTICE ann :Configuration: limits.clients: 10000 -> 7")

    def test_with_the_log_stops_nobody_while_it_hangs(self):
        ann, bob, cid = self.start()
        os.rename(self.path("log"), self.path("log.1"))
        os.mkfifo(self.path("log"))
        ann.say("REHASH")
        ann.await_line(" 382 ann ")
        await_that(lambda: waits_to_open(self.server.process.pid), "the log is opened again")
        meet(ann, bob, cid)
        dan = Person(self, self.address, "dan")
        dan.await_line(" 001 dan ")
        with open(self.path("log")) as log:
            ann.await_line(":The configuration is the same as before")
            while json.loads(log.readline()).get("nick") != "dan":
                pass


on_each_stack(SlowDisk, ChatTest)

if __name__ == "__main__":
    skip_if_not_allowed()
    unittest.main(verbosity=2)
