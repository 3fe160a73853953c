//! Views of facts, assessments and explanations. A renderer never computes a finding.

pub mod cbioportal;
pub mod ci;
pub mod exported;
pub mod json;
pub mod text;
pub mod tsv;
pub mod verify;
pub mod vicc;
pub mod why;
