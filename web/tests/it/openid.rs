//! The provider over HTTP, as an application and a browser without JavaScript go through it.

mod basic;
mod basic_parameters;
mod edges;
mod flow;
mod outside;
