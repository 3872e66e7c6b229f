"""`pentad flows`: what it shows is what ss shows, row by row; its filters, its JSON, the flows of a
program on the own stack, and the live table."""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import threading
import unittest

from chat_programs import Terminal, await_that
from command_programs import LIMIT, PENTAD, CommandTest, require
from native_programs import LINUX, NATIVE, PORT, STACK
from own_namespaces import go_on_inside

require("ip", "ss", "unshare")

STATES = {"LISTEN": "listen", "ESTAB": "established", "UNCONN": "unconnected",
          "SYN-SENT": "syn-sent", "SYN-RECV": "syn-received", "FIN-WAIT-1": "fin-wait-1",
          "FIN-WAIT-2": "fin-wait-2", "CLOSE-WAIT": "close-wait", "CLOSING": "closing",
          "LAST-ACK": "last-ack", "TIME-WAIT": "time-wait"}
UNIX_KINDS = {"u_str": "stream", "u_dgr": "datagram", "u_seq": "sequenced"}
RAW_PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6"}


go_on_inside("--net")

needs_ipv6 = unittest.skipUnless(socket.has_ipv6 and os.path.exists("/proc/net/if_inet6"), "no IPv6")


def end_of_ss(text):
    """An end as ss writes it: its address without brackets, interface and form of IPv6."""
    address, _, port = text.rpartition(":")
    address = re.sub("%.*", "", address.strip("[]").replace("[", "").replace("]", ""))
    address = address.removeprefix("::ffff:")
    return ("any" if address in ("*", "0.0.0.0", "::") else address, 0 if port == "*" else int(port))


def end_of_json(end):
    address = re.sub("%.*", "", end["address"])
    return ("any" if address in ("0.0.0.0", "::") else address, end["port"])


def processes_of_ss(text):
    return sorted({(int(pid), name) for name, pid in re.findall(r'\("([^"]+)",pid=(\d+),', text)})


def rows_of_ss():
    """What ss tells of TCP, UDP and raw sockets."""
    done = subprocess.run(["ss", "-HOnatuwp"], check=True, capture_output=True, text=True)
    rows = []
    for line in done.stdout.splitlines():
        netid, state, receive, send, local, remote, *rest = line.split(None, 6)
        local, remote = end_of_ss(local), end_of_ss(remote)
        protocol = netid
        if netid == "raw":
            protocol = "raw " + RAW_PROTOCOLS.get(local[1], str(local[1]))
            local, remote = (local[0], 0), (remote[0], 0)
        rows.append((protocol, STATES[state], int(receive), int(send), local, remote,
                     processes_of_ss("".join(rest))))
    return sorted(rows)


def unix_rows_of_ss():
    done = subprocess.run(["ss", "-HOnaxp"], check=True, capture_output=True, text=True)
    rows = []
    for line in done.stdout.splitlines():
        netid, state, receive, send, name, inode, _, peer, *rest = line.split(None, 8)
        rows.append((UNIX_KINDS[netid], STATES[state], int(receive), int(send),
                     "" if name == "*" else name, int(inode), int(peer),
                     processes_of_ss("".join(rest))))
    return sorted(rows)


def queues_of(flow):
    """As ss has them: of a listener, how many connections wait and may wait."""
    if flow["state"] == "listen":
        return flow["waiting"], flow["backlog"]
    return flow["receive_queue"], flow["send_queue"]


def processes_of(flow):
    return sorted((each["id"], each["name"]) for each in flow.get("processes", ()))


def row_of(flow):
    raw = "raw " if flow["kind"] == "raw" else ""
    receive, send = queues_of(flow) if flow["state"] != "time-wait" else (0, 0)
    return (raw + flow["protocol"], flow["state"], receive, send, end_of_json(flow["local"]),
            end_of_json(flow["remote"]), processes_of(flow))


def unix_row_of(flow):
    return (flow["kind"], flow["state"], *queues_of(flow), flow["local"]["path"], flow["inode"],
            flow.get("peer_inode", 0), processes_of(flow))


class FlowsTest(CommandTest):
    def run_flows(self, *arguments, status=0, **environment):
        """What `pentad flows` writes."""
        flows = self.program(PENTAD, "flows", *arguments, stdin=subprocess.DEVNULL,
                             env={**os.environ, "XDG_RUNTIME_DIR": "", **environment})
        self.assert_ends(flows, status)
        self.complaints = flows.errors
        return flows.output.decode()

    def flows(self, *arguments, **environment):
        lines = self.run_flows("--json", *arguments, **environment).splitlines()
        return [json.loads(line) for line in lines]

    def keep(self, made):
        self.addCleanup(made.close)
        return made

    def socket(self, family, kind, protocol=0):
        return self.keep(socket.socket(family, kind, protocol))

    def server(self, host, backlog=5, **options):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return self.keep(socket.create_server((host, 0), family=family, backlog=backlog, **options))

    def connection(self, host="127.0.0.1", **options):
        """Both ends of a connection of TCP, the connecting one first."""
        server = self.server(host, **options)
        target = "127.0.0.1" if options else host
        client = self.keep(socket.create_connection((target, server.getsockname()[1])))
        return client, self.keep(server.accept()[0])


class SameAsSs(FlowsTest):
    def assert_same_as_ss(self, least):
        def rows_of_both():
            """Once they did not change meanwhile: an end is acknowledged a little later."""
            before = rows_of_ss()
            ours = sorted(row_of(flow) for flow in self.flows()
                          if flow["protocol"] != "unix" and not is_ping(flow))
            return (ours, before) if before == rows_of_ss() else None

        ours, of_ss = await_that(rows_of_both, "rows that stay the same")
        self.assertEqual(ours, of_ss)
        self.assertGreaterEqual(len(ours), least)

    def test_tcp_in_all_its_states(self):
        server = self.server("127.0.0.1", backlog=9)
        waits = self.keep(socket.create_connection(server.getsockname()))
        waits.sendall(b"nobody has accepted this")
        near, far = self.connection()
        near.sendall(b"unread")
        await_that(lambda: far.recv(6, socket.MSG_PEEK) == b"unread", lambda: "bytes")
        ending, other = self.connection()
        ending.shutdown(socket.SHUT_WR)
        self.assertEqual(other.recv(1), b"")
        first, second = self.connection()
        first.close()
        self.assertEqual(second.recv(1), b"")
        second.close()
        full = self.server("127.0.0.1", backlog=0)
        self.keep(socket.create_connection(full.getsockname()))
        unanswered = self.socket(socket.AF_INET, socket.SOCK_STREAM)
        unanswered.setblocking(False)
        unanswered.connect_ex(full.getsockname())
        await_that(lambda: any(row[1] == "fin-wait-2" for row in rows_of_ss()), "an acknowledged end")
        self.assert_same_as_ss(13)
        states = {flow["state"] for flow in self.flows()}
        self.assertLessEqual({"listen", "established", "fin-wait-2", "close-wait", "time-wait",
                              "syn-sent"}, states)

    @needs_ipv6
    def test_tcp_over_ipv6_and_ipv4_on_a_socket_of_both(self):
        self.connection("::1")
        self.connection("::", dualstack_ipv6=True)
        self.assert_same_as_ss(6)

    def test_udp_with_and_without_a_peer(self):
        bound = self.socket(socket.AF_INET, socket.SOCK_DGRAM)
        bound.bind(("127.0.0.1", 0))
        connected = self.socket(socket.AF_INET, socket.SOCK_DGRAM)
        connected.connect(bound.getsockname())
        connected.send(b"unread")
        anywhere = self.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        anywhere.bind(("::", 0))
        on_device = self.socket(socket.AF_INET, socket.SOCK_DGRAM)
        on_device.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
        on_device.bind(("0.0.0.0", 0))
        self.assert_same_as_ss(4)
        found = self.flows("--filter", f"udp *:{on_device.getsockname()[1]} > *:*")
        self.assertEqual([flow.get("interface") for flow in found], [socket.if_nametoindex("lo")])

    def test_raw_sockets(self):
        self.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.socket(socket.AF_INET, socket.SOCK_RAW, 89)
        connected = self.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        connected.connect(("127.0.0.1", 0))
        self.socket(socket.AF_INET6, socket.SOCK_RAW, 58)
        self.assert_same_as_ss(4)

    def test_unix_sockets(self):
        path = self.folder + "/listener"
        server = self.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(path)
        server.listen(3)
        client = self.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.connect(path)
        accepted = self.keep(server.accept()[0])
        client.sendall(b"unread")
        waiting = self.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        waiting.connect(path)
        for kind in socket.SOCK_DGRAM, socket.SOCK_SEQPACKET:
            for end in socket.socketpair(socket.AF_UNIX, kind):
                self.keep(end)
        abstract = self.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        abstract.bind(f"\0pentad-test-{os.getpid()}")
        flows = [flow for flow in self.flows() if flow["protocol"] == "unix"]
        self.assertEqual(sorted(unix_row_of(flow) for flow in flows), unix_rows_of_ss())
        ends = {flow["inode"]: flow for flow in flows}
        inode = os.fstat(client.fileno()).st_ino
        self.assertEqual(ends[inode]["remote"], {"path": path})
        self.assertEqual(ends[inode]["peer_inode"], os.fstat(accepted.fileno()).st_ino)

    def test_what_tcp_measures(self):
        near, far = self.connection()
        for _ in range(20):
            near.sendall(b"x" * 1000)
            far.recv(1000, socket.MSG_WAITALL)
        port = near.getsockname()[1]

        def told_by_ss():
            done = subprocess.run(["ss", "-HOnti", f"sport = :{port}"], check=True,
                                  capture_output=True, text=True)
            return re.sub(r"\b(lastsnd|lastrcv|lastack|pacing_rate|send|rcv_space):?.*? ", "", done.stdout)

        def told_by_both():
            """Once it did not change meanwhile."""
            before = told_by_ss()
            flow, = self.flows("--filter", f"tcp *:{port} > *:*")
            return (before, flow) if before == told_by_ss() else None
        told, flow = await_that(told_by_both, "what ss and pentad tell")
        rtt, variance = re.search(r"\brtt:([\d.]+)/([\d.]+)", told).groups()
        self.assertEqual(flow["rtt"], round(float(rtt) * 1e6))
        self.assertEqual(flow["rtt_variance"], round(float(variance) * 1e6))
        mss = int(re.search(r"\bmss:(\d+)", told).group(1))
        self.assertEqual(flow["segment_size"], mss)
        self.assertEqual(flow["congestion_window"],
                         mss * int(re.search(r"\bcwnd:(\d+)", told).group(1)))
        self.assertEqual(flow["retransmits"], 0)
        self.assertEqual(flow["bytes_acknowledged"],
                         int(re.search(r"\bbytes_acked:(\d+)", told).group(1)))


def is_ping(flow):
    """What ss does not show."""
    return flow["kind"] == "datagram" and flow["protocol"].startswith("icmp")


class Flows(FlowsTest):
    def test_of_sockets_that_ping(self):
        with open("/proc/sys/net/ipv4/ping_group_range", "w") as allowed:
            allowed.write("0 0")
        ping = self.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
        ping.bind(("127.0.0.1", 0))
        flow, = filter(is_ping, self.flows())
        self.assertEqual(flow["local"], {"address": "127.0.0.1", "port": ping.getsockname()[1]})
        self.assertEqual(processes_of(flow)[0][0], os.getpid())

    def test_are_filtered(self):
        near, far = self.connection()
        server = self.server("127.0.0.1")
        port, peer = near.getsockname()[1], far.getsockname()[1]
        one = self.flows("--filter", f"tcp *:{port} > 127.0.0.1:*")
        self.assertEqual([flow["local"]["port"] for flow in one], [port])
        both = self.flows("--filter", "tcp 127.0.0.1:* > *:*", "--filter", "state=established",
                          "--filter", f"process={os.getpid()}")
        self.assertEqual({flow["local"]["port"] for flow in both}, {port, peer})
        listeners = self.flows("--listening", "--filter", "tcp *:* > *:*")
        self.assertIn(server.getsockname()[1], [flow["local"]["port"] for flow in listeners])
        self.assertEqual({flow["state"] for flow in listeners}, {"listen"})
        self.assertEqual(self.flows("--filter", "process=nobody-has-this-name"), [])
        self.assertEqual(self.flows("--filter", "* *:* > *:9", "--filter", "state=time-wait"), [])

    def test_in_a_table(self):
        near, far = self.connection()
        port, peer = near.getsockname()[1], far.getsockname()[1]
        table = self.run_flows("--filter", f"tcp *:{port} > *:*").splitlines()
        self.assertEqual(len(table), 2)
        self.assertRegex(table[0], "^PROTOCOL +STATE +RECV-Q +SEND-Q +LOCAL +REMOTE .* STACK$")
        self.assertRegex(table[1], rf"^tcp +established +0 +0 +127\.0\.0\.1:{port} +"
                                   rf"127\.0\.0\.1:{peer} .*python3\S*\({os.getpid()}\) +kernel$")

    def test_hide_nothing_in_a_table(self):
        odd = self.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        odd.bind("\0pentad\x1b[2J\n")
        table = self.run_flows("--filter", "state=unconnected")
        self.assertIn("@pentad\u241b[2J\u240a", table)
        self.assertNotIn("\x1b", table)

    def test_are_the_same_through_each_engine(self):
        self.connection()
        for stack in "kernel:epoll", "kernel:uring":
            self.assertEqual(sorted(row_of(flow) for flow in self.flows("--stack", stack)
                                    if flow["protocol"] == "tcp"),
                             [row for row in rows_of_ss() if row[0] == "tcp"])

    def test_are_refused_where_nothing_can_be_shown(self):
        for arguments, reason in (
                (("--filter", "tcp 1 2"), "neither a quintuple"),
                (("--filter", "state=open"), "is no state"),
                (("--filter", "process="), "lacks a name"),
                (("--stack", STACK), "has no flows; those of programs that run on it"),
                (("--stack", "windows"), "is not one of"),
                (("--watch",), "needs a terminal"),
                (("--watch", "--json"), "excludes")):
            with self.subTest(arguments):
                self.run_flows(*arguments, status=2)
                self.assertRegex(self.complaints, reason)

    def test_that_cannot_be_written_are_a_failure(self):
        with open("/dev/full", "w") as full:
            flows = self.program(PENTAD, "flows", stdout=full, stdin=subprocess.DEVNULL)
            self.assert_ends(flows, 1, "cannot write to standard output: No space left")


@unittest.skipUnless(os.access("/dev/net/tun", os.R_OK | os.W_OK), "/dev/net/tun is missing or forbidden")
class NativeFlows(FlowsTest):
    def setUp(self):
        super().setUp()
        self.runtime = self.folder
        self.told = self.folder + "/pentad"

    def serve(self, *arguments, **environment):
        env = {**os.environ, "XDG_RUNTIME_DIR": self.runtime, **environment}
        server = self.program(PENTAD, "listen", "--echo", "--keep", "--stack", STACK,
                              f"tcp://{NATIVE}:{PORT}", *arguments, env=env,
                              stdin=subprocess.DEVNULL)
        server.address()
        return server

    def native_flows(self):
        return [flow for flow in self.flows(XDG_RUNTIME_DIR=self.runtime)
                if flow["stack"] == "native"]

    def assert_echoes(self):
        with socket.create_connection((NATIVE, PORT), LIMIT) as peer:
            peer.sendall(b"hello")
            self.assertEqual(peer.recv(5, socket.MSG_WAITALL), b"hello")

    def test_are_merged_with_those_of_linux(self):
        server = self.serve()
        peer = self.keep(socket.create_connection((NATIVE, PORT), LIMIT))
        peer.sendall(b"hello")
        self.assertEqual(peer.recv(5, socket.MSG_WAITALL), b"hello")
        flows = self.flows("--filter", "tcp *:* > *:*", XDG_RUNTIME_DIR=self.runtime)
        listening, = (flow for flow in flows if flow["stack"] == "native"
                      and flow["state"] == "listen")
        self.assertEqual(listening["local"], {"address": NATIVE, "port": PORT})
        far, = (flow for flow in flows if flow["stack"] == "native"
                and flow["state"] == "established")
        near, = (flow for flow in flows if flow["stack"] == "kernel"
                 and flow["remote"] == {"address": NATIVE, "port": PORT})
        self.assertEqual((near["local"], near["remote"]), (far["remote"], far["local"]))
        self.assertEqual(near["local"]["address"], LINUX)
        self.assertEqual(processes_of(far), [(server.process.pid, "pentad")])
        self.assertEqual(far["bytes_received"], 5)
        self.assertGreater(far["rtt"], 0)
        server.signal(signal.SIGTERM)
        self.assert_ends(server)
        self.assertEqual(os.listdir(self.told), [])

    def test_are_for_their_owner_alone(self):
        os.mkdir(self.told, 0o755)
        server = self.serve()
        self.assertEqual(stat.S_IMODE(os.stat(self.told).st_mode), 0o700)
        mode = os.stat(f"{self.told}/{server.process.pid}.sock").st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o600)

    def test_of_a_dead_program_are_cleaned_up(self):
        server = self.serve()
        server.signal(signal.SIGKILL)
        server.wait()
        other = self.folder + "/pentad/other.sock"
        open(other, "w").close()
        self.assertEqual(len(os.listdir(self.told)), 2)

        def is_cleaned_up():  # once Linux has closed what the dead program had open
            self.assertEqual(self.native_flows(), [])
            return os.listdir(self.told) == ["other.sock"]

        await_that(is_cleaned_up, lambda: os.listdir(self.told))

    def test_of_a_program_that_does_not_answer_are_complained_about(self):
        server = self.serve()
        server.signal(signal.SIGSTOP)
        self.assertEqual(self.native_flows(), [])
        self.assertIn(f"{server.process.pid}.sock: Connection timed out", self.complaints)
        server.signal(signal.SIGCONT)
        self.assertEqual(len(self.native_flows()), 1)

    def test_are_the_programs_last_care(self):
        for environment, reason in (({"XDG_RUNTIME_DIR": ""}, "XDG_RUNTIME_DIR is not set"),
                                    ({"XDG_RUNTIME_DIR": "/nowhere"}, "No such file or directory"),
                                    ({"XDG_RUNTIME_DIR": "/x" + 100 * "y"}, "No such file|too long"),
                                    ({"XDG_RUNTIME_DIR": PENTAD}, "Not a directory")):
            with self.subTest(environment):
                server = self.serve(**environment)
                self.assertRegex(server.errors, "will not show the flows of this program: .*"
                                 + reason)
                self.assert_echoes()
                server.signal(signal.SIGTERM)
                self.assert_ends(server)

    def test_may_be_asked_by_many_who_do_not_listen(self):
        server = self.serve()
        rude = []
        for _ in range(50):
            rude.append(self.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            rude[-1].connect(f"{self.told}/{server.process.pid}.sock")
        for each in rude[::2]:
            each.close()
        self.assert_echoes()
        self.assertGreaterEqual(len(self.native_flows()), 1)
        server.signal(signal.SIGTERM)
        self.assert_ends(server)


@unittest.skipUnless(shutil.which("tmux"), "tmux is not installed")
class Watch(FlowsTest):
    def watch(self, *arguments, columns=200, **options):
        terminal = Terminal(self, PENTAD, "flows", "--watch", *arguments, columns=columns, **options)
        terminal.await_line("STACK")
        return terminal

    def assert_terminal_is_restored(self, terminal):
        terminal.await_line(r".*\bechok?\b.*")
        settings = " ".join(terminal.screen()).replace(";", " ")
        for setting in (" icanon ", " echo ", " isig ", " icrnl "):
            self.assertIn(setting, settings)
        self.assertNotIn("PROTOCOL", settings)
        self.assertEqual(terminal.tmux("display-message", "-p", "#{cursor_flag}#{alternate_on}"),
                         "10\n")

    def pump(self, near, far):
        """Bytes flow from one to the other until the test ends."""
        over = threading.Event()

        def send():
            while not over.is_set():
                near.sendall(b"x" * 10_000)
                far.recv(10_000, socket.MSG_WAITALL)
                over.wait(0.01)  # no need to heat the room
        pumping = threading.Thread(target=send)
        pumping.start()
        self.addCleanup(pumping.join)
        self.addCleanup(over.set)

    def test_shows_rates(self):
        near, far = self.connection()
        self.pump(near, far)
        port = near.getsockname()[1]
        terminal = self.watch("--filter", f"tcp *:{port} > *:*")
        terminal.await_line(rf"tcp +established .*127\.0\.0\.1:{port} +\S+ +[1-9][\d.]*[kM] +0 .*kernel")

    def test_sorts_by_the_column_that_is_chosen(self):
        near, far = self.connection()
        self.pump(near, far)
        self.connection()
        port, peer = near.getsockname()[1], far.getsockname()[1]
        terminal = self.watch("--filter", "tcp *:* > *:*", "--filter", "state=established")

        def order(local):
            return [line for line in terminal.screen() if "established" in line][0].split()[4] \
                == f"127.0.0.1:{local}"
        terminal.press(*["Left"] * 6)
        terminal.await_line(".*RECEIVED/s\u2193.*")
        await_that(lambda: order(peer), lambda: "\n".join(terminal.screen()))
        terminal.press("Left")
        terminal.await_line(".*SENT/s\u2193.*")
        await_that(lambda: order(port), lambda: "\n".join(terminal.screen()))
        terminal.press("r")
        terminal.await_line(".*SENT/s\u2191.*")
        await_that(lambda: not order(port), lambda: "\n".join(terminal.screen()))

    def test_fits_the_terminal(self):
        for _ in range(30):
            self.server("127.0.0.1")
        terminal = self.watch("--listening", "--filter", "tcp *:* > *:*")
        self.assertEqual(len(terminal.screen()), 24)
        self.assertRegex(terminal.screen()[0], "^30 flows ")
        first = terminal.screen()[2]
        terminal.press(*["Down"] * 3)
        terminal.await_line("30 flows, from the 4\\. .*")
        self.assertNotIn(first, terminal.screen())
        terminal.press("End")
        terminal.await_line("30 flows, from the 9\\. .*")
        terminal.resize(60)
        terminal.await_line("LOCAL +REMOTE .*")
        await_that(lambda: not any("STACK" in line for line in terminal.screen()),
                   lambda: "\n".join(terminal.screen()))
        self.assertLessEqual(max(map(len, terminal.screen())), 60)
        self.assertEqual(len(terminal.screen()), 24)
        terminal.resize(200)
        terminal.await_line("STACK")

    def test_leaves_the_terminal_as_it_was(self):
        for leave in (lambda terminal: terminal.press("q"),
                      lambda terminal: terminal.press("C-c"),
                      lambda terminal: os.kill(terminal.pid_of("pentad"), signal.SIGTERM),
                      lambda terminal: os.kill(terminal.pid_of("pentad"), signal.SIGINT)):
            terminal = self.watch()
            leave(terminal)
            terminal.await_line(r"\[ended 0\]")
            self.assert_terminal_is_restored(terminal)

    def test_lets_itself_be_stopped_and_goes_on(self):
        terminal = self.watch()
        terminal.press("C-z")
        terminal.await_line(r"\[stopped\]")
        terminal.press("Enter")
        terminal.await_line("STACK")
        terminal.press("q")
        terminal.await_line(r"\[ended 0\]")
        self.assert_terminal_is_restored(terminal)


if __name__ == "__main__":
    unittest.main(verbosity=2)
