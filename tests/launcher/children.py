"""Small programs that the tests start as processes."""

# Serves /health: 503 with a problem until the file argv[2] is there, then 200.
WEB = """
import http.server, json, os, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        is_ready = os.path.exists(sys.argv[2])
        self.send_response(200 if is_ready else 503)
        self.end_headers()
        self.wfile.write(json.dumps({"problems": [] if is_ready else ["Not yet."]}).encode())
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health).serve_forever()
"""

# Writes its process id to argv[1], then waits.
WAIT = """
import os, pathlib, sys, time
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(600)
"""

# Like WAIT, deaf to TERM and INT.
STUBBORN = "import signal\nfor n in (15, 2): signal.signal(n, signal.SIG_IGN)\n" + WAIT

# Starts a deaf grandchild that keeps the output open, and waits for it.
PARENT = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {STUBBORN!r}, sys.argv[1]])
"""

# Runs launcher.system.run over the processes in JSON in argv[1]; argv[2] are its ports in JSON.
LAUNCH = """
import json, os, sys
from launcher.output import Output
from launcher.settings import read_settings
from launcher.processes import Command
from launcher.system import run
processes = [Command(name, arguments, os.environ) for name, arguments in json.loads(sys.argv[1])]
settings = read_settings(json.loads(sys.argv[2]))
sys.exit(run(settings, processes, Output([process.name for process in processes])))
"""
