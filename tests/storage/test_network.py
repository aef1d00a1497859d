"""No way into the private network: not by name, by redirect, by rebinding, nor by odd spelling."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.archives import honest_zip
from tests.support.web_server import Web, serve
from triptych.core.errors import Refused, Unavailable
from triptych.storage import network
from triptych.storage.network import check_address, guarded_client, is_public, system_resolver
from triptych.storage.sources import SourceLimits, SourceRef, open_source

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE = (
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.7", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "192.88.99.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::",
    "2001:0:1::", "2001:db8::1", "fec0::1", "::127.0.0.1", "not an address",
)  # fmt: skip
PUBLIC = ("1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8",
          "64:ff9b::808:808")  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://h/x",
        "file:///etc/passwd",
        "//h/x",
        "x.zip",
        "http://",
        "https://user:secret@h/x",
        "http://u@h/x",
        "",
    ],
)
def test_addresses_that_are_none_of_ours_are_refused(address: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_address(address)
    assert refusal.value.code == "bad_address"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_out_of_reach_however_it_is_spelt(host: str, tmp_path: Path) -> None:
    with serve(Web(honest_zip({"a.png": b"a"}))) as web:
        with (
            pytest.raises((Refused, Unavailable)) as refusal,
            open_source(SourceRef.of_url(web.url(host=host)), SourceLimits(), staging=tmp_path),
        ):
            pass
        assert refusal.value.code in ("private_address", "source_unreachable")
        assert web.asked == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(tmp_path: Path) -> None:
    with (
        pytest.raises(Refused) as refusal,
        open_source(
            SourceRef.of_url("http://mixed.test/x.zip"),
            SourceLimits(),
            staging=tmp_path,
            resolver=lambda _host, _port: ["8.8.8.8", "10.0.0.1"],
        ),
    ):
        pass
    assert refusal.value.code == "private_address"


def test_the_connection_goes_to_the_very_address_that_was_judged() -> None:
    answers = [["127.0.0.1"], ["192.0.2.1"]]  # what a rebinding name server gives, one after the other

    with (
        serve(Web(b"x")) as web,
        guarded_client(private_networks=True, resolver=lambda _host, _port: answers.pop(0)) as client,
    ):
        assert client.get(web.url(host="rebinding.test")).content == b"x"
        assert web.hosts == [f"rebinding.test:{web.port}"]
        assert len(answers) == 1


def test_certificates_are_verified_against_the_name_and_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = self_signed("named.test", tmp_path)
    with serve(Web(honest_zip({"a.png": b"a"})), tls=context) as web:
        url = f"https://named.test:{web.port}/x.zip"
        assert _code(url, tmp_path) == "bad_certificate"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert _code(url, tmp_path) == ""
        assert web.hosts[-1] == f"named.test:{web.port}"
        assert _code(url.replace("named", "other"), tmp_path) == "bad_certificate"


def _code(url: str, staging: Path) -> str:
    try:
        with open_source(
            SourceRef.of_url(url),
            SourceLimits(),
            private_networks=True,
            staging=staging,
            resolver=lambda _host, _port: ["127.0.0.1"],
        ):
            return ""
    except Refused as error:
        return error.code


def self_signed(host: str, folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context for a host, and the certificate that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = folder / "certificate.pem", folder / "key.pem"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_path, key_path)
    return context, certificate_path


def test_a_redirect_into_the_private_network_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The test's own server counts as public; where it points to does not.
    monkeypatch.setattr(network, "is_public", lambda address: address == "127.0.0.1" or is_public(address))
    for target in ("http://10.1.2.3/x.zip", "http://inside.test/x.zip", "http://[::1]/x.zip"):
        with serve(Web(redirects={"/go": target})) as web:
            with (
                pytest.raises(Refused) as refusal,
                open_source(
                    SourceRef.of_url(web.url("/go")),
                    SourceLimits(),
                    staging=tmp_path,
                    resolver=lambda host, port: (
                        ["10.1.2.3"] if host == "inside.test" else system_resolver(host, port)
                    ),
                ),
            ):
                pass
            assert refusal.value.code == "private_address"
            assert [path for path, _ in web.asked] == ["/go"]


def test_a_name_without_address_is_unreachable() -> None:
    with pytest.raises(Unavailable) as absence:
        system_resolver("does-not-exist.invalid", 80)
    assert absence.value.code == "source_unreachable"


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serve(Web(b"x")) as web, guarded_client(private_networks=True) as client:
        assert client.get(web.url()).content == b"x"
