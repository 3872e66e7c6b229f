"""`pentad capture`: a known exchange between two hosts, as lines and as a file that tcpdump and
tshark read."""

import os
import re
import shutil
import signal
import subprocess
import unittest

import namespaces
from chat_programs import await_that
from command_programs import PENTAD, CommandTest, on_each_stack, require

WITHOUT_RAW = ("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw")
A, B, PORT = "10.9.1.1", "10.9.1.2", 6667
A6, B6 = "fd09:1::1", "fd09:1::2"
TIME = r"\d\d:\d\d:\d\d\.\d{6}"


def setUpModule():
    global here, there
    here, there = namespaces.Host("a"), namespaces.Host("b")
    namespaces.join(here, there, 1)
    # So that no question for a neighbour comes between.
    here.do("ping", "-c", "1", B)
    here.do("ping", "-c", "1", B6)


def tcpdump(path, *arguments):
    return subprocess.run(["tcpdump", "-nn", "-r", path, *arguments], check=True,
                          capture_output=True, text=True).stdout.splitlines()


class Capture:
    def capture(self, *arguments, under=(), await_start=True, **options):
        made = here.program(self, *under, PENTAD, "capture", "--stack", self.stack, *arguments,
                            **options)
        if await_start:
            made.await_errors("capturing on ")
        return made

    def ping(self, address=B, count=1):
        here.do("ping", "-c", str(count), "-i", "0.01", address)

    def talk(self, port=PORT):
        """A message of 6 bytes to a server on the other host, which sends it back."""
        listen = there.program(self, PENTAD, "listen", "--echo", f"tcp://{B}:{port}")
        listen.address()
        connect = here.program(self, PENTAD, "connect", f"tcp://{B}:{port}")
        connect.write(b"hello\n")
        connect.await_output(b"hello\n")
        connect.close_input()
        self.assert_ends(connect)
        self.assert_ends(listen)

    def lines(self, program):
        return program.output.decode().splitlines()

    def test_prints_a_line_for_each_packet(self):
        capture = self.capture("-i", "eth-b", "--filter", "icmp", "--count", "2")
        self.ping()
        self.assert_ends(capture, errors="\n2 captured, 0 dropped for want of room\n$")
        request, reply = self.lines(capture)
        self.assertRegex(request, rf"^{TIME} eth-b out icmp {A} > {B} echo request id \d+ seq 1 "
                                  "length 56$")
        self.assertRegex(reply, rf"^{TIME} eth-b in  icmp {B} > {A} echo reply id \d+ seq 1 "
                                "length 56$")

    def test_shows_a_connection_from_its_beginning_to_its_end(self):
        capture = self.capture("-i", "eth-b", "--flow", f"tcp {A}:* > {B}:{PORT}")
        self.talk()
        self.talk(PORT + 1)  # not of this flow
        ends = rb"tcp 10\.9\.1\.\d:\d+ > 10\.9\.1\.\d:\d+ \[FIN ACK\]"
        await_that(lambda: len(re.findall(ends, capture.output)) == 2, "two FINs")
        capture.signal(signal.SIGINT)
        self.assert_ends(capture)
        lines = self.lines(capture)
        self.assertIn(f"> {B}:{PORT} [SYN] seq ", lines[0])
        self.assertIn(f"tcp {B}:{PORT} > ", lines[1])
        self.assertIn("[SYN ACK] seq ", lines[1])
        for way, source in (("out", A), ("in ", B)):
            sent = [line for line in lines if f" {way} tcp {source}:" in line]
            self.assertEqual(sum("length 6" in line for line in sent), 1)
        for line in lines:
            self.assertRegex(line, rf"^{TIME} eth-b (in |out) tcp .* irc$")

    def test_its_file_is_read_by_tcpdump_and_tshark(self):
        path = self.folder + "/capture.pcapng"
        capture = self.capture("-i", "eth-b", "--filter", "icmp or (icmp6 and ip6[40] >= 128 and "
                               "ip6[40] <= 129)", "--count", "6", "--write", path)
        self.ping(count=2)
        self.ping(B6)
        self.assert_ends(capture, errors="6 captured, 0 dropped")
        self.assertEqual(capture.output, b"")
        lines = tcpdump(path)
        self.assertEqual(len(lines), 6)
        self.assertIn(f"IP {A} > {B}: ICMP echo request", lines[0])
        self.assertIn(f"IP {B} > {A}: ICMP echo reply", lines[3])
        self.assertIn(f"IP6 {B6} > {A6}: ICMP6, echo reply", lines[5])
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        if not shutil.which("tshark"):
            self.skipTest("tshark is not installed: tcpdump alone has read the file")
        read = subprocess.run(["tshark", "-n", "-r", path, "-T", "fields", "-e", "frame.len",
                               "-e", "frame.interface_name", "-e", "frame.packet_flags_direction",
                               "-e", "_ws.col.Protocol"],
                              check=True, capture_output=True, text=True).stdout
        self.assertEqual([line.split("\t") for line in read.splitlines()],
                         [["98", "eth-b", way, "ICMP"] for way in ("0x00000002", "0x00000001")] * 2
                         + [["118", "eth-b", way, "ICMPv6"] for way in ("0x00000002",
                                                                        "0x00000001")])

    def test_writes_to_standard_output(self):
        capture = self.capture("-i", "eth-b", "--filter", "icmp", "--count", "2", "--write", "-")
        self.ping()
        self.assert_ends(capture)
        read = subprocess.run(["tcpdump", "-nn", "-r", "-"], input=capture.output, check=True,
                              capture_output=True)
        self.assertEqual(len(read.stdout.splitlines()), 2)

    def test_prints_what_it_writes_if_it_is_told_to(self):
        path = self.folder + "/capture.pcapng"
        capture = self.capture("-i", "eth-b", "--filter", "icmp", "-c", "2", "-w", path, "--print")
        self.ping()
        self.assert_ends(capture)
        self.assertEqual(len(self.lines(capture)), len(tcpdump(path)))
        both = self.capture("-w", "-", "--print", await_start=False)
        self.assert_ends(both, 2, "both cannot go to standard output")

    def test_hears_all_interfaces_and_loopback_once(self):
        capture = self.capture("--filter", "icmp", "--count", "4")
        here.do("ping", "-c", "1", "127.0.0.1")
        self.ping()
        self.assert_ends(capture)
        self.assertEqual([line.split()[1:3] for line in self.lines(capture)],
                         [["lo", "in"], ["lo", "in"], ["eth-b", "out"], ["eth-b", "in"]])

    def test_reads_interfaces_without_ethernet(self):
        if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
            self.skipTest("/dev/net/tun is missing or forbidden")
        here.do("ip", "tuntap", "add", "tun0", "mode", "tun")
        self.addCleanup(here.do, "ip", "link", "del", "tun0")
        here.do("ip", "address", "add", "10.9.8.1/24", "dev", "tun0")
        here.do("ip", "link", "set", "tun0", "up")
        # Somebody must hold the other end for packets to go there.
        held = here.program(self, "python3", "-c",
                            "import fcntl, os, struct\n"
                            "tun = os.open('/dev/net/tun', os.O_RDWR)\n"
                            "fcntl.ioctl(tun, 0x400454ca, struct.pack('16sH', b'tun0', 0x1001))\n"
                            "print('held', flush=True)\n"
                            "while True: os.read(tun, 4096)\n")
        held.await_output(b"held")
        await_that(lambda: "LOWER_UP" in here.do("ip", "link", "show", "tun0"), "carrier of tun0")
        for interface in ("-i", "tun0"), ():
            path = self.folder + "/tun.pcapng"
            capture = self.capture(*interface, "--filter", "udp port 9 and host 10.9.8.7",
                                   "-c", "1", "-w", path, "--print")
            here.do("python3", "-c", "import socket\nsocket.socket(socket.AF_INET, "
                    "socket.SOCK_DGRAM).sendto(b'hello', ('10.9.8.7', 9))")
            self.assert_ends(capture)
            self.assertRegex(self.lines(capture)[0],
                             rf"^{TIME} tun0 out udp 10.9.8.1:\d+ > 10.9.8.7:9 length 5$")
            self.assertIn("> 10.9.8.7.9: UDP, length 5", tcpdump(path)[0])

    def test_a_filter_sees_the_tags_of_vlans(self):
        path = self.folder + "/tagged.pcapng"
        capture = self.capture("-i", "eth-b", "--filter", "vlan 5 and arp", "-c", "1", "-w", path)
        other = self.capture("-i", "eth-b", "--filter", "ether proto 0x88b5 and not vlan", "-c", "1")
        # Questions of ARP in VLANs 6 and 5, then a frame in VLAN 5 and one in none.
        there.do("python3", "-c", "import socket\n"
                 "s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\n"
                 "s.bind(('eth-a', 0))\n"
                 "head = b'\\xff' * 6 + b'\\2\\0\\0\\0\\0\\7'\n"
                 "arp = bytes.fromhex('08060001080006040001020000000007' '0a090502' '000000000000'"
                 " '0a090501') + bytes(18)\n"
                 "for tag in 6, 5: s.send(head + b'\\x81\\0\\0' + bytes([tag]) + arp)\n"
                 "for tag in b'\\x81\\0\\0\\5', b'': s.send(head + tag + b'\\x88\\xb5' + bytes(46))\n")
        self.assert_ends(capture, errors="\n1 captured")
        self.assert_ends(other, errors="\n1 captured")
        lines = tcpdump(path, "-e")
        self.assertEqual(len(lines), 1)
        self.assertIn("vlan 5, p 0, ethertype ARP", lines[0])
        self.assertIn("who-has 10.9.5.1 tell 10.9.5.2", lines[0])
        self.assertNotIn("vlan", self.lines(other)[0])

    def test_says_what_is_wrong_with_a_filter(self):
        wrong = self.capture("--filter", "tcp prot 80", await_start=False)
        self.assert_ends(wrong, 2, "^pentad capture: the filter 'tcp prot 80' is wrong: .*syntax "
                         "error.*\n  See `man 7 pcap-filter`")
        flow = self.capture("--flow", "tcp 10.9.0.1", await_start=False)
        self.assert_ends(flow, 2, "'tcp 10.9.0.1' is not a quintuple, such as ")

    def test_says_which_interfaces_there_are(self):
        wrong = self.capture("-i", "eth9", await_start=False)
        self.assert_ends(wrong, 1, "no interface is called eth9\n  There are: lo eth-b")

    def test_needs_a_capability(self):
        forbidden = self.capture(under=WITHOUT_RAW, await_start=False)
        self.assert_ends(forbidden, 1, "^pentad capture: cannot capture: needs the capability "
                         "CAP_NET_RAW\n  Run it as root, or give it the capability")

    def test_a_full_disk_ends_it(self):
        full = self.capture("-i", "eth-b", "--write", "/dev/full", await_start=False)
        self.assert_ends(full, 1, "cannot write /dev/full, which is not complete: No space left on "
                         "device\n")
        nowhere = self.capture("--write", "/nowhere/x", await_start=False)
        self.assert_ends(nowhere, 1, "cannot write /nowhere/x: No such file or directory")

    def test_ends_when_nobody_reads(self):
        reader, writer = os.pipe()
        os.close(reader)
        capture = self.capture("-i", "eth-b", stdout=writer)
        os.close(writer)
        self.ping()
        self.assert_ends(capture, 1, "cannot write to standard output: Broken pipe")

    def test_loses_nothing_of_a_burst(self):
        capture = self.capture("-i", "eth-b", "--filter", "udp port 9", "--count", "5000")
        here.do("python3", "-c", "import socket\ns = socket.socket(socket.AF_INET, "
                f"socket.SOCK_DGRAM)\nfor i in range(5000): s.sendto(b'x' * 100, ('{B}', 9))")
        self.assert_ends(capture, errors="\n5000 captured, 0 dropped for want of room\n$")
        self.assertEqual(len(self.lines(capture)), 5000)


if __name__ == "__main__":
    require("ip", "ping", "setpriv", "tcpdump")
    namespaces.enter()
    on_each_stack(Capture)
    unittest.main(verbosity=2)
