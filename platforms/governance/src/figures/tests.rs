//! Golden vectors, worked by hand or published elsewhere, and properties of all figures.

mod city;
mod cuts;
mod disclosure;
mod dispersion;
mod fields;
mod passes;
mod properties;
mod quotients;
mod standings;
