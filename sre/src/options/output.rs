//! `--format` and `--output`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

/// Output format.
#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    #[default]
    Text,
    /// JSON for programs.
    Json,
}

/// The option that selects the output format.
#[derive(Args, Clone, Copy)]
pub(crate) struct FormatOption {
    /// Format of what is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// The option that names a file or folder to write. Each verb describes what is written.
#[derive(Args)]
pub(crate) struct Output {
    /// Write the result there.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
}

impl Output {
    pub(crate) fn path(&self) -> Option<&Path> {
        self.output.as_deref()
    }
}
