//! Views of facts, assessments and explanations. A renderer never computes a finding.

mod grounds;
pub mod html;
pub mod json;
pub mod markdown;
pub mod text;
pub mod why;
