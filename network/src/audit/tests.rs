mod accounts;
mod appending;
mod signing;
mod support;
mod tampering;
