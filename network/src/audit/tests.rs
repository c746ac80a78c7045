mod accounts;
mod appending;
mod parts;
mod signing;
mod support;
mod tampering;
