"""What the container of an attempt holds where the worker can show it no files."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from composer.engine.ports import Entry, Mount
from composer.engine.spool import INSIDE, RECORD_BYTES
from composer.engine.wiring import INPUTS, OUTPUTS

_RECORDS = ("started", "meter", "ended")


@dataclass(frozen=True, slots=True)
class Layout:
    """Its volumes, and what is in them when."""

    volumes: tuple[str, ...]
    entries: tuple[Entry, ...]  # there before it starts
    inputs: Mapping[str, Path]  # put there when its turn has come, by their place
    outputs: Mapping[int, tuple[str, Path]]  # fetched when it is over, by their channel

    def read_by(self, names: Collection[str]) -> list[Entry]:
        """What is put there for a step that reads these on its standard input."""
        return [
            Entry(target, source, 0o444)
            for target, source in self.inputs.items()
            if not target.startswith(f"{INSIDE}/") or target.removeprefix(f"{INSIDE}/") in names
        ]

    @classmethod
    def of(cls, mounts: tuple[Mount, ...]) -> "Layout":
        """From the mounts that show the same to a container on a shared disk."""
        entries: list[Entry] = []
        inputs: dict[str, Path] = {}
        outputs: dict[int, tuple[str, Path]] = {}
        for mount in mounts:
            folder, _, name = mount.target.rpartition("/")
            if mount.target == f"{INSIDE}/run":
                entries.append(Entry(mount.target, mount.source, 0o755))
            elif mount.read_only:
                inputs[mount.target] = mount.source
            elif folder == OUTPUTS:
                entries.append(Entry(mount.target, is_fifo=True))
            elif name in _RECORDS:
                entries.append(Entry(mount.target, bytes(RECORD_BYTES)))
            elif name == "alive":
                entries.append(Entry(mount.target))
            elif name.startswith("output."):
                entries.append(Entry(mount.target))
                outputs[int(name.removeprefix("output."))] = (mount.target, mount.source)
        used = {mount.target.rpartition("/")[0] for mount in mounts}
        return cls(
            tuple(folder for folder in (INSIDE, INPUTS, OUTPUTS) if folder in used),
            tuple(entries),
            inputs,
            outputs,
        )
