//! Plan folders of a few lines, and the one in the repository.

mod broken;
mod copies;
mod folder;
mod folders;
mod garbage;
mod tianjin;
