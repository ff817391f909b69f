#!/usr/bin/python3
"""The same work by Fabric (paramiko), a thread a host: with-fabric.py FOLDER HOSTS WORK"""

import sys
from concurrent.futures import ThreadPoolExecutor

from fabric import Config, Connection

folder, count, work = sys.argv[1], int(sys.argv[2]), sys.argv[3]
hosts = open(folder + "/hosts").read().split()[:count]
login = {
    "key_filename": folder + "/home/.ssh/id_ed25519",
    "look_for_keys": False,
    "allow_agent": False,
    "banner_timeout": 120,
    "auth_timeout": 120,
}


def connection(host):
    # A Config of its own: threads that share one trip over each other.
    config = Config(overrides={"load_ssh_configs": False, "run": {"hide": True, "warn": True, "in_stream": False}})
    return Connection(host, user="root", port=2222, config=config, connect_kwargs=dict(login))


def once(line):
    def on(host):
        with connection(host) as c:
            return c.run(line).ok

    return on


def dependent(count):
    def on(host):
        with connection(host) as c:
            said = None
            for number in range(count):
                if said is not None and not (said.ok and "step" in said.stdout):
                    return False
                said = c.run("echo step%d" % number)
            return said.ok

    return on


def files(host):
    with connection(host) as c:
        dest = "%s/work/dest/%s" % (folder, host)
        c.run("mkdir -p " + dest)
        for number in range(5):
            c.put("%s/work/f%d" % (folder, number), "%s/f%d" % (dest, number))
        return True


works = {"w1": once("true"), "w2": dependent(10), "w3": files, "w4": once("sleep 2"), "w5": dependent(5)}
with ThreadPoolExecutor(1 if work == "w5" else count) as pool:
    sys.exit(0 if all(pool.map(works[work], hosts)) else 1)
