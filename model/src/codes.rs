//! Identifiers with check digits.
