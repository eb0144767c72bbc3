"""The page in headless Chromium: the numbers at 500 points, no request outside, keys, links, copies, narrow screens."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from riskcalc.cli.application import main
from riskcalc.explorer import explore
from riskcalc.explorer.questions import questions
from tests.explorer.engine import ASKED, random_points, written
from tests.explorer.expected import faults_in_curve, faults_in_exponents, setting_of

pytestmark = pytest.mark.slow
webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
waiting = pytest.importorskip("selenium.webdriver.support.wait")
SCHEDULES = ("constant", "cosine", "geometric")
MOST = 400_000  # bytes
FRONT = Path(__file__).parents[2] / "docs" / "site" / "index.md"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("explorer") / "page.html"
    explore(path, schedules=SCHEDULES)
    return path


@pytest.fixture(scope="module")
def browser():
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    driver.set_script_timeout(120)
    yield driver
    driver.quit()


def screen(browser, width, height, *, dark=False):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def opened(browser, page, hash_=""):
    visited(browser, f"{page.as_uri()}{hash_}")


# the page before has no such name, nor has this one before its script is read
_READY = "return typeof drawn !== 'undefined' && drawn !== undefined"


def visited(browser, link):
    browser.get("about:blank")
    browser.get(link)
    # it begins to compute after its first paint
    waiting.WebDriverWait(browser, 60).until(lambda it: it.execute_script(_READY))


def asked(browser, request):
    return json.loads(browser.execute_script(f"{ASKED} return JSON.stringify({request});"))


def test_numbers_are_those_of_python_at_500_points(browser, page):
    opened(browser, page)
    points = random_points(500, seed=7)
    settings = [setting_of(point, seed) for seed, point in enumerate(points[:60])]
    request = f"{written(points)}.map((p, k) => answerAt(p, DATA.questions[0], {json.dumps(settings)}[k]))"
    found = asked(browser, request)
    wrong = [fault for point, one in zip(points, found, strict=True) for fault in faults_in_exponents(point, one, {})]
    for point, setting, one in zip(points, settings, found, strict=False):
        wrong += faults_in_curve(point, setting, one)
    assert not wrong, "\n".join(wrong)


def test_every_other_question_is_answered_as_in_python(browser, page):
    opened(browser, page)
    wrong = []
    for index, question in enumerate(questions(SCHEDULES)[1:], start=1):
        words = question.words()
        fast = "dana" in words["optimiser"] or words["budget"] == "data-set"  # derived for a > 1
        points = [point for point in random_points(4, seed=index) if not fast or 2 * point[0] > 1]
        found = asked(browser, f"{written(points)}.map(p => answerAt(p, DATA.questions[{index}]))")
        pairs = zip(points, found, strict=True)
        wrong += [f"{words}: {fault}" for point, one in pairs for fault in faults_in_exponents(point, one, words)]
    assert not wrong, "\n".join(wrong)


def test_nothing_outside_is_asked_for_and_nothing_goes_wrong(browser, page):
    browser.get_log("performance")
    browser.get_log("browser")
    opened(browser, page, "#alpha=2/5&beta=1&schedule=cosine&noise=-2")
    for menu in ("letters", "schedule", "budget"):
        browser.execute_script(
            f"const m = element('{menu}');"
            "for (const o of m.options) { m.value = o.value; m.dispatchEvent(new Event('change')); }"
        )
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]
    assert urls
    assert all(url.startswith(("file:", "data:", "about:")) for url in urls), urls
    assert browser.get_log("browser") == []
    assert page.stat().st_size < MOST


def test_arrow_keys_move_the_point_and_the_link_carries_it(browser, page):
    from selenium.webdriver.common.keys import Keys

    opened(browser, page)
    plane = browser.find_element("id", "map")
    plane.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_UP, Keys.ARROW_UP)
    assert asked(browser, "[state.alpha, state.beta]") == ["101/100", "77/100"]
    assert "77/100" in plane.get_attribute("aria-label")
    link = browser.current_url
    opened(browser, page)
    assert asked(browser, "[state.alpha, state.beta]") == ["1", "3/4"]
    visited(browser, link)
    assert asked(browser, "[state.alpha, state.beta]") == ["101/100", "77/100"]


def test_a_broken_link_is_read_as_far_as_it_goes(browser, page):
    opened(browser, page, "#alpha=%E0%A4%A&beta=1/0&schedule=<b>&M=oops&gamma=&letters=7&B=3&r=1e9")
    names = ["alpha", "beta", "schedule", "M", "gamma", "letters", "B", "r"]
    expected = ["1", "3/4", "constant", "6", "-0.5", "0", "3", "10"]
    assert asked(browser, f"{names}.map(n => state[n])") == expected


@pytest.mark.parametrize("menu", ["budget", "schedule", "optimiser"])
def test_a_link_that_names_one_choice_is_followed(browser, page, menu):
    opened(browser, page)
    for value in asked(browser, f"[...element('{menu}').options].map(o => o.value)"):
        opened(browser, page, f"#{menu}={value}&noise=-2")
        assert asked(browser, "question.words")[menu] == value


def test_a_method_without_noise_takes_it_off_the_slider(browser, page):
    opened(browser, page, "#noise=-2")
    assert asked(browser, "[question.words.noise, setting().noise]") == ["1", 0.01]
    browser.execute_script(
        "const m = element('optimiser');"
        "m.value = [...m.options].find(o => o.value.startsWith('dana')).value; m.dispatchEvent(new Event('change'));"
    )
    assert asked(browser, "[question.words.noise, setting().noise]") == ["0", 0]


def test_what_doubles_cannot_hold_is_refused(browser, page):
    opened(browser, page, "#alpha=1e4&M=9")
    assert "beyond the numbers of this page" in browser.find_element("id", "curve-words").text


def test_touch_sets_the_point(browser, page):
    screen(browser, 400, 800)
    opened(browser, page)
    box = asked(browser, "(b => [b.left, b.top, b.width, b.height])(map.getBoundingClientRect())")
    at = {"x": box[0] + box[2] / 4, "y": box[1] + box[3] / 4}
    for kind, points in (("touchStart", [at]), ("touchEnd", [])):
        browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert asked(browser, "[state.alpha, state.beta]") == ["1/2", "1"]
    assert "boundary" in browser.find_element("id", "answer-words").text


def test_in_a_frame_it_takes_light_or_dark_from_the_page_around_it_and_tells_its_height(browser, page):
    around = page.with_name("around.html")
    # as on the front page of the site
    script = re.search(r"<script>.*?</script>", FRONT.read_text(encoding="utf-8"), flags=re.DOTALL)[0]
    around.write_text(
        f'<!DOCTYPE html><html data-theme="dark"><body><iframe class="explorer" src="{page.name}"></iframe>{script}',
        encoding="utf-8",
    )
    screen(browser, 1600, 900)
    browser.get(around.as_uri())
    frame = browser.find_element("tag name", "iframe")
    colour = "return getComputedStyle(document.body).backgroundColor"
    for theme, ground in (("dark", "rgb(20, 23, 27)"), ("light", "rgb(255, 255, 255)")):
        browser.execute_script(f"document.documentElement.dataset.theme = '{theme}'")
        browser.switch_to.frame(frame)
        waiting.WebDriverWait(browser, 60).until(lambda it, ground=ground: it.execute_script(colour) == ground)
        rest = browser.execute_script("return document.documentElement.scrollHeight - innerHeight")
        browser.switch_to.default_content()
    assert rest <= 0
    assert frame.size["height"] > 800


def test_outside_of_what_is_derived_nothing_is_copied_that_fails(browser, page):
    opened(browser, page, "#alpha=1&beta=-1")
    texts = asked(browser, "[commandText, pythonText, latexText].map(f => f(question, pointOf()))")
    assert all("outside of what is derived" in text for text in texts)
    assert [line[0] for line in texts[0].splitlines()] == ["#"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [400, 1600])
def test_it_fits_narrow_and_wide_screens(browser, page, width, dark):
    screen(browser, width, 900, dark=dark)
    opened(browser, page)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    colours = browser.execute_script("const s = getComputedStyle(document.body); return [s.color, s.backgroundColor];")
    light, ground = (sum(map(int, colour[4:-1].split(","))) for colour in colours)
    assert (light > ground) == dark


def test_what_is_copied_runs_and_says_the_same(browser, page):
    opened(browser, page, "#alpha=3/10&beta=1&B=2&gamma=-3")
    command, python, latex = asked(browser, "[commandText, pythonText, latexText].map(f => f(question, pointOf()))")
    step = float(asked(browser, "stepsShown(leadingTerms(pointOf(), setting()))[1]"))
    shown = asked(browser, f"leadingTerms(pointOf(), setting()).at({step}).excess")
    exponents, risk = (CliRunner().invoke(main, shlex.split(line)[1:]) for line in command.strip().splitlines())
    assert "phase" in exponents.output
    row = next(line.split() for line in risk.output.splitlines() if line.split()[0] == str(round(step)))
    assert float(row[2]) == pytest.approx(shown, rel=1e-6)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(python, "copied", "exec"), {})
    assert row[2] in printed.getvalue()
    assert latex.startswith("\\begin{gather*}")
    assert "\\alpha" in latex
