use std::time::Duration;

use network::testing::Counting;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::cases::begin;
use crate::testing::{actor, files, office, time};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\n";

/// A case, its clerk, and a folder for its files.
async fn begun() -> (Office, Actor, CaseId, tempfile::TempDir, Counting) {
    let office = office().await;
    let mut entropy = Counting::default();
    let at = time("2026-03-02T09:00");
    office.publish("drop-out", &files("drop-out"), at).await.unwrap();
    let clerk = actor("school_clerk", "2112000101", &mut entropy);
    let school = "2112000101".parse().unwrap();
    let begun = begin(&office, &clerk, "drop-out", &school, at, &mut entropy).await.unwrap();
    (office, clerk, begun.id, tempfile::tempdir().unwrap(), entropy)
}

fn vault(folder: &tempfile::TempDir) -> Vault {
    Vault { folder: folder.path().to_owned(), most: 1_000, scanner: None }
}

#[tokio::test]
async fn a_file_is_kept_under_its_hash_and_read_back_by_parties_only() {
    let (office, clerk, case, folder, mut entropy) = begun().await;
    let vault = vault(&folder);
    let at = time("2026-03-02T10:00");
    let name = "..\\c:/目录/家访\"记录.exe";
    let file = attach(&office, &vault, &clerk, case, name, PDF, at, &mut entropy).await.unwrap();
    assert_eq!((file.name.as_str(), file.media_type.as_str()), ("家访记录.exe", "application/pdf"));
    let (_, found) = bytes(&office, &vault, &clerk, case, file.id, at).await.unwrap();
    assert_eq!(found, PDF);
    let stranger = actor("school_clerk", "2112000102", &mut entropy);
    assert!(bytes(&office, &vault, &stranger, case, file.id, at).await.is_err());
    std::fs::write(place(folder.path(), &file.hash), b"%PDF-1.7 other").unwrap();
    let altered = bytes(&office, &vault, &clerk, case, file.id, at).await;
    assert!(matches!(altered, Err(AttachmentError::Altered)), "{altered:?}");
}

#[tokio::test]
async fn what_it_is_called_counts_for_nothing() {
    let (office, clerk, case, folder, mut entropy) = begun().await;
    let vault = vault(&folder);
    let at = time("2026-03-02T10:00");
    let large = vec![b'a'; 1_001];
    let refused: [&[u8]; 6] = [
        b"",
        &large,
        b"<html><script>",
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    ];
    for refused in refused {
        let answer =
            attach(&office, &vault, &clerk, case, "a.pdf", refused, at, &mut entropy).await;
        assert!(matches!(answer, Err(AttachmentError::Case(CaseError::Refused(_)))), "{answer:?}");
    }
    let text =
        attach(&office, &vault, &clerk, case, "a.exe", "说明\n".as_bytes(), at, &mut entropy).await;
    assert_eq!(text.unwrap().media_type, "text/plain");
    assert_eq!(attachments(&office, &clerk, case, at).await.unwrap().len(), 1);
}

/// Speaks clamd's `INSTREAM` once and answers.
async fn scanner(answer: &'static [u8]) -> Scanner {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = [0; 10];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"zINSTREAM\0");
        let mut bytes = Vec::new();
        loop {
            let length = stream.read_u32().await.unwrap();
            if length == 0 {
                break;
            }
            let mut part = vec![0; length.try_into().unwrap()];
            stream.read_exact(&mut part).await.unwrap();
            bytes.extend(part);
        }
        assert_eq!(bytes, PDF);
        stream.write_all(answer).await.unwrap();
    });
    Scanner { address, patience: Duration::from_secs(10) }
}

#[tokio::test]
async fn a_scanner_is_asked_over_its_own_protocol() {
    let verdict = async |answer| scanner(answer).await.scan(PDF).await;
    assert_eq!(verdict(b"stream: OK\0").await.unwrap(), Verdict::Clean);
    assert_eq!(verdict(b"stream: Eicar-Test-Signature FOUND\0").await.unwrap(), Verdict::Harmful);
    let none = verdict(b"INSTREAM size limit exceeded. ERROR\0").await;
    assert!(matches!(none, Err(ScanError::NoVerdict(_))), "{none:?}");
}

#[tokio::test]
async fn without_a_verdict_nothing_is_kept() {
    let (office, clerk, case, folder, mut entropy) = begun().await;
    let at = time("2026-03-02T10:00");
    let harmful = scanner(b"stream: Eicar-Test-Signature FOUND\0").await;
    let nobody = Scanner { address: "127.0.0.1:1".to_owned(), patience: Duration::from_secs(10) };
    for scanner in [harmful, nobody] {
        let vault = Vault { scanner: Some(scanner), ..vault(&folder) };
        let answer = attach(&office, &vault, &clerk, case, "a.pdf", PDF, at, &mut entropy).await;
        assert!(answer.is_err());
    }
    assert!(attachments(&office, &clerk, case, at).await.unwrap().is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
