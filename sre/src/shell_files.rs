//! `sre completions` and `sre man`: files for shells and for `man`, made from the definitions of the
//! options.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Command};
use clap_complete::Shell;
use sre_support::atomic_file;
use sre_support::visible::Shown;

use crate::messages::stdout;
use crate::status::Status;

/// Print the completions of a shell
#[derive(Args)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn completions(arguments: &CompletionsArguments, mut command: Command) -> Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "sre", &mut script);
    let mut out = stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Status::Same)
}

/// Write a man page for each verb to a folder
#[derive(Args)]
pub(crate) struct ManArguments {
    /// The folder; it is made if it does not exist.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub(crate) fn man(arguments: &ManArguments, command: Command) -> Result<Status> {
    let folder = &arguments.folder;
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.shown()))?;
    let mut command = command.disable_help_subcommand(true);
    // Sets the names of the pages of verbs: `sre-corpus-add`.
    command.build();
    let mut written = 0;
    write_page(&command, folder, &mut written)?;
    let mut out = stdout();
    writeln!(out, "{written} pages in {}", folder.shown())?;
    out.flush()?;
    Ok(Status::Same)
}

fn write_page(command: &Command, folder: &Path, written: &mut usize) -> Result<()> {
    let page = clap_mangen::Man::new(command.clone());
    let file = folder.join(page.get_filename());
    let mut text = Vec::new();
    page.render(&mut text)?;
    atomic_file::write(&file, &text).with_context(|| format!("cannot write {}", file.shown()))?;
    *written += 1;
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        write_page(verb, folder, written)?;
    }
    Ok(())
}
