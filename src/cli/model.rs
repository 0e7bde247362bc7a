//! Which model a command uses.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use stance::model::{Classifier, builtin, read};

/// Where `train` writes and the other commands look when nothing else is said.
pub(crate) const DEFAULT_PATH: &str = "models/stance.safetensors";

/// `--model`.
#[derive(Debug, clap::Args)]
pub(crate) struct ModelArguments {
    /// Model file [default: models/stance.safetensors where it exists, else the built-in model]
    #[arg(long, env = "STANCE_MODEL", value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
}

impl ModelArguments {
    /// The model: the file named, else the trained one where it exists, else the built-in one.
    pub(crate) fn load(&self) -> Result<Cow<'static, Classifier>> {
        match &self.model {
            Some(path) => Ok(Cow::Owned(read(path)?)),
            None if Path::new(DEFAULT_PATH).exists() => {
                Ok(Cow::Owned(read(Path::new(DEFAULT_PATH))?))
            }
            None => Ok(Cow::Borrowed(builtin())),
        }
    }

    #[allow(dead_code, reason = "for commands that name the model")]
    /// The name of the model for messages.
    pub(crate) fn name(&self) -> String {
        match &self.model {
            Some(path) => path.display().to_string(),
            None if Path::new(DEFAULT_PATH).exists() => DEFAULT_PATH.into(),
            None => "built-in model".into(),
        }
    }

    /// The places of the heads that are wanted: the one of that name, or all.
    pub(crate) fn heads(&self, model: &Classifier, wanted: Option<&str>) -> Result<Vec<usize>> {
        let Some(wanted) = wanted else { return Ok((0..model.heads.len()).collect()) };
        if let Some(at) = model.heads.iter().position(|head| head.name == wanted) {
            return Ok(vec![at]);
        }
        let known: Vec<&str> = model.heads.iter().map(|head| head.name.as_str()).collect();
        bail!("{} has no head `{wanted}`; it has {}", self.name(), known.join(", "))
    }
}
