//! Views of facts, assessments and explanations. A renderer never computes a finding.

pub mod ci;
pub mod json;
pub mod text;
pub mod verify;
pub mod why;
