//! Views of facts, assessments and explanations. A renderer never computes a finding.

pub mod cbioportal;
pub mod ci;
pub mod exported;
mod grounds;
pub mod html;
pub mod json;
pub mod markdown;
pub mod text;
pub mod tsv;
pub mod verify;
pub mod vicc;
pub mod why;
