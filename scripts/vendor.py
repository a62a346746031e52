"""Fetch the front-end files that Escala serves, and write down what they are.

Run by hand when a version changes: `python scripts/vendor.py`. It asks the configured npm client for the packages
named below, copies only the files that are served into `static/vendor/`, builds the icon sprite from the names in
`scripts/icons.txt`, and writes `static/vendor/VERSIONS.json` with the sha256 of every file. The result is committed;
CI only compares the sums (`tests/house/test_static.py`) and never fetches anything.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
ICON_LIST = Path(__file__).resolve().parent / "icons.txt"

FONT_SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "vietnamese")
SOURCE_MAP = re.compile(r"\n?/[/*][#@] ?sourceMappingURL=[^\n]*\n?")
FONT_FACE = re.compile(r"/\* (?P<name>[a-z0-9-]+) \*/\s*@font-face \{.*?\n\}", re.DOTALL)
ICON_BODY = re.compile(r"<svg\b[^>]*>(?P<body>.*)</svg>", re.DOTALL)
EMPTY_PATH = re.compile(r'<path stroke="none"[^>]*/>')


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package: what to ask for, and which of its files go where under `static/vendor/`."""

    spec: str
    files: dict[str, str]


PACKAGES = (
    Package("htmx.org@2.0", {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "licences/htmx.txt"}),
    Package("@tabler/core@1.6", {"dist/css/tabler.min.css": "tabler.min.css"}),  # its licence notice is in the file
    Package(
        "@fontsource-variable/inter@5",
        {
            "opsz.css": "inter/opsz.css",
            "LICENSE": "licences/inter.txt",
            **{f"files/inter-{s}-opsz-normal.woff2": f"inter/files/inter-{s}-opsz-normal.woff2" for s in FONT_SUBSETS},
        },
    ),
    Package(
        "@fontsource-variable/jetbrains-mono@5",
        {
            "index.css": "jetbrains-mono/index.css",
            "LICENSE": "licences/jetbrains-mono.txt",
            **{
                f"files/jetbrains-mono-{s}-wght-normal.woff2": (
                    f"jetbrains-mono/files/jetbrains-mono-{s}-wght-normal.woff2"
                )
                for s in FONT_SUBSETS
            },
        },
    ),
    Package("@tabler/icons@3", {"LICENSE": "licences/tabler-icons.txt"}),
)


def main() -> int:
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not installed; it is needed only to change the vendored files.\n")
        return 2
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    versions = {}
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            unpacked, version = _fetch(npm, package.spec, Path(folder))
            written = _copy(unpacked, package.files)
            if package.spec.startswith("@tabler/icons"):
                written.append(_sprite(unpacked))
        name = package.spec.rpartition("@")[0]
        versions[name] = {"version": version, "files": {p: _sum(VENDOR / p) for p in sorted(written)}}
    text = json.dumps(versions, indent=2, ensure_ascii=False) + "\n"
    (VENDOR / "VERSIONS.json").write_text(text, encoding="utf-8")
    return 0


def _fetch(npm: str, spec: str, folder: Path) -> tuple[Path, str]:
    """Unpack the newest release that `spec` allows; the folder and its version."""
    command = [npm, "pack", "--silent", spec]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - constants from above
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    unpacked = folder / "package"
    return unpacked, json.loads((unpacked / "package.json").read_text(encoding="utf-8"))["version"]


def _copy(unpacked: Path, files: dict[str, str]) -> list[str]:
    for source, target in files.items():
        destination = VENDOR / target
        destination.parent.mkdir(parents=True, exist_ok=True)
        content = (unpacked / source).read_bytes()
        if source.endswith((".css", ".js")):
            content = _trimmed(content.decode("utf-8")).encode("utf-8")
        destination.write_bytes(content)
    return list(files.values())


def _trimmed(text: str) -> str:
    """Without pointers to a source map or to font subsets that are not vendored: hashed storage follows both."""
    kept = FONT_FACE.sub(lambda m: m[0] if _subset(m["name"]) in FONT_SUBSETS else "", text)
    return SOURCE_MAP.sub("\n", kept).strip() + "\n"


def _subset(face: str) -> str:
    """`cyrillic-ext` out of `inter-cyrillic-ext-opsz-normal`."""
    found = re.search(r"(?:inter|mono)-(?P<subset>.+?)-(?:opsz|wght)-", face)
    return found["subset"] if found else ""


def _sprite(unpacked: Path) -> str:
    symbols = [_symbol(unpacked, name) for name in ICON_LIST.read_text(encoding="ascii").split()]
    text = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (VENDOR / "icons.svg").write_text(text, encoding="utf-8")
    return "icons.svg"


def _symbol(unpacked: Path, name: str) -> str:
    found = ICON_BODY.search((unpacked / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{name}.svg holds no drawing")
    body = "".join(line.strip() for line in EMPTY_PATH.sub("", found["body"]).splitlines())
    pen = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {pen}>{body}</symbol>'


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
