"""Documents in the reading child: seconds and memory of every format, of long ones, and of those made to do harm."""

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable

import docx
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from bot.intake import COMMAND, environment
from bot.plan import plain
from bot.plan.read import Context
from bot.settings import Intake
from tests.bench.figures import BROKEN, Figure, report
from tests.bench.material import long_text
from tests.plan.formats.hostile import HOSTILE
from tests.plan.formats.small import WRITERS

PAGES = 200
SMALL, LONG, REFUSED = 1.5, 10.0, 2.0
"""Seconds from the start of the child to its answer: a small plan, a long one, a refusal (about a second on an idle machine)."""
MEMORY = 200.0
"""MB of a child that refuses."""
# A small process between, so that what the benchmark itself holds is not counted as the child's.
LAUNCH = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
with open(sys.argv[1], "rb") as source:
    done = subprocess.run([sys.executable, *sys.argv[2:]], stdin=source, stdout=subprocess.PIPE)
answer = json.loads(done.stdout or "{}")
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
what = "read" if "document" in answer else answer.get("refused", f"status {done.returncode}")
print(json.dumps([time.perf_counter() - began, used, what]))
"""


def measured(name: str, data: bytes) -> tuple[float, float, str]:
    """Seconds and MB of a child on this document, and what came of it."""
    limits = Intake()
    header = {"name": name, "context": plain.dump(Context()), "memory_mb": limits.memory_mb, "seconds": limits.seconds}
    with tempfile.NamedTemporaryFile() as source:
        source.write(json.dumps(header).encode() + b"\n" + data)
        source.flush()
        command = [sys.executable, "-c", LAUNCH, source.name, *COMMAND]
        said = subprocess.run(command, env=dict(environment()), capture_output=True, check=True).stdout
    seconds, memory, what = json.loads(said)
    return seconds, memory, what


def long_word() -> bytes:
    """The long plan as a Word document."""
    document = docx.Document()
    for line in long_text(PAGES).splitlines():
        document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def long_print() -> bytes:
    """The long plan as a PDF."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("body", fontName="STSong-Light", fontSize=16, leading=28, firstLineIndent=32, wordWrap="CJK")
    target = io.BytesIO()
    SimpleDocTemplate(target).build([Paragraph(line.replace("<", "&lt;"), style) for line in long_text(PAGES).splitlines() if line])
    return target.getvalue()


LARGE: dict[str, Callable[[], bytes]] = {".docx": long_word, ".pdf": long_print}


def run() -> int:
    """Print seconds and memory; 0 or BROKEN."""
    worst = 0
    figures = []
    for suffix, write in WRITERS.items():
        seconds, memory, what = measured(f"plan{suffix}", write())
        figures.append(Figure(f"{suffix or 'no suffix'}, {memory:.0f} MB: {what}", seconds, "s", (), SMALL))
    worst = max(worst, report("a small plan, interpreter and all", figures))
    figures = []
    for suffix, write in LARGE.items():
        seconds, memory, what = measured(f"plan{suffix}", write())
        figures += [Figure(f"{PAGES} pages of text as {suffix}: {what}", seconds, "s", (), LONG), Figure("its memory", memory, "MB")]
    worst = max(worst, report("a long plan", figures))
    figures = []
    for case, (name, make, _) in HOSTILE.items():
        data = make()
        if len(data) > Intake().largest_mb * 1_000_000:
            continue
        seconds, memory, what = measured(name, data)
        figures.append(Figure(f"{case}, {len(data) / 1e6:.1f} MB: {what}", seconds, "s", (), REFUSED))
        figures.append(Figure(f"{case}: memory", memory, "MB", (), MEMORY))
    worst = max(worst, report("documents made to do harm", [figure for figure in figures if figure.unit == "s" or not figure.holds]))
    memory = max(figure.ours for figure in figures if figure.unit == "MB")
    return max(worst, report("their memory", [Figure("the most any of them took", memory, "MB", (), MEMORY)])) and BROKEN


if __name__ == "__main__":
    sys.exit(run())
