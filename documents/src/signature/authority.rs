//! The centre's own certification authority: a root, and certificates for the keys that sign letters.

use std::str::FromStr;
use std::time::Duration;

use der::asn1::GeneralizedTime;
use jiff::Timestamp;
use model::Entropy;
use p256::ecdsa::{DerSignature, SigningKey, VerifyingKey};
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::certificate::{Certificate, TbsCertificate};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use super::keys::KeyError;

/// How long a root certificate holds.
const ROOT_YEARS: u32 = 30;
/// How long a signing certificate holds: longer than its key is in use, so that letters outlive it.
const SIGNING_YEARS: u32 = 20;

/// A key fit for signing, out of nothing but the given randomness.
pub(super) fn make_key(entropy: &mut dyn Entropy) -> SigningKey {
    loop {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        // One in 2^32 is no number below the order of the curve.
        if let Ok(key) = SigningKey::from_slice(&bytes) {
            return key;
        }
    }
}

/// The certificate that a root signs for itself.
pub(super) fn certify_root(
    centre: &str,
    key: &SigningKey,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Certificate, KeyError> {
    let name = name(&format!("{centre} Root"), centre)?;
    let profile = Profile { issuer: name.clone(), subject: name, is_root: true };
    certify(profile, key.verifying_key(), key, (at, ROOT_YEARS), entropy)
}

/// A certificate for a key that signs letters.
pub(super) fn certify_signer(
    root: &Certificate,
    root_key: &SigningKey,
    centre: &str,
    key: &SigningKey,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Certificate, KeyError> {
    let issuer = root.tbs_certificate().subject().clone();
    let profile = Profile { issuer, subject: name(centre, centre)?, is_root: false };
    certify(profile, key.verifying_key(), root_key, (at, SIGNING_YEARS), entropy)
}

fn certify(
    profile: Profile,
    key: &VerifyingKey,
    signer: &SigningKey,
    (at, years): (Timestamp, u32),
    entropy: &mut dyn Entropy,
) -> Result<Certificate, KeyError> {
    let mut serial = [0; 16];
    entropy.fill(&mut serial);
    // Positive, and of full length.
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x3f | 0x40;
    }
    let validity = Validity::new(time(at, 0)?, time(at, years)?);
    let public = SubjectPublicKeyInfo::from_key(key).map_err(KeyError::Key)?;
    let builder = CertificateBuilder::new(profile, SerialNumber::new(&serial)?, validity, public)
        .map_err(KeyError::Certificate)?;
    builder.build::<_, DerSignature>(signer).map_err(KeyError::Certificate)
}

/// What is written in a certificate besides its key.
struct Profile {
    issuer: Name,
    subject: Name,
    is_root: bool,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        subject_key: SubjectPublicKeyInfoRef<'_>,
        issuer_key: SubjectPublicKeyInfoRef<'_>,
        certificate: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let subject = certificate.subject();
        let mut all = Vec::new();
        all.push(SubjectKeyIdentifier::try_from(subject_key)?.to_extension(subject, &all)?);
        all.push(AuthorityKeyIdentifier::try_from(issuer_key)?.to_extension(subject, &all)?);
        let may_certify =
            BasicConstraints { ca: self.is_root, path_len_constraint: self.is_root.then_some(0) };
        all.push(may_certify.to_extension(subject, &all)?);
        let usage = if self.is_root {
            KeyUsages::KeyCertSign | KeyUsages::CRLSign
        } else {
            KeyUsages::DigitalSignature | KeyUsages::NonRepudiation
        };
        all.push(KeyUsage(usage).to_extension(subject, &all)?);
        Ok(all)
    }
}

fn name(common: &str, organisation: &str) -> Result<Name, KeyError> {
    Ok(Name::from_str(&format!("CN={},O={}", escaped(common), escaped(organisation)))?)
}

/// Text as a value of RFC 4514, whose special characters are escaped.
fn escaped(text: &str) -> String {
    let is_plain = |it: char| !it.is_ascii() || it.is_ascii_alphanumeric() || "-._".contains(it);
    let escape =
        |it: char| if is_plain(it) { it.to_string() } else { format!("\\{:02x}", u32::from(it)) };
    text.chars().map(escape).collect()
}

/// An instant some years later, by the average length of a year.
fn time(at: Timestamp, years: u32) -> Result<Time, KeyError> {
    const YEAR: Duration = Duration::from_secs(31_556_952);
    let since_epoch = u64::try_from(at.as_second()).map_err(|_| KeyError::Instant(at))?;
    let then = Duration::from_secs(since_epoch) + YEAR.saturating_mul(years);
    Ok(Time::GeneralTime(GeneralizedTime::from_unix_duration(then)?))
}
