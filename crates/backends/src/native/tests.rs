use super::*;

mod activation_cache;
pub(super) mod cases;
mod differences;
mod growth;
mod laws;
mod routes;
mod steady;
mod terms;
