"""A bill of materials of what the locks pin, as CycloneDX 1.6 JSON on standard output: name, version, hashes, licence and what it is for.

The same locks give the same bytes; licences are known of what is installed beside this program.
"""

import json
import re
import sys
import tomllib
import uuid
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKS = {"requirements.lock": "serving", "requirements-semantic.lock": "semantic", "requirements-test.lock": "test"}
PIN = re.compile(r"^([\w.-]+)==([\w.+!-]+)(?: *; *([^\\\n]*?))? *\\?\n((?: +--hash=.*\n?)+)", re.MULTILINE)


def pins(lock: str) -> list[tuple[str, str, str, list[str]]]:
    """Name, version, environment marker and SHA-256 hashes of every pin; ValueError where a line is none or has no hash."""
    text = (ROOT / lock).read_text("utf-8").rstrip() + "\n"
    found = PIN.findall(text)
    if len(found) != len(re.findall(r"^\S", text, re.MULTILINE)):
        raise ValueError(f"{lock} holds a line that is no pin with hashes")
    return [
        (re.sub(r"[-_.]+", "-", name).lower(), version, marker, re.findall(r"sha256:([0-9a-f]{64})", hashes))
        for name, version, marker, hashes in found
    ]


def licence(name: str, version: str) -> list[dict[str, Any]]:
    """The licence as the package itself names it; none where it is not installed in this version."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return []
    if told["Version"] != version:
        return []
    if told["License-Expression"]:
        return [{"expression": told["License-Expression"]}]
    named = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or () if line.startswith("License ::")]
    short = (told["License"] or "").strip()
    names = named or ([short] if short and "\n" not in short and len(short) < 80 else [])
    return [{"license": {"name": one}} for one in names]


def bill() -> dict[str, Any]:
    """The whole bill; a package that several locks pin stands in it once, with what it is for."""
    components: dict[str, dict[str, Any]] = {}
    for lock, purpose in LOCKS.items():
        for name, version, marker, hashes in pins(lock):
            purl = f"pkg:pypi/{name}@{version}"
            held = components.setdefault(
                purl,
                {
                    "type": "library",
                    "bom-ref": purl,
                    "name": name,
                    "version": version,
                    "scope": "required" if purpose == "serving" else "optional",
                    "purl": purl,
                    "licenses": licence(name, version),
                    "externalReferences": [
                        {
                            "type": "distribution",
                            "url": f"https://pypi.org/project/{name}/{version}/",
                            "hashes": [{"alg": "SHA-256", "content": one} for one in hashes],
                        }
                    ],
                    "properties": [],
                },
            )
            held["properties"] += [{"name": "planbot:lock", "value": lock}]
            if marker and not any(one["name"] == "planbot:marker" for one in held["properties"]):
                held["properties"] += [{"name": "planbot:marker", "value": marker.strip()}]
    rows = [{name: value for name, value in components[purl].items() if value != []} for purl in sorted(components)]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    itself = {"type": "application", "bom-ref": project["name"], "name": project["name"], "version": project["version"]}
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(rows, sort_keys=True))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {"component": itself},
        "components": rows,
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
