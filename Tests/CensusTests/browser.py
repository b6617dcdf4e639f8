"""Does what a person would do with a page, in a Chromium without a window.

    python3 browser.py FILE.html < STEPS

STEPS is a JSON array, of which each step is one of

    {"evaluate": "an expression of JavaScript"}
    {"wait": "an expression"}          until it is true, for two minutes at most
    {"click": "a CSS selector"}        with the mouse, in the element's middle
    {"type": "a text"}                 into what has the focus
    {"press": "Tab"}                   Tab, Enter or Escape; with "shift": true for Shift
    {"media": {"media": "print"}}      as Emulation.setEmulatedMedia of the DevTools protocol
    {"size": [1200, 900]}              of the window
    {"screenshot": "file.png"}         of the whole page
    {"pdf": "file.pdf"}

Prints a JSON object: "results", the value of each "evaluate"; "log", what the browser had to say
(console, errors, violations of the page's policy); "requests", the addresses it asked for.
"""

import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

WIDTH, HEIGHT = 1200, 900


class Browser:
    """Speaks the DevTools protocol over two pipes, which Chromium has as descriptors 3 and 4."""

    def __init__(self, profile):
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()
        # Out of the way of 3 and 4.
        to_browser, from_browser = os.dup(to_browser), os.dup(from_browser)
        high = [os.dup2(to_browser, 103), os.dup2(from_browser, 104)]
        self.process = subprocess.Popen(
            ["bash", "-c", 'exec "$@" 3<&103 4>&104 103<&- 104>&-', "bash",
             "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", "--hide-scrollbars", "--no-first-run",
             f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT}", "about:blank"],
            pass_fds=high, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        for descriptor in high + [to_browser, from_browser]:
            os.close(descriptor)
        self.buffer = b""
        self.count = 0
        self.events = []
        self.session = None

    def read(self):
        while b"\0" not in self.buffer:
            data = os.read(self.input, 1 << 20)
            if not data:
                sys.exit("chromium has ended")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.count:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.read())

    def evaluate(self, expression):
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            sys.exit(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def click(browser, selector):
    x, y = browser.evaluate(
        f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{block: "center"}});
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")
    for kind in ["mousePressed", "mouseReleased"]:
        browser.call(
            "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


def press(browser, key, shift):
    code = {"Tab": 9, "Enter": 13, "Escape": 27}[key]
    more = {"text": "\r"} if key == "Enter" else {}
    parameters = dict(
        key=key, code=key, windowsVirtualKeyCode=code, modifiers=8 if shift else 0)
    browser.call("Input.dispatchKeyEvent", type="keyDown", **parameters, **more)
    browser.call("Input.dispatchKeyEvent", type="keyUp", **parameters)


def screenshot(browser, file):
    size = browser.call("Page.getLayoutMetrics")["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
    answer = browser.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
    pathlib.Path(file).write_bytes(base64.b64decode(answer["data"]))


def step(browser, action, results):
    if "evaluate" in action:
        results.append(browser.evaluate(action["evaluate"]))
    elif "wait" in action:
        deadline = time.monotonic() + 120
        while not browser.evaluate(f"Boolean({action['wait']})"):
            if time.monotonic() > deadline:
                sys.exit(f"not true after two minutes: {action['wait']}")
            time.sleep(0.02)
    elif "click" in action:
        click(browser, action["click"])
    elif "type" in action:
        for character in action["type"]:
            browser.call("Input.dispatchKeyEvent", type="char", text=character)
    elif "press" in action:
        press(browser, action["press"], action.get("shift", False))
    elif "media" in action:
        browser.call("Emulation.setEmulatedMedia", **action["media"])
    elif "size" in action:
        width, height = action["size"]
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=False)
    elif "screenshot" in action:
        screenshot(browser, action["screenshot"])
    elif "pdf" in action:
        answer = browser.call(
            "Page.printToPDF", printBackground=False, paperWidth=8.27, paperHeight=11.69)
        pathlib.Path(action["pdf"]).write_bytes(base64.b64decode(answer["data"]))


def main():
    steps = json.load(sys.stdin)
    address = pathlib.Path(sys.argv[1]).resolve().as_uri()
    profile = tempfile.mkdtemp()
    browser = Browser(profile)
    try:
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.call(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            browser.call(f"{domain}.enable")
        browser.events.clear()
        browser.call("Page.navigate", url=address)
        browser.wait_for("Page.loadEventFired")
        results = []
        for action in steps:
            step(browser, action, results)
        # What the last step led to comes in meanwhile.
        browser.evaluate("new Promise(done => setTimeout(done, 200))")
    finally:
        browser.end()
        shutil.rmtree(profile, ignore_errors=True)
    log, requests = [], []
    for event in browser.events:
        parameters = event.get("params", {})
        match event.get("method"):
            case "Runtime.consoleAPICalled":
                log.append(" ".join(str(a.get("value")) for a in parameters["args"]))
            case "Runtime.exceptionThrown":
                log.append(json.dumps(parameters["exceptionDetails"]))
            case "Log.entryAdded":
                log.append(parameters["entry"]["text"])
            case "Network.requestWillBeSent":
                requests.append(parameters["request"]["url"])
    print(json.dumps({"results": results, "log": log, "requests": requests}))


main()
