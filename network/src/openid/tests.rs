mod basic;
mod basic_parameters;
mod clients;
mod consents;
mod families;
mod keys;
mod logout;
mod support;
