"""The measurements on a host: snapshots by census and by the collectors, beside the system's tools."""

import os
import random
import shutil
import signal
import subprocess
import sys

from contents import Figures, remove
from measurements import COLLECTORS, HERE, STATIC, Measurements


class Hosts(Measurements):
    def snap(self):
        for processes in (300, 5000):
            missing = max(0, processes - sum(name.isdigit() for name in os.listdir("/proc")))
            sleepers = [
                subprocess.Popen(["sleep", "3600"]) for _ in range(missing)
            ]
            try:
                file = self.path("snap.jsonl.gz")
                snap, ps, agent = Figures(), Figures(), Figures()
                everything, tools = Figures(), Figures()
                collectors = {collector: Figures() for collector in COLLECTORS}
                for _ in range(2 * self.runs + 1):
                    remove(file)
                    snap.run([STATIC, "snap", "--without", "package", "-o", file])
                    ps.run(["ps", "-eo", "pid,user,comm"])
                    remove(file)
                    everything.run([STATIC, "snap", "-o", file])
                    size = os.path.getsize(file)
                    for collector, figures in collectors.items():
                        remove(file)
                        figures.run([collector, "-o", file])
                    tools.run(["sh", "-c", "ps -eo pid,user,comm; dpkg-query -W"])
                    agent.run([sys.executable, f"{HERE}/original_agent.py"])
            finally:
                for sleeper in sleepers:
                    sleeper.send_signal(signal.SIGKILL)
                for sleeper in sleepers:
                    sleeper.wait()
            what = f"snap, {processes} processes"  # without packages
            self.row(
                f"{what}, against ps -eo pid,user,comm", f"{snap.time * 1000:.0f} ms",
                f"{ps.time * 1000:.0f} ms", f"{ps.time / snap.time:.2f} times as fast", "1")
            self.row(
                f"{what}, against the original agent", f"{snap.time * 1000:.0f} ms",
                f"{agent.time * 1000:.0f} ms", f"{agent.time / snap.time:.0f} times as fast", "20")
            packages = subprocess.run(
                ["dpkg-query", "-W"], capture_output=True, text=True, check=True).stdout.count("\n")
            what += f" and {packages} packages"
            self.row(
                f"{what}, against ps and dpkg-query -W", f"{everything.time * 1000:.0f} ms",
                f"{tools.time * 1000:.0f} ms",
                f"{tools.time / everything.time:.2f} times as fast", "0.5")
            usual = processes == 300
            for collector, figures in collectors.items():
                self.row(
                    f"{os.path.basename(collector)}, {what.removeprefix('snap, ')}, against census snap",
                    f"{figures.time * 1000:.1f} ms; {figures.memory:.1f} MB",
                    f"{everything.time * 1000:.1f} ms",
                    f"{everything.time / figures.time:.2f} times as fast",
                    f"{'20 ms, ' if usual else ''}never slower; 10 MB")
            self.row(
                f"memory of {what}", f"{everything.memory:.0f} MB", "", "",
                "16 MB" if usual else "20 MB")
            if usual:
                self.row(f"size of the file of {what}", f"{size / 1000:.1f} kB", "", "", "40 kB")

    def protection(self):
        """What a signature and encryption cost, in the root directory of a host of its own: snap signs
        with the key of the host whose root it sees."""
        root = self.host()
        recipient = self.age_key(os.path.join(root, "key.txt"))
        enter = [] if os.geteuid() == 0 else ["unshare", "--map-root-user"]
        for program, name in ((["/census", "snap"], "census snap"), (["/linux-x86_64"], "linux-x86_64")):
            ways = {
                "plain": ["--no-sign", "-o", "/file.gz"], "signed": ["-o", "/file.gz"],
                "encrypted": ["--no-sign", "--recipient", recipient, "-o", "/file.gz.age"],
            }
            figures = {way: Figures() for way in ways}
            for _ in range(14 * self.runs - 1):
                for way, options in ways.items():
                    for old in ("file.gz", "file.gz.age", "custody.jsonl"):
                        remove(os.path.join(root, old))
                    figures[way].run([*enter, "/usr/sbin/chroot", root, *program, *options])
                    if os.path.exists(os.path.join(root, "file.gz.sig")) != (way == "signed"):
                        sys.exit(f"{name} has signed what it was not to sign, or not signed")
                    if way == "signed":
                        size = os.path.getsize(os.path.join(root, "file.gz"))
            plain, signed, encrypted = (figures[way].time for way in ways)
            what = f"{name}, a file of {size / 1000:.0f} kB"
            self.row(
                f"{what}, signed", f"{signed * 1000:.1f} ms", f"{plain * 1000:.1f} ms not signed",
                f"{(signed - plain) * 1000:.1f} ms more", "at most 5 ms more")
            self.row(
                f"{what}, encrypted", f"{encrypted * 1000:.1f} ms", f"{plain * 1000:.1f} ms in the clear",
                f"{(encrypted / plain - 1) * 100:.0f} % more", "at most 10 % more")

    def host(self):
        """The root directory of a host whose snapshot has about 100 kB, with a key of its SSH server."""
        root = self.path("host")
        remove(root)
        for directory in ("etc/ssh", "var/lib/dpkg"):
            os.makedirs(os.path.join(root, directory))
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "",
             "-f", os.path.join(root, "etc/ssh/ssh_host_ed25519_key")], check=True)
        files = {
            "etc/hostname": "host\n", "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
            "etc/os-release": 'ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n',
            "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
        }
        generator = random.Random(2026)
        files["var/lib/dpkg/status"] = "".join(
            f"Package: lib{generator.randbytes(6).hex()}\nStatus: install ok installed\n"
            f"Architecture: amd64\nVersion: {generator.randrange(9)}.{generator.randrange(10**6)}-1\n\n"
            for _ in range(7000))
        for name, text in files.items():
            with open(os.path.join(root, name), "w") as file:
                file.write(text)
        shutil.copy(STATIC, os.path.join(root, "census"))
        shutil.copy(COLLECTORS[0], root)
        return root
