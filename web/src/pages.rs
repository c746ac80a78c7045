//! Pages: each is made from a [`crate::visit::Visit`] and from nothing else.

pub(crate) mod about;
pub(crate) mod clause;
pub(crate) mod definition;
pub(crate) mod indicator;
pub(crate) mod judged;
pub(crate) mod organisation;
pub(crate) mod organisations;
pub(crate) mod places;
pub(crate) mod plan;
pub(crate) mod quantity;
pub(crate) mod releases;
pub(crate) mod scoreboard;
pub(crate) mod scoreboard_row;
pub(crate) mod standing_alone;
pub(crate) mod wall;
pub(crate) mod why;
