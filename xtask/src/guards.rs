//! Standing guards: what the architecture says, held by tests that read the source.

mod architecture;
mod city;
mod disclosure;
mod hygiene;
mod languages;
mod layers;
mod migrations;
mod papers;
mod purity;
mod routes;
mod source;
mod tidy;
