"""Time stamps of RFC 3161: an authority signs that a tree head's signature was there at a moment.

Needs the extra ``timestamps`` (rfc3161-client). What is stamped is SHA-256 over the signature of the head; the token
kept is the whole response, DER. An authority that answers with two certificates out of order is refused by the library:
have it send its own only, and give the root to `verify`.
"""

from datetime import datetime
from typing import Any

from engine.model.errors import Invalid, Unavailable


def _library() -> Any:
    try:
        import rfc3161_client  # noqa: PLC0415 -- an extra
    except ImportError as error:
        raise Unavailable("time_stamp.no_library", "install mingjing[timestamps] to use time stamps") from error
    return rfc3161_client


def request(data: bytes) -> bytes:
    """What an authority is asked, DER."""
    made: bytes = _library().TimestampRequestBuilder().data(data).nonce(nonce=True).build().as_bytes()
    return made


def accepted(answer: bytes) -> bytes:
    """The response, when the authority has granted a stamp. Raises Invalid otherwise."""
    _read(answer)
    return answer


def instant(token: bytes) -> datetime:
    """The moment that a token tells, in UTC. Raises Invalid when it is none."""
    found: datetime = _read(token).tst_info.gen_time
    return found


def verify(token: bytes, data: bytes, root_pem: bytes) -> datetime:
    """The moment, when the token is over `data` and its chain ends at a root certificate. Raises Invalid."""
    from cryptography import x509  # noqa: PLC0415 -- with the extra only

    library = _library()
    roots = x509.load_pem_x509_certificates(root_pem)
    verifier = library.VerifierBuilder(roots=roots).build()
    try:
        verifier.verify_message(_read(token), data)
    except library.VerificationError as error:
        raise Invalid("time_stamp.wrong", f"the time stamp does not verify: {error}") from error
    return instant(token)


def _read(token: bytes) -> Any:
    try:
        found = _library().decode_timestamp_response(token)
        found.tst_info  # noqa: B018 -- raises unless a stamp was granted
    except ValueError as error:
        raise Invalid("time_stamp.unreadable", f"the authority gave no time stamp: {error}") from error
    return found
