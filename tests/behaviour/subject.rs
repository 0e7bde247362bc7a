//! The model in question, and what it says.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use stance::features::Extractor;
use stance::model::{Classifier, Prediction, builtin, read};

/// The model of `STANCE_MODEL`, else the built-in one.
pub(crate) fn model() -> &'static Classifier {
    static NAMED: LazyLock<Option<Classifier>> = LazyLock::new(|| {
        let path = std::env::var_os("STANCE_MODEL")?;
        Some(read(Path::new(&path)).unwrap())
    });
    NAMED.as_ref().unwrap_or_else(|| builtin())
}

/// A reader of sentences.
pub(crate) struct Reader(Extractor);

impl Reader {
    pub(crate) fn new() -> Self {
        Self(model().extractor())
    }

    pub(crate) fn read(&mut self, sentence: &str) -> Prediction {
        model().predict(&mut self.0, sentence)
    }

    pub(crate) fn stance(&mut self, sentence: &str) -> &'static str {
        &model().heads[0].labels[self.read(sentence).heads[0].label]
    }

    /// The labels of all heads.
    pub(crate) fn labels(&mut self, sentence: &str) -> Vec<&'static str> {
        let said = self.read(sentence);
        let heads = model().heads.iter().zip(said.heads);
        heads.map(|(head, said)| head.labels[said.label].as_str()).collect()
    }
}

/// A file of the repository.
pub(crate) fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The rows of a CSV file of the repository, by column name.
pub(crate) fn rows(path: &str) -> Vec<BTreeMap<String, String>> {
    let text = file(path);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap_or_else(|e| panic!("{path}: {e}"))).collect()
}

/// The sentences of `data/labeled.csv` of a length that newspapers print.
pub(crate) fn real_sentences() -> &'static [String] {
    static SENTENCES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let mut rows = rows("data/labeled.csv");
        rows.iter_mut()
            .map(|row| std::mem::take(row.get_mut("text").unwrap()))
            .filter(|text| (40..400).contains(&text.len()))
            .collect()
    });
    &SENTENCES
}
