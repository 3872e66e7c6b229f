"""`pentad serve` and its files: what it says of a configuration, what it does when one is read again,
K-lines that outlive it, its log and its audit."""

import json
import os
import signal
import subprocess
import unittest

from chat_programs import ChatTest, await_that
from command_programs import LIMIT, PENTAD
from irc_person import Person


class Configuration(ChatTest):
    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, text, name="pentad.toml"):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def check(self, text):
        path = self.write(text, "checked.toml")
        done = subprocess.run([PENTAD, "serve", "--check-config", path], capture_output=True,
                              text=True, timeout=LIMIT)
        return done.returncode, done.stderr.replace(path, "FILE")

    def an_operator(self, address):
        ann = Person(self, address, "ann")
        ann.say("OPER root sesame")
        ann.await_line(" 381 ann ")
        return ann

    def settings(self, more=""):
        return (f'[files]\nbans = "{self.path("bans")}"\nlog = "{self.path("log")}"\n'
                f'audit = "{self.path("audit")}"\ncloak_key = "{self.path("key")}"\n'
                '[[operators]]\nname = "root"\npassword = "sesame"\n' + more)

    def test_is_checked(self):
        self.assertEqual(self.check("[limits]\nclients = 5\n"), (0, ""))
        self.assertEqual(self.check("[limits]\n  cleints = 5\n"),
                         (2, "FILE:2:3: unknown key 'cleints' in [limits]; did you mean 'clients'?\n"))
        self.assertEqual(self.check("[limits]\nclients = 0\n"),
                         (2, "FILE:2:11: clients must be from 1 to 1000000\n"))
        code, said = self.check("[server]\nname = \n")
        self.assertEqual(code, 2)
        self.assertRegex(said, r"^FILE:2:\d+: ")

    def test_is_read_again_on_sighup_and_rehash(self):
        path = self.write(self.settings())
        address = self.serve("--config", path)
        ann = self.an_operator(address)
        self.write(self.settings("[limits]\nclients = 7\n"))
        self.server.process.send_signal(signal.SIGHUP)
        ann.await_line("NOTICE ann :Configuration: limits.clients: 10000 -> 7")
        self.server.await_errors("configuration: limits.clients: 10000 -> 7\n")

        self.write(self.settings("[limits]\nclients = 7\nnick_length = 1\n"))
        ann.say("REHASH")
        ann.await_line(":The configuration stays as it was: ")
        self.server.await_errors(r"stays as it was: \S+:11:15: nick_length must be from 9 to 64\n")
        ann.say("REHASH")
        ann.await_line(":The configuration stays as it was: ")

        self.write(self.settings('[limits]\nclients = 7\n[server]\nmotd = "New."\n'))
        ann.say("REHASH")
        ann.await_line('Configuration: server.motd: "" -> "New.\\n"')
        ann.say("MOTD")
        ann.await_line(":- New.")

    def test_k_lines_outlive_the_server(self):
        path = self.write(self.settings())
        ann = self.an_operator(self.serve("--config", path))
        ann.say("KLINE 1w bob@* :no bobs")
        ann.await_line("K-line added for bob@*")
        await_that(lambda: self.read("audit").count("\n") == 2, "the audit")
        self.server.process.kill()
        self.server.process.wait()
        bob = Person(self, self.serve("--config", path), "bob")
        bob.await_line("(Banned: no bobs)")
        audit = [json.loads(line) for line in self.read("audit").splitlines()]
        self.assertEqual([entry["event"] for entry in audit], ["oper", "operator"])
        self.assertEqual(audit[1]["parameters"], ["1w", "bob@*", "no bobs"])
        self.assertEqual(os.stat(self.path("bans")).st_mode & 0o777, 0o600)

    def test_a_file_of_k_lines_that_cannot_be_written_stays_as_it_was(self):
        os.mkdir(self.path("state"))
        path = self.write(self.settings().replace(self.path("bans"), self.path("state/bans")))
        ann = self.an_operator(self.serve("--config", path))
        ann.say("KLINE bob@* :one")
        ann.await_line("K-line added for bob@*\r\n")
        kept = self.read("state/bans")
        os.mkdir(self.path("state/bans.new"))
        ann.say("KLINE cid@* :two")
        ann.await_line("but the file of K-lines cannot be written (Is a directory)")
        self.assertEqual(self.read("state/bans"), kept)
        os.rmdir(self.path("state/bans.new"))
        ann.say("KLINE dan@* :three")
        ann.await_line("K-line added for dan@*\r\n")
        self.assertIn("cid@*", self.read("state/bans"))

    def test_wrong_files_are_refused_at_the_start(self):
        path = self.write(self.settings())
        self.write("noise\n", "bans")
        server = self.program(PENTAD, "serve", "--listen", "127.0.0.1:0", "--config", path)
        self.assertEqual(server.process.wait(LIMIT), 2)
        server.await_errors(r"bans:1: not a ban: a JSON object with mask, ")

    def test_the_key_of_cloaks_is_made_once(self):
        path = self.write(self.settings())
        for _ in range(2):
            self.serve("--config", path)
            self.server.process.kill()
            key = self.read("key")
            self.assertRegex(key, r"^[0-9a-f]{32}\n$")
        self.assertEqual(os.stat(self.path("key")).st_mode & 0o777, 0o600)
        self.assertEqual(self.read("key"), key)

    def test_a_log_that_was_moved_away_is_begun_anew(self):
        ann = self.an_operator(self.serve("--config", self.write(self.settings())))
        os.rename(self.path("log"), self.path("log.1"))
        self.server.process.send_signal(signal.SIGHUP)
        ann.await_line("The configuration is the same as before")
        Person(self, self.server_address(), "bob").await_line(" 001 bob ")
        names = lambda log: [json.loads(line).get("nick") for line in self.read(log).splitlines()]
        self.assertEqual(names("log.1"), ["ann", "ann"])
        await_that(lambda: names("log") == ["bob"], "bob in the log")

    def server_address(self):
        return self.server.await_errors(r"listening on (irc://\S+)\n").group(1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
