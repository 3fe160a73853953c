//! Reads what a molecular-pathology service exports as text and evaluates tested rules over it.
//!
//! fusedx turns fusion-caller tables and pathology reports into typed facts, each with its place in the
//! input, and evaluates a pack of YAML rules over them with three-valued logic. The shipped pack tells
//! ALK-rearranged inflammatory myofibroblastic tumour from leiomyosarcoma and lists candidacy for ALK
//! inhibitors. It advises a specialist; it is not a diagnosis.
//!
//! ```
//! use fusedx::{Asked, Limits, Pack, ReadOptions, Sources, read};
//!
//! let pack = Pack::built_in();
//! let mut sources = Sources::new(Limits::default());
//! sources.add(
//!     "report.txt",
//!     b"Diagnosis: uterine leiomyosarcoma\nIHC: SMA(+), Desmin (partial+), ALK (not done)\n",
//! )?;
//!
//! let case = read(&sources, pack.vocab(), &ReadOptions::default()).expect("plain text");
//! let alk = case.case.ihc.iter().find(|stain| stain.marker == "ALK").expect("it is named");
//! assert_eq!((alk.status.as_str(), alk.source.line), ("not_done", 2));
//!
//! let assessment = pack.assess(&case.case, &Asked::default());
//! let dx = &assessment.decisions[0];
//! assert_eq!((dx.value.as_str(), dx.settled), ("indeterminate", false));
//! assert!(assessment.flags.iter().any(|flag| flag.code == "alk_not_tested"));
//! # Ok::<(), Box<fusedx::diag::Diagnostic>>(())
//! ```
//!
//! | stage | module |
//! |---|---|
//! | bytes to text with places | [`source`] |
//! | names and words, from the pack's tables | [`vocab`] |
//! | which format | [`mod@detect`] |
//! | one reader per format | [`mod@read`] |
//! | the grammar of reports | [`narrative`] |
//! | facts of one case | [`case`] |
//! | all of the above, in order | [`pipeline`] |
//! | response and blood ratios over time | [`course`] |
//! | rules: load, check, compile, evaluate, explain | [`rules`] |
//! | a pack's own tests, through the readers | [`trials`] |
//! | samples against what is expected of them | [`verify`] |
//! | text, JSON, and the formats of build servers | [`render`] |
//! | messages with places | [`diag`], [`error`] |
//! | the command line | [`cli`] |
//!
//! A module may use those above it and never those below; readers and rules do not know each other.

pub mod case;
pub mod cli;
pub mod course;
pub mod detect;
pub mod diag;
pub mod error;
pub mod narrative;
pub mod pipeline;
pub mod proofs;
pub mod read;
pub mod render;
pub mod rules;
pub mod source;
pub mod trials;
pub mod verify;
pub mod vocab;
mod yaml;

pub use case::Case;
pub use error::Error;
pub use pipeline::{ReadCase, ReadOptions, read};
pub use rules::{Asked, Assessment, Pack};
pub use source::{Limits, Sources};
