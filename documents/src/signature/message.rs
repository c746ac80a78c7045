//! The signature itself: a SignedData of RFC 5652 with the attributes that PAdES baseline B asks for.

use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence, ValueOrd};
use p256::ecdsa::signature::{Signer as _, Verifier};
use p256::ecdsa::{DerSignature, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::certificate::Certificate;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, DecodePublicKey};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_WITH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

#[derive(Clone, Debug, Sequence)]
struct ContentInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: SignedData,
}

#[derive(Clone, Debug, Sequence)]
struct SignedData {
    version: u8,
    digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    content: EncapsulatedContent,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true")]
    certificates: SetOfVec<Certificate>,
    signer_infos: SetOfVec<SignerInfo>,
}

/// Always without the content: that is the file around the signature.
#[derive(Clone, Debug, Sequence)]
struct EncapsulatedContent {
    content_type: ObjectIdentifier,
}

#[derive(Clone, Debug, Sequence, ValueOrd)]
struct SignerInfo {
    version: u8,
    signer: IssuerAndSerial,
    digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true")]
    attributes: Attributes,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: OctetString,
}

#[derive(Clone, Debug, Sequence, ValueOrd)]
struct IssuerAndSerial {
    issuer: Name,
    serial: SerialNumber,
}

/// RFC 5035; the hash is SHA-256, which is the default and therefore not named.
#[derive(Clone, Debug, Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<CertificateHash>,
}

#[derive(Clone, Debug, Sequence)]
struct CertificateHash {
    hash: OctetString,
}

/// Signs the digest of a file.
pub(super) fn write(
    digest: [u8; 32],
    key: &SigningKey,
    certificate: &Certificate,
) -> Result<Vec<u8>, der::Error> {
    let attributes = attributes(digest, certificate)?;
    let signature: DerSignature = key.sign(&attributes.to_der()?);
    let signature = OctetString::new(signature.as_bytes())?;
    wrapped(&Message { certificate: certificate.clone(), attributes, signature })
}

/// A signature in the one form that we write: nothing but what the message holds can differ.
fn wrapped(message: &Message) -> Result<Vec<u8>, der::Error> {
    let signed = message.certificate.tbs_certificate();
    let signer_info = SignerInfo {
        version: 1,
        signer: IssuerAndSerial {
            issuer: signed.issuer().clone(),
            serial: signed.serial_number().clone(),
        },
        digest_algorithm: algorithm(SHA_256),
        attributes: message.attributes.clone(),
        signature_algorithm: algorithm(ECDSA_WITH_SHA_256),
        signature: message.signature.clone(),
    };
    let content = SignedData {
        version: 1,
        digest_algorithms: vec![algorithm(SHA_256)].try_into()?,
        content: EncapsulatedContent { content_type: DATA },
        certificates: vec![message.certificate.clone()].try_into()?,
        signer_infos: vec![signer_info].try_into()?,
    };
    ContentInfo { content_type: SIGNED_DATA, content }.to_der()
}

/// A signature as it was read, of the one form that we write.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) certificate: Certificate,
    attributes: Attributes,
    signature: OctetString,
}

impl Message {
    /// Reads a signature at the beginning of `room`, behind which there must be nothing but zeros.
    pub(super) fn read(room: &[u8]) -> Option<Self> {
        let (info, rest) = ContentInfo::from_der_partial(room).ok()?;
        let [certificate] =
            <[Certificate; 1]>::try_from(info.content.certificates.into_vec()).ok()?;
        let [signer] = <[SignerInfo; 1]>::try_from(info.content.signer_infos.into_vec()).ok()?;
        let (attributes, signature) = (signer.attributes, signer.signature);
        let message = Self { certificate, attributes, signature };
        // The digest of the file does not cover the signature: what it holds beside the message must be as we write it.
        let form = wrapped(&message).ok()?;
        let read = room.get(..room.len() - rest.len())?;
        (read == form && rest.iter().all(|it| *it == 0)).then_some(message)
    }

    /// Whether this is what the key of its certificate signed for a file of this digest.
    ///
    /// Whose certificate that is, is for the caller to know.
    pub(super) fn signs(&self, digest: [u8; 32]) -> bool {
        attributes(digest, &self.certificate).is_ok_and(|it| it == self.attributes)
            && self.is_signed().is_some()
    }

    fn is_signed(&self) -> Option<()> {
        let public = self.certificate.tbs_certificate().subject_public_key_info().to_der().ok()?;
        let key = VerifyingKey::from_public_key_der(&public).ok()?;
        let signature = DerSignature::try_from(self.signature.as_bytes()).ok()?;
        key.verify(&self.attributes.to_der().ok()?, &signature).ok()
    }
}

/// What is signed: the kind of content, its digest, and which certificate it is to be checked with.
///
/// PAdES forbids the attribute of the signing time, which stands in the file instead.
fn attributes(digest: [u8; 32], certificate: &Certificate) -> Result<Attributes, der::Error> {
    let hash = OctetString::new(&Sha256::digest(certificate.to_der()?)[..])?;
    let signing = SigningCertificateV2 { certificates: vec![CertificateHash { hash }] };
    let attribute = |oid, value: Any| -> Result<Attribute, der::Error> {
        Ok(Attribute { oid, values: vec![value].try_into()? })
    };
    vec![
        attribute(CONTENT_TYPE, Any::encode_from(&DATA)?)?,
        attribute(MESSAGE_DIGEST, Any::encode_from(&OctetString::new(&digest[..])?)?)?,
        attribute(SIGNING_CERTIFICATE_V2, Any::encode_from(&signing)?)?,
    ]
    .try_into()
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}
