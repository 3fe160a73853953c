//! The `fusedx` program: parse arguments, run, map the result to an exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    fusedx::cli::run(fusedx::cli::Cli::parse())
}
