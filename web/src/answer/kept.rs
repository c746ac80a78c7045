//! Finished answers of one release, so that a page is made once and then only handed out.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::response::Response;

/// Bytes that are kept at most; the oldest answers make room.
const BOUND: usize = 96 << 20;

/// What an answer depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    edition: String,
    address: String,
    gzip: bool,
}

impl Key {
    pub(super) fn new(request: &Request, edition: &str) -> Self {
        let encodings = request.headers().get(header::ACCEPT_ENCODING);
        Self {
            edition: edition.to_owned(),
            address: request.uri().to_string(),
            gzip: encodings.and_then(|it| it.to_str().ok()).is_some_and(|it| it.contains("gzip")),
        }
    }
}

/// A finished answer: always 200.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn response(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.headers_mut() = self.headers.clone();
        response
    }
}

/// All kept answers.
#[derive(Default)]
pub(crate) struct Kept {
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    answers: BTreeMap<Key, Arc<Answer>>,
    order: VecDeque<Key>,
    bytes: usize,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shelf = self.shelf();
        f.debug_struct("Kept")
            .field("answers", &shelf.answers.len())
            .field("bytes", &shelf.bytes)
            .finish()
    }
}

impl Kept {
    pub(super) fn get(&self, key: &Key) -> Option<Arc<Answer>> {
        self.shelf().answers.get(key).map(Arc::clone)
    }

    pub(super) fn keep(&self, key: Key, answer: Answer) {
        let mut shelf = self.shelf();
        let size = answer.body.len() + key.address.len();
        if shelf.answers.insert(key.clone(), Arc::new(answer)).is_some() {
            return;
        }
        shelf.bytes += size;
        shelf.order.push_back(key);
        while shelf.bytes > BOUND {
            let Some(oldest) = shelf.order.pop_front() else { break };
            if let Some(gone) = shelf.answers.remove(&oldest) {
                let size = gone.body.len() + oldest.address.len();
                shelf.bytes = shelf.bytes.saturating_sub(size);
            }
        }
    }

    /// Forgets everything: a new release is in force.
    pub(crate) fn clear(&self) {
        *self.shelf() = Shelf::default();
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(address: &str) -> Key {
        Key { edition: "1".to_owned(), address: address.to_owned(), gzip: false }
    }

    fn answer(size: usize) -> Answer {
        Answer { headers: HeaderMap::new(), body: Bytes::from(vec![0; size]) }
    }

    #[test]
    fn the_oldest_answers_make_room() {
        let kept = Kept::default();
        for at in 0..30 {
            kept.keep(key(&at.to_string()), answer(4 << 20));
        }
        assert!(kept.get(&key("0")).is_none());
        assert!(kept.get(&key("29")).is_some());
        assert!(kept.shelf().bytes <= BOUND);
    }

    #[test]
    fn the_same_answer_is_counted_once() {
        let kept = Kept::default();
        kept.keep(key("a"), answer(10));
        kept.keep(key("a"), answer(10));
        assert_eq!(kept.shelf().bytes, 11);
    }
}
