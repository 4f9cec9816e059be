"""A browser without a window, driven through the WebDriver protocol of chromedriver."""
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request

ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
             "--disable-component-update",
             "--force-device-scale-factor=1"]


class Failed(Exception):
    """What the browser said it could not do."""


class Browser:
    """One session; `with` ends it, and chromedriver with it."""

    def __init__(self, profile):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True, start_new_session=True)
        port = self._port()
        self.base = f"http://127.0.0.1:{port}/session"
        # Nothing of the environment may stand between us and the driver.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        chrome = {"args": ARGUMENTS + [f"--user-data-dir={profile}"], "binary": shutil.which("chromium")}
        wanted = {"browserName": "chrome", "goog:chromeOptions": chrome,
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        try:
            answer = self._ask("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        except Exception:
            self._end_driver()
            raise
        self.base += "/" + answer["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._ask("DELETE", "")
        except (Failed, OSError):
            pass
        self._end_driver()

    def _port(self):
        for line in self.driver.stdout:
            found = re.search(r"successfully on port (\d+)", line)
            if found:
                return found.group(1)
        raise Failed("chromedriver did not start")

    def _end_driver(self):
        """The browser is a child in the driver's own group."""
        try:
            os.killpg(self.driver.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.driver.wait()
        self.driver.stdout.close()

    def _ask(self, method, path, body=None):
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with self.opener.open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Failed(json.load(error)["value"]["message"].split("\n")[0]) from error

    def protocol(self, command, **parameters):
        """A command of the DevTools protocol."""
        return self._ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def look(self, width, theme="light"):
        """How wide the page is, and which theme it is asked for."""
        self.protocol("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                      mobile=width < 600)
        self.theme(theme)

    def theme(self, theme):
        wanted = {"name": "prefers-color-scheme", "value": theme}
        self.protocol("Emulation.setEmulatedMedia", features=[wanted])

    def open(self, path):
        """Shows a file; its scripts have run when this returns."""
        self._ask("POST", "/url", {"url": "file://" + os.path.abspath(path)})

    def run(self, script, *args):
        """The value that the script returns, a promise's too."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(args)})

    def console(self):
        """Messages since the last call."""
        return [row["message"] for row in self._ask("POST", "/se/log", {"type": "browser"})]

    def requests(self):
        """URLs that were asked for since the last call."""
        rows = self._ask("POST", "/se/log", {"type": "performance"})
        messages = [json.loads(row["message"])["message"] for row in rows]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]

    def picture(self, path):
        """The whole page, as PNG."""
        size = self.protocol("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 16000), "scale": 1}
        data = self.protocol("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
        with open(path, "wb") as out:
            out.write(base64.b64decode(data))
