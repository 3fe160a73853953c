//! fusedx
pub mod case;
pub mod cli;
pub mod detect;
pub mod diag;
pub mod error;
pub mod narrative;
pub mod pipeline;
pub mod read;
pub mod render;
pub mod rules;
pub mod source;
pub mod trials;
pub mod vocab;
mod yaml;
