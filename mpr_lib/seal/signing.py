"""Signing: whoever issues reports signs each manifest, which names every file of its set by its SHA-256.

The signature is Ed25519's (RFC 8032), bare, in ``manifest.json.sig``: the same key and manifest give the same bytes,
and ``openssl pkeyutl -verify -pubin -inkey issuer.pub -rawin -in manifest.json -sigfile manifest.json.sig`` agrees.
"""

import os
from pathlib import Path

from mpr_lib.errors import InputError
from mpr_lib.files import read_whole

KEY = "MPR_SIGNING_KEY"
"""The environment's name for the private key: a file, or the key's text itself."""
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.sig"

_EXPECTED = (
    "Expected a key for Ed25519 without a password, in the form PEM. To make one: openssl genpkey -algorithm ed25519 "
    "-out issuer.pem. Its public half, for readers: openssl pkey -in issuer.pem -pubout -out issuer.pub"
)


def sign(folder: Path) -> None:
    """Sign the manifest in ``folder`` if the environment has a key; ``InputError`` if what it has is none."""
    given = os.environ.get(KEY, "").strip()
    if not given:
        return
    is_text = given.startswith("-----BEGIN")
    pem = given.encode() if is_text else read_whole(Path(given), f"the file that {KEY} names", _EXPECTED)
    # Loaded when needed: few sign, and everybody else goes without.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = _loaded(load_pem_private_key, pem, Ed25519PrivateKey, f"{KEY} is no key to sign with", password=None)
    (folder / SIGNATURE).write_bytes(key.sign((folder / MANIFEST).read_bytes()))


def is_signed_by(public_key: Path, manifest: bytes, signature: bytes) -> bool:
    """Whether the holder of the public key, a PEM file, signed the manifest; ``InputError`` where it is no such key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    pem = read_whole(public_key, str(public_key), "Give the file of the issuer's public key.")
    key = _loaded(load_pem_public_key, pem, Ed25519PublicKey, f"{public_key} is no public key")
    try:
        key.verify(signature, manifest)
    except InvalidSignature:
        return False
    return True


def _loaded(load, pem, kind, refusal, **options):
    try:
        key = load(pem, **options)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, kind):
        raise InputError(f"{refusal}. {_EXPECTED}")
    return key
