"""Making secrets, keeping only hashes of those that let somebody in, and sealing those that are passed on."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def new_secret() -> str:
    """256 bits, as text that fits into an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret that lets somebody in. It is random, so no salt is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def seal(value: str) -> bytes:
    """Encrypts a value with the newest key."""
    return _box().encrypt(value.encode())


def unseal(sealed: bytes | memoryview) -> str | None:
    """The value; None where none of our keys fits."""
    try:
        return _box().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str | bytes) -> bytes:
    plain = secret.encode() if isinstance(secret, str) else secret
    derived = hashlib.scrypt(plain, salt=b"composer.connections", n=2**12, r=8, p=1, dklen=32)
    return base64.urlsafe_b64encode(derived)
