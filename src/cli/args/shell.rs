//! The arguments of `completions` and `man`.

use clap::Args;
use clap_complete::Shell;

/// Print what a shell needs to complete commands and options
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  detente completions bash > ~/.local/share/bash-completion/completions/detente\n  detente completions zsh > ~/.zfunc/_detente\n  detente completions fish > ~/.config/fish/completions/detente.fish"
)]
pub(crate) struct Completions {
    /// For which shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Print the manual page of the program or of a command
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  detente man > detente.1\n  detente man log append | man -l -")]
pub(crate) struct Man {
    /// Of which command
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}
