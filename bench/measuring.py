"""What measuring scripts share: a network of their own, programs on CPUs of their own, and ratios."""

import os
import pathlib
import statistics
import subprocess
import sys

_INSIDE = "PENTAD_BENCH_NETWORK"


class Broken(Exception):
    """A program did not do what it is for."""


def enter_network():
    """Goes on in a network namespace with only `lo`, where that is allowed."""
    if os.environ.get(_INSIDE):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        # Others, such as bbr, pace what they send and measure themselves.
        pathlib.Path("/proc/sys/net/ipv4/tcp_congestion_control").write_text("reno")
        return
    prefix = ["unshare", "--net"]
    if os.geteuid() != 0:
        prefix += ["--user", "--map-root-user"]
    if subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("no network namespace is allowed: on the machine's loopback")
        return
    os.environ[_INSIDE] = "1"
    os.execvp(prefix[0], [*prefix, sys.executable, *sys.argv])


class Programs:
    """Starts the programs of one folder, servers on one CPU and loads on another."""

    def __init__(self, folder, seconds):
        self.folder, self.seconds = folder, seconds
        cpus = sorted(os.sched_getaffinity(0))
        self.server_cpu, self.load_cpu = cpus[0], cpus[1 % len(cpus)]

    def start(self, command, cpu, seconds=None, **more):
        """`command` begins with a program of the folder, or with another one's path; its word
        SECONDS is filled in."""
        program = self.folder / command[0]
        words = [str(seconds or self.seconds) if word == "SECONDS" else word for word in command[1:]]
        return subprocess.Popen([program if program.exists() else command[0], *words],
                                stdout=subprocess.PIPE, text=True,
                                preexec_fn=lambda: run_on(cpu), **more)

    def serve(self, command):
        """A server that has said that it is ready."""
        process = self.start(command, self.server_cpu)
        if process.stdout.readline() != "ready\n":
            end(process)
            raise Broken(f"{' '.join(command)} did not start")
        return process


def run_on(cpu):
    """For a process that is about to become a measured program."""
    os.sched_setaffinity(0, [cpu])
    prefer_over_other_programs()


def prefer_over_other_programs():
    """Keeps other programs out of the figures, as far as that is allowed. Where the scheduler
    groups processes by session, it is the group's priority that counts."""
    try:
        os.setsid()
    except OSError:
        pass
    prefer(os.getpid())


def prefer(pid):
    """The same for a process with a session of its own."""
    try:
        os.setpriority(os.PRIO_PROCESS, pid, -19)
        pathlib.Path(f"/proc/{pid}/autogroup").write_text("-19")
    except OSError:
        pass


def private_dirty(pid):
    """Bytes that the process itself has written to."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024
    raise Broken("no Private_Dirty in smaps_rollup")


def end(*processes):
    for process in processes:
        process.kill()
        process.wait()


def number_of(process):
    """The one number that a program prints."""
    try:
        output, _ = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        end(process)
        raise Broken(f"{process.args} hangs") from None
    if process.returncode != 0 or not output.strip():
        raise Broken(f"{process.args} failed")
    return float(output)


class Rates:
    """One rate a round for each name. Ratios are taken within a round, because a machine's speed
    drifts."""

    def __init__(self, base):
        self.base, self.of = base, {}

    def add(self, name, rate):
        self.of.setdefault(name, []).append(rate)

    def median(self, name):
        return statistics.median(self.of[name])

    def ratio(self, name, base=None):
        pairs = zip(self.of[name], self.of[base or self.base])
        return statistics.median(mine / theirs for mine, theirs in pairs)


def show_goal(what, measured, at_least=None, at_most=None):
    """One of both bounds is given."""
    if at_most is None:
        reached, bound = measured >= at_least, f">= {at_least}"
    else:
        reached, bound = measured <= at_most, f"<= {at_most}"
    print(f"  {what:48}{measured:8.2f} {bound}  {'reached' if reached else 'missed'}")
