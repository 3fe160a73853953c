//! Views of facts, assessments and explanations. A renderer never computes a finding.

pub mod cbioportal;
pub mod exported;
pub mod json;
pub mod text;
pub mod tsv;
pub mod vicc;
pub mod why;
