"""Certificates for a test: an authority, a server on the loopback, and a client."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class Authority:
    """Issues certificates into a folder: `ca.pem`, and a pair of files for each name."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder, self.key, self.name = folder, ec.generate_private_key(ec.SECP256R1()), named("authority")
        own = x509.BasicConstraints(ca=True, path_length=0)
        signed = self.issue(self.name, self.key.public_key(), own)
        (folder / "ca.pem").write_bytes(signed.public_bytes(Encoding.PEM))

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    def pair(self, name: str) -> tuple[Path, Path]:
        """Certificate and key for `name` on 127.0.0.1, good for either side."""
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = x509.BasicConstraints(ca=False, path_length=None)
        files = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        files[0].write_bytes(self.issue(named(name), key.public_key(), leaf).public_bytes(Encoding.PEM))
        files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return files

    def issue(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, basic: x509.BasicConstraints):
        now = datetime.now(UTC)
        both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        places = x509.SubjectAlternativeName(
            [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(basic, critical=True)
        )
        if not basic.ca:
            builder = builder.add_extension(places, critical=False).add_extension(both, critical=False)
        return builder.sign(self.key, hashes.SHA256())


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
