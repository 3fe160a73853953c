//! Views of facts, assessments and explanations. A renderer never computes a finding.

pub mod json;
pub mod text;
pub mod why;
