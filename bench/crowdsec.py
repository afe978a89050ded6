"""CrowdSec as a peer: the Debian package, unpacked and never installed, replays nginx lines in event time.

Its own nginx parser from the package, one leaky scenario by address, the local API on a free port of the loopback,
no central API. Two parser routines, which is its fastest setting on two cores.
"""

import random
import shutil
import socket
import time

from measure import Skip, WORK, run

FOLDER = WORK / "crowdsec"
SCENARIO = """type: leaky
name: bench/by-address
description: requests by address
filter: "evt.Meta.log_type == 'http_access-log'"
groupby: evt.Meta.source_ip
capacity: 40
leakspeed: 1s
cache_size: 5
"""
CONFIG = """common: {{daemonize: false, log_media: stdout, log_level: warning, working_dir: {run}}}
config_paths: {{config_dir: {run}/etc, data_dir: {run}/data, simulation_path: {run}/etc/simulation.yaml,
  hub_dir: {hub}, index_path: {hub}/.index.json, notification_dir: {run}/etc/notifications, plugin_dir: {run}/plugins}}
crowdsec_service: {{parser_routines: 2}}
cscli: {{output: human}}
db_config: {{log_level: warning, type: sqlite, use_wal: true, db_path: {run}/data/crowdsec.db}}
api:
  client: {{credentials_path: {run}/etc/credentials.yaml}}
  server: {{log_level: warning, listen_uri: "127.0.0.1:{port}", profiles_path: {run}/etc/profiles.yaml,
    console_path: {run}/etc/console.yaml}}
prometheus: {{enabled: false}}
"""
PROFILE = """name: none
filters: ["false"]
decisions: []
on_success: break
"""
PARSERS = ("s00-raw/crowdsecurity/syslog-logs", "s01-parse/crowdsecurity/nginx-logs",
           "s02-enrich/crowdsecurity/dateparse-enrich")


def _unpack():
    package = FOLDER / "package"
    if (package / "usr/bin/crowdsec").exists():
        return package
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Skip("CrowdSec is taken from a Debian package, and this is not Debian")
    FOLDER.mkdir(parents=True, exist_ok=True)
    run(["apt-get", "download", "-qq", "crowdsec"], cwd=FOLDER)
    run(["dpkg-deb", "-x", next(FOLDER.glob("crowdsec_*.deb")), package])
    return package


def prepare():
    """A configuration of its own under the build folder; returns the command without the log."""
    package, here = _unpack(), FOLDER / "run"
    hub = package / "usr/share/crowdsec/hub"
    shutil.rmtree(here, ignore_errors=True)
    for folder in ("data", "plugins", "etc/notifications", "etc/postoverflows", "etc/scenarios"):
        (here / folder).mkdir(parents=True)
    shutil.copytree(package / "etc/crowdsec/patterns", here / "etc/patterns")
    for parser in PARSERS:
        target = here / "etc/parsers" / parser.split("/")[0]
        target.mkdir(parents=True)
        shutil.copy(hub / "parsers" / f"{parser}.yaml", target)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    files = {"scenarios/by-address.yaml": SCENARIO, "simulation.yaml": "simulation: false\n", "profiles.yaml": PROFILE,
             "console.yaml": "share_manual_decisions: false\nshare_tainted: false\nshare_custom: false\n",
             "credentials.yaml": "", "config.yaml": CONFIG.format(run=here, hub=hub, port=port)}
    for name, text in files.items():
        (here / "etc" / name).write_text(text)
    config = here / "etc/config.yaml"
    run([package / "usr/bin/cscli", "-c", config, "machines", "add", "bench", "-p", "bench",
         "-f", here / "etc/credentials.yaml", "-u", f"http://127.0.0.1:{port}"])
    return [package / "usr/bin/crowdsec", "-c", config, "-type", "nginx", "-dsn"]


def requests(n_lines, n_keys):
    """The same requests twice: as nginx access lines for CrowdSec and as metadata-only exchanges for Stillwatch."""
    nginx, exchanges = WORK / f"requests-{n_keys}.log", WORK / f"requests-{n_keys}.jsonl"
    if nginx.exists() and exchanges.exists():
        return nginx, exchanges
    rng, start = random.Random(7), 1_777_881_600_000
    with open(nginx, "w") as access, open(exchanges, "w") as log:
        for i in range(n_lines):
            key, size, ms = rng.randrange(n_keys), rng.randrange(300, 4000), start + 72 * i
            at, agent = time.gmtime(ms // 1000), f"client/2.{rng.randrange(9)}"
            ip = f"240.{key >> 16}.{key >> 8 & 255}.{key & 255}"
            clf, iso = time.strftime("%d/%b/%Y:%H:%M:%S +0000", at), time.strftime("%Y-%m-%dT%H:%M:%S", at)
            access.write(f'{ip} - - [{clf}] "POST /v1/chat/completions HTTP/1.1" 200 {size} "-" "{agent}"\n')
            log.write(f'{{"event":"exchange","time":"{iso}.{ms % 1000:03d}Z","id":"req_{i:08d}",'
                      f'"account":"acct_{key:06d}","client":{{"ip":"{ip}","user_agent":"{agent}"}},'
                      f'"status":200,"usage":{{"input_tokens":{size // 9},"output_tokens":{size // 4}}}}}\n')
    return nginx, exchanges


def replay_lines(command, nginx):
    return run([*command, f"file://{nginx}"], cwd=FOLDER)
