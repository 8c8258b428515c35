"""The system user of the embedded servers. PostgreSQL refuses root, so root's servers get a separate system user.

That user must be able to enter the folders above the data and the programs (a checkout under /root, for example).
An access control entry on those folders admits that user alone; their other permissions stay.
"""

import os
import pwd
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USER = "retention-db"


class EmbeddedError(Exception):
    """An embedded server cannot be started; the text gives the cause and the remedy."""


@dataclass(frozen=True)
class Owner:
    uid: int
    gid: int
    name: str

    def as_popen(self) -> dict:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, folder: Path) -> None:
        os.chown(folder, self.uid, self.gid)

    def let_through(self, target: Path) -> None:
        """Let this user enter every folder above `target`."""
        for folder in target.parents:
            status = folder.stat()
            if status.st_mode & 0o001 or (status.st_uid == self.uid and status.st_mode & 0o100):
                continue
            try:
                _allow_entry(folder, self.uid)
            except OSError as error:
                raise EmbeddedError(
                    f"The user {self.name}, who runs PostgreSQL for root, cannot enter {folder} ({error.strerror}). "
                    f"Run 'chmod o+x {folder}', or work as an ordinary user, or give DATABASE_URL and REDIS_URL."
                ) from error


def owner_of(data: Path) -> Owner | None:
    """The user that runs a server with this data; None for the current user.

    For root it is the owner of the data, or of the folder that is to hold it.
    """
    place = data if data.exists() else data.parent
    holder = place.stat().st_uid
    if os.geteuid() != 0:
        if holder != os.geteuid():
            raise EmbeddedError(
                f"{place} belongs to {_name(holder)}: run as that user, or set RETENTION_VAR elsewhere."
            )
        return None
    if holder:
        entry = _entry(holder)
        return Owner(holder, entry.pw_gid if entry else holder, _name(holder))
    entry = _system_user()
    return Owner(entry.pw_uid, entry.pw_gid, entry.pw_name)


def make_readable(program: Path, root: Path) -> None:
    """Make programs that were installed under a strict umask readable and executable for other users."""
    if program.stat().st_mode & 0o005 == 0o005:
        return
    for path in (root, *root.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o055 if mode & 0o100 else 0o044))


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        return pwd.getpwnam(SYSTEM_USER)  # also when another process has just created it
    except FileNotFoundError:
        why = "useradd is not installed"
    except KeyError:
        why = made.stderr.strip()
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and the user {SYSTEM_USER} could not be made ({why}). "
        "Work as an ordinary user, or give DATABASE_URL and REDIS_URL."
    )


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _name(uid: int) -> str:
    entry = _entry(uid)
    return entry.pw_name if entry else f"user {uid}"


# The binary form of a POSIX access control list, acl(5): a version, then (tag, permissions, id) for each entry.
ACL = "system.posix_acl_access"
VERSION, HEADER, ENTRY, NOBODY = 2, struct.Struct("<I"), struct.Struct("<HHI"), 0xFFFFFFFF
USER_OBJ, USER, GROUP_OBJ, GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
ENTER = 1


def _allow_entry(folder: Path, uid: int) -> None:
    entries = _read_acl(folder)
    entries[USER, uid] = entries.get((USER, uid), 0) | ENTER
    entries[MASK, NOBODY] = 0
    for (tag, _), permissions in list(entries.items()):
        if tag in (USER, GROUP_OBJ, GROUP):
            entries[MASK, NOBODY] |= permissions
    packed = b"".join(ENTRY.pack(tag, permissions, who) for (tag, who), permissions in sorted(entries.items()))
    os.setxattr(folder, ACL, HEADER.pack(VERSION) + packed)


def _read_acl(folder: Path) -> dict[tuple[int, int], int]:
    """{(tag, id): permissions}; from the plain mode bits where the folder has no list yet."""
    try:
        raw = os.getxattr(folder, ACL)
    except OSError:
        mode = folder.stat().st_mode
        return {(USER_OBJ, NOBODY): mode >> 6 & 7, (GROUP_OBJ, NOBODY): mode >> 3 & 7, (OTHER, NOBODY): mode & 7}
    return {(tag, who): permissions for tag, permissions, who in ENTRY.iter_unpack(raw[HEADER.size :])}
