"""What the agent of the original system did on a host: psutil and cpuinfo, as JSON."""

import json
import platform
import socket

import cpuinfo
import psutil

print(
    json.dumps(
        {
            "ip": socket.gethostbyname(socket.gethostname()),
            "os": platform.system(),
            "version": platform.version(),
            "processor": cpuinfo.get_cpu_info().get("brand_raw"),
            "processes": [
                process.info for process in psutil.process_iter(["pid", "name", "username"])
            ],
            "users": [user.name for user in psutil.users()],
        }
    )
)
