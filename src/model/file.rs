//! The model file: safetensors, written whole or not at all, read without trust.
//!
//! Tensors:
//!
//! | name | type | holds |
//! | --- | --- | --- |
//! | `terms` | bytes | the features' names, ascending, each ended by a line feed |
//! | `document_frequencies` | u32 | training sentences that hold each feature |
//! | `<head>.weights` | f32, features × labels | |
//! | `<head>.bias` | f32, labels | |
//! | `lexicon` | bytes | lines of `stems,stance,sentiment,kind` |
//! | `states` | bytes | lines of `id,class,term` |
//!
//! The metadata holds one entry, `stance`, with a JSON object ([`FORMAT_VERSION`], heads with labels
//! and temperatures, families and [`Facts`]): one entry because safetensors keeps entries in no fixed
//! order, and the same training must give the same bytes.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use safetensors::tensor::{Dtype, SafeTensorError, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::Facts;
use super::classifier::Classifier;
use super::linear::Head;
use crate::error::{Error, Result};
use crate::features::{Entry, Families, Family, Kind, Lexicon, Resources, States, Vocabulary};

/// Version of the file format that this program writes; it reads no other.
pub const FORMAT_VERSION: u32 = 1;

/// The largest file that is read, in bytes: far above any model, far below a machine's memory.
const LARGEST_FILE: u64 = 1 << 30;

/// No weight or bias is further from 0: so no sum of them leaves the finite numbers.
const LARGEST_WEIGHT: f32 = 1e9;

/// The metadata's only key.
const KEY: &str = "stance";

#[derive(Serialize, Deserialize)]
struct Header {
    format_version: u32,
    heads: Vec<HeadHeader>,
    families: Vec<String>,
    documents: u32,
    #[serde(flatten)]
    facts: Facts,
}

#[derive(Serialize, Deserialize)]
struct HeadHeader {
    name: String,
    labels: Vec<String>,
    temperature: f32,
}

/// The bytes of a model's file.
///
/// # Errors
/// If a value cannot be written, which does not happen for a model that was trained or read.
pub fn to_bytes(model: &Classifier) -> Result<Vec<u8>> {
    let fault = |message: String| Error::model("model", message);
    let header = Header {
        format_version: FORMAT_VERSION,
        heads: model
            .heads
            .iter()
            .map(|head| HeadHeader {
                name: head.name.clone(),
                labels: head.labels.clone(),
                temperature: head.temperature,
            })
            .collect(),
        families: model.families.iter().map(|f| f.facts().name.to_owned()).collect(),
        documents: model.vocabulary.documents(),
        facts: model.facts.clone(),
    };
    let header = serde_json::to_string(&header).map_err(|e| fault(e.to_string()))?;

    let mut tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
    let mut bytes = |name: &str, data: Vec<u8>| {
        tensors.push((name.to_owned(), Dtype::U8, vec![data.len()], data));
    };
    bytes("terms", lines(model.vocabulary.names().iter().map(String::as_str)));
    let lexicon: Vec<String> = model
        .resources
        .lexicon
        .entries()
        .iter()
        .map(|e| format!("{},{},{},{}", e.stems, e.stance, e.sentiment, e.kind.name()))
        .collect();
    bytes("lexicon", lines(lexicon.iter().map(String::as_str)));
    let states: Vec<String> = model
        .resources
        .states
        .lines()
        .map(|(id, class, term)| format!("{id},{class},{term}"))
        .collect();
    bytes("states", lines(states.iter().map(String::as_str)));

    let frequencies = model.vocabulary.document_frequencies();
    tensors.push((
        "document_frequencies".into(),
        Dtype::U32,
        vec![frequencies.len()],
        frequencies.iter().flat_map(|df| df.to_le_bytes()).collect(),
    ));
    for head in &model.heads {
        let little = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect();
        let labels = head.labels.len();
        let shape = vec![model.vocabulary.len(), labels];
        tensors.push((format!("{}.weights", head.name), Dtype::F32, shape, little(&head.weights)));
        tensors.push((format!("{}.bias", head.name), Dtype::F32, vec![labels], little(&head.bias)));
    }

    let mut views = Vec::with_capacity(tensors.len());
    for (name, dtype, shape, data) in &tensors {
        let view =
            TensorView::new(*dtype, shape.clone(), data).map_err(|e| fault(e.to_string()))?;
        views.push((name.as_str(), view));
    }
    let metadata = HashMap::from([(KEY.to_owned(), header)]);
    safetensors::serialize(views, Some(metadata)).map_err(|e| fault(e.to_string()))
}

/// Reads a model from bytes; `place` is named in messages.
///
/// # Errors
/// [`Error::Model`] with the fault by name: not a model, cut short, from another format version,
/// or with a length, index, number or string that is not allowed.
pub fn from_bytes(bytes: &[u8], place: &str) -> Result<Classifier> {
    let fault = |message: String| Error::model(place, message);
    let tensors = SafeTensors::deserialize(bytes).map_err(|e| fault(why_refused(bytes, &e)))?;
    let (_, metadata) =
        SafeTensors::read_metadata(bytes).map_err(|e| fault(format!("bad header ({e})")))?;
    let header = metadata
        .metadata()
        .as_ref()
        .and_then(|entries| entries.get(KEY))
        .ok_or_else(|| fault("a safetensors file, but not one written by stance".into()))?;
    let version: serde_json::Value =
        serde_json::from_str(header).map_err(|e| fault(format!("bad metadata ({e})")))?;
    match version.get("format_version").and_then(serde_json::Value::as_u64) {
        Some(v) if v == u64::from(FORMAT_VERSION) => {}
        Some(v) => {
            return Err(fault(format!(
                "has format version {v}, but this program reads version {FORMAT_VERSION}; use the \
                 program that wrote it or train it anew"
            )));
        }
        None => return Err(fault("metadata has no format version".into())),
    }
    let header: Header =
        serde_json::from_value(version).map_err(|e| fault(format!("bad metadata ({e})")))?;
    let reader = Reader { tensors: &tensors, place };

    let names = reader.lines("terms")?.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let frequencies = reader.numbers("document_frequencies", &[names.len()], Dtype::U32)?;
    let frequencies = frequencies.iter().map(|quad| u32::from_le_bytes(*quad)).collect();
    let vocabulary = Vocabulary::new(names, frequencies, header.documents).map_err(fault)?;

    let mut families = Families::none();
    for name in &header.families {
        let family = Family::named(name)
            .ok_or_else(|| fault(format!("unknown family of features `{name}`")))?;
        families = families.with(family);
    }
    let resources =
        Resources { lexicon: Arc::new(reader.lexicon()?), states: Arc::new(reader.states()?) };

    if header.heads.is_empty() {
        return Err(fault("has no head".into()));
    }
    let mut heads: Vec<Head> = Vec::new();
    for head in header.heads {
        let named = |message: &str| fault(format!("head `{}` {message}", head.name));
        if heads.iter().any(|other| other.name == head.name) {
            return Err(named("stands twice"));
        }
        if head.name.is_empty() || head.labels.iter().any(String::is_empty) {
            return Err(named("has an empty name or label"));
        }
        if head.labels.len() < 2 || head.labels.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(named("needs two labels or more, ascending and different"));
        }
        if !(head.temperature.is_finite() && head.temperature > 0.0) {
            return Err(named("has a temperature that is not above 0"));
        }
        let labels = head.labels.len();
        let weights =
            reader.floats(&format!("{}.weights", head.name), &[vocabulary.len(), labels])?;
        let bias = reader.floats(&format!("{}.bias", head.name), &[labels])?;
        heads.push(Head {
            name: head.name,
            labels: head.labels,
            weights,
            bias,
            temperature: head.temperature,
        });
    }
    Ok(Classifier { families, resources, vocabulary, heads, facts: header.facts })
}

/// The fault that made safetensors refuse a file, in words that say what to do.
fn why_refused(bytes: &[u8], error: &SafeTensorError) -> String {
    match error {
        _ if bytes.is_empty() => "is empty; train it anew".into(),
        SafeTensorError::HeaderTooSmall | SafeTensorError::InvalidHeaderLength => {
            "is not a model, or cut short within its header; copy it again or train it anew".into()
        }
        SafeTensorError::MetadataIncompleteBuffer => {
            "is cut short or damaged: the header and the data do not agree in length; copy it again or \
             train it anew"
                .into()
        }
        SafeTensorError::HeaderTooLarge
        | SafeTensorError::InvalidHeader(_)
        | SafeTensorError::InvalidHeaderDeserialization(_) => {
            "is not a model: no safetensors header; train it anew".into()
        }
        other => format!("has a damaged header ({other}); copy it again or train it anew"),
    }
}

/// Reads a model file.
///
/// # Errors
/// Where the file cannot be read, is larger than 1 GiB, or is refused by [`from_bytes`].
pub fn read(path: &Path) -> Result<Classifier> {
    let failed = |source| Error::File { action: "read", path: path.to_owned(), source };
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > LARGEST_FILE {
        return Err(Error::model(
            path.display().to_string(),
            format!("is {size} bytes long; a model has at most {LARGEST_FILE}"),
        ));
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    from_bytes(&bytes, &path.display().to_string())
}

/// Writes a model file: to a temporary file in the same folder, then renamed over the old one.
///
/// # Errors
/// Where the folder cannot be written; the old file then stays as it was.
pub fn write(model: &Classifier, path: &Path) -> Result<()> {
    let bytes = to_bytes(model)?;
    replace(path, |file| file.write_all(&bytes))
}

/// A temporary file beside `path`, which is to be renamed over it when it is whole.
///
/// # Errors
/// Where the folder does not exist or cannot be written.
pub fn part_file(path: &Path) -> Result<tempfile::NamedTempFile> {
    let failed = |source| Error::File { action: "write", path: path.to_owned(), source };
    if path.is_dir() {
        return Err(failed(std::io::ErrorKind::IsADirectory.into()));
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !folder.exists() {
        let message = format!("the folder {} does not exist; make it first", folder.display());
        return Err(failed(std::io::Error::new(std::io::ErrorKind::NotFound, message)));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".stance-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    // The kind alone: the whole message holds the part's name, which is another each time.
    builder.tempfile_in(folder).map_err(|e| failed(e.kind().into()))
}

/// Writes a file whole or not at all.
fn replace(
    path: &Path,
    fill: impl FnOnce(&mut std::fs::File) -> std::io::Result<()>,
) -> Result<()> {
    let failed = |source| Error::File { action: "write", path: path.to_owned(), source };
    let mut part = part_file(path)?;
    fill(part.as_file_mut()).map_err(failed)?;
    part.as_file().sync_all().map_err(failed)?;
    part.persist(path).map_err(|e| failed(e.error))?;
    Ok(())
}

fn lines<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut out = String::new();
    for text in texts {
        out.push_str(text);
        out.push('\n');
    }
    out.into_bytes()
}

struct Reader<'a> {
    tensors: &'a SafeTensors<'a>,
    place: &'a str,
}

impl<'a> Reader<'a> {
    fn fault(&self, message: String) -> Error {
        Error::model(self.place, message)
    }

    fn tensor(&self, name: &str, shape: Option<&[usize]>, dtype: Dtype) -> Result<&'a [u8]> {
        let view =
            self.tensors.tensor(name).map_err(|_| self.fault(format!("has no tensor `{name}`")))?;
        let one_dimension = shape.is_none() && view.shape().len() == 1;
        if view.dtype() != dtype || !(one_dimension || shape == Some(view.shape())) {
            let expected = shape.map_or("one dimension".to_owned(), |shape| format!("{shape:?}"));
            return Err(self.fault(format!(
                "tensor `{name}` has type {} and shape {:?}; expected {dtype} and {expected}",
                view.dtype(),
                view.shape()
            )));
        }
        Ok(view.data())
    }

    fn numbers(&self, name: &str, shape: &[usize], dtype: Dtype) -> Result<&'a [[u8; 4]]> {
        Ok(self.tensor(name, Some(shape), dtype)?.as_chunks::<4>().0)
    }

    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let quads = self.numbers(name, shape, Dtype::F32)?;
        let values: Vec<f32> = quads.iter().map(|quad| f32::from_le_bytes(*quad)).collect();
        // `contains` is false for what is not a number.
        match values.iter().position(|v| !(-LARGEST_WEIGHT..=LARGEST_WEIGHT).contains(v)) {
            Some(at) => Err(self.fault(format!(
                "tensor `{name}` holds {} at {at}; expected a number within ±{LARGEST_WEIGHT:e}",
                values[at]
            ))),
            None => Ok(values),
        }
    }

    fn lines(&self, name: &str) -> Result<Vec<&'a str>> {
        let data = self.tensor(name, None, Dtype::U8)?;
        let text = std::str::from_utf8(data)
            .map_err(|e| self.fault(format!("tensor `{name}` is not UTF-8: {e}")))?;
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(self.fault(format!("tensor `{name}` does not end with a line feed")));
        }
        Ok(text.lines().collect())
    }

    fn lexicon(&self) -> Result<Lexicon> {
        let lines = self.lines("lexicon")?;
        let mut entries = Vec::with_capacity(lines.len());
        let mut last = "";
        for line in lines {
            let entry = entry(line).filter(|e| last < &*e.stems);
            let fields = entry.ok_or_else(|| {
                self.fault(format!("tensor `lexicon` has a bad or misplaced line `{line}`"))
            })?;
            last = line.split(',').next().unwrap_or_default();
            entries.push(fields);
        }
        Ok(Lexicon::from_entries(entries))
    }

    fn states(&self) -> Result<States> {
        States::from_lines(&self.lines("states")?).map_err(|line| {
            self.fault(format!("tensor `states` has a bad or misplaced line `{line}`"))
        })
    }
}

fn entry(line: &str) -> Option<Entry> {
    let mut fields = line.split(',');
    let stems = fields.next().filter(|s| !s.is_empty())?;
    let mut pull = || fields.next()?.parse().ok().filter(|v| (-3..=3).contains(v));
    let (stance, sentiment) = (pull()?, pull()?);
    let kind = Kind::named(fields.next()?)?;
    fields.next().is_none().then(|| Entry { stems: stems.into(), stance, sentiment, kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::three_terms;

    /// The tensors of a file and its metadata, to be spoilt and put together again.
    struct Parts {
        header: serde_json::Value,
        tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)>,
    }

    impl Parts {
        fn of(model: &Classifier) -> Self {
            let bytes = to_bytes(model).unwrap();
            let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
            let header = &metadata.metadata().as_ref().unwrap()[KEY];
            let tensors = SafeTensors::deserialize(&bytes).unwrap();
            Self {
                header: serde_json::from_str(header).unwrap(),
                tensors: tensors
                    .tensors()
                    .into_iter()
                    .map(|(name, view)| {
                        (name, view.dtype(), view.shape().to_vec(), view.data().to_vec())
                    })
                    .collect(),
            }
        }

        fn bytes(&self) -> Vec<u8> {
            let views = self.tensors.iter().map(|(name, dtype, shape, data)| {
                (name.as_str(), TensorView::new(*dtype, shape.clone(), data).unwrap())
            });
            let metadata = HashMap::from([(KEY.to_owned(), self.header.to_string())]);
            safetensors::serialize(views, Some(metadata)).unwrap()
        }

        fn tensor(&mut self, name: &str) -> &mut (String, Dtype, Vec<usize>, Vec<u8>) {
            self.tensors.iter_mut().find(|tensor| tensor.0 == name).unwrap()
        }

        fn set_lines(&mut self, name: &str, lines: &[u8]) {
            *self.tensor(name) = (name.into(), Dtype::U8, vec![lines.len()], lines.into());
        }
    }

    fn message(bytes: &[u8]) -> String {
        from_bytes(bytes, "m").unwrap_err().to_string()
    }

    /// The message for a model that `spoil` has changed.
    fn spoilt(spoil: impl FnOnce(&mut Parts)) -> String {
        let mut parts = Parts::of(&three_terms());
        spoil(&mut parts);
        message(&parts.bytes())
    }

    #[test]
    fn a_model_that_was_written_is_read_as_it_was() {
        let model = three_terms();
        let read = from_bytes(&to_bytes(&model).unwrap(), "m").unwrap();
        assert_eq!((read.vocabulary, read.heads), (model.vocabulary, model.heads));
        assert_eq!((read.families, read.facts), (model.families, model.facts));
    }

    #[test]
    fn what_was_read_is_written_byte_for_byte() {
        let bytes = to_bytes(&three_terms()).unwrap();
        assert!(to_bytes(&from_bytes(&bytes, "m").unwrap()).unwrap() == bytes);
    }

    #[test]
    fn a_file_that_is_cut_short_at_any_length_is_refused() {
        let bytes = to_bytes(&three_terms()).unwrap();
        let header = 8 + usize::from(bytes[0]) + 256 * usize::from(bytes[1]);
        for length in 0..bytes.len() {
            let said = message(&bytes[..length]);
            let expected = match length {
                0 => "m: is empty; train it anew",
                _ if length < header => {
                    "m: is not a model, or cut short within its header; copy it again or train it anew"
                }
                _ => {
                    "m: is cut short or damaged: the header and the data do not agree in length; copy \
                     it again or train it anew"
                }
            };
            assert_eq!(said, expected, "cut to {length} of {}", bytes.len());
        }
        let longer = [&bytes[..], b"x"].concat();
        assert!(message(&longer).starts_with("m: is cut short or damaged"));
    }

    #[test]
    fn a_header_with_any_byte_changed_is_refused_or_gives_a_model_that_works() {
        let bytes = to_bytes(&three_terms()).unwrap();
        let header = 8 + usize::from(bytes[0]) + 256 * usize::from(bytes[1]);
        for at in 0..header {
            for change in [0x01, 0x02, 0x10, 0x80, 0xFF] {
                let mut bad = bytes.clone();
                bad[at] ^= change;
                match from_bytes(&bad, "m") {
                    Err(error) => assert!(error.to_string().starts_with("m: "), "{error}"),
                    Ok(model) => {
                        let said = model.predict(&mut model.extractor(), "War, not talks");
                        for head in said.heads {
                            let sum: f32 = head.probabilities.iter().sum();
                            assert!((sum - 1.0).abs() < 1e-5, "byte {at}: {head:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn another_format_version_is_named() {
        let version = |v: serde_json::Value| spoilt(|parts| parts.header["format_version"] = v);
        let other =
            "but this program reads version 1; use the program that wrote it or train it anew";
        assert_eq!(version(2.into()), format!("m: has format version 2, {other}"));
        assert_eq!(version(0.into()), format!("m: has format version 0, {other}"));
        for none in [serde_json::Value::Null, "1".into(), (-1).into()] {
            assert_eq!(version(none), "m: metadata has no format version");
        }
    }

    #[test]
    fn a_foreign_safetensors_file_is_told_from_a_damaged_one() {
        let data = [0; 4];
        let view = || [("x", TensorView::new(Dtype::F32, vec![1], &data).unwrap())];
        let foreign = "m: a safetensors file, but not one written by stance";
        assert_eq!(message(&safetensors::serialize(view(), None).unwrap()), foreign);
        let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
        assert_eq!(message(&safetensors::serialize(view(), Some(metadata)).unwrap()), foreign);
        let metadata = HashMap::from([(KEY.to_owned(), "{".to_owned())]);
        let bytes = safetensors::serialize(view(), Some(metadata)).unwrap();
        assert!(message(&bytes).starts_with("m: bad metadata (EOF"));
    }

    #[test]
    fn a_weight_that_is_no_number_or_beyond_all_measure_is_named_by_place() {
        let weight = |value: f32| {
            spoilt(|parts| {
                parts.tensor("stance.weights").3[16..20].copy_from_slice(&value.to_le_bytes());
            })
        };
        let within = "expected a number within ±1e9";
        assert_eq!(
            weight(f32::NAN),
            format!("m: tensor `stance.weights` holds NaN at 4; {within}")
        );
        assert_eq!(
            weight(f32::NEG_INFINITY),
            format!("m: tensor `stance.weights` holds -inf at 4; {within}")
        );
        assert!(weight(2e9).ends_with(within));
        let bias = spoilt(|parts| parts.tensor("mood.bias").3[..4].copy_from_slice(&[0xFF; 4]));
        assert_eq!(bias, format!("m: tensor `mood.bias` holds NaN at 0; {within}"));
    }

    #[test]
    fn a_tensor_that_is_missing_or_of_another_shape_or_type_is_named() {
        let missing = spoilt(|parts| parts.tensors.retain(|tensor| tensor.0 != "mood.bias"));
        assert_eq!(missing, "m: has no tensor `mood.bias`");
        let flat = spoilt(|parts| parts.tensor("stance.weights").2 = vec![9]);
        assert_eq!(
            flat,
            "m: tensor `stance.weights` has type F32 and shape [9]; expected F32 and [3, 3]"
        );
        let whole = spoilt(|parts| parts.tensor("mood.bias").1 = Dtype::I32);
        assert_eq!(whole, "m: tensor `mood.bias` has type I32 and shape [2]; expected F32 and [2]");
        let square = spoilt(|parts| parts.tensor("lexicon").2 = vec![0, 1]);
        assert_eq!(
            square,
            "m: tensor `lexicon` has type U8 and shape [0, 1]; expected U8 and one dimension"
        );
        let short = spoilt(|parts| {
            *parts.tensor("document_frequencies") =
                ("document_frequencies".into(), Dtype::U32, vec![2], vec![1; 8]);
        });
        assert_eq!(
            short,
            "m: tensor `document_frequencies` has type U32 and shape [2]; expected U32 and [3]"
        );
    }

    #[test]
    fn terms_must_be_terms_in_order_and_each_once() {
        let terms = |lines: &[u8]| spoilt(|parts| parts.set_lines("terms", lines));
        let twice = "m: term `word:talk` stands twice or out of order";
        assert_eq!(terms(b"word:talk\nword:talk\nword:war\n"), twice);
        assert_eq!(terms(b"word:truce\nword:talk\nword:war\n"), twice);
        assert_eq!(terms(b"talk\nword:truce\nword:war\n"), "m: `talk` is not a term");
        assert_eq!(
            terms(b"word:talk\nword:truce\nword:war"),
            "m: tensor `terms` does not end with a line feed"
        );
        assert!(
            terms(b"word:talk\nword:\xFF\nword:war\n")
                .starts_with("m: tensor `terms` is not UTF-8")
        );
    }

    #[test]
    fn a_document_frequency_lies_between_one_and_all() {
        let frequency = |df: u32| {
            spoilt(|parts| {
                parts.tensor("document_frequencies").3[..4].copy_from_slice(&df.to_le_bytes());
            })
        };
        assert_eq!(frequency(0), "m: term `word:talk` has document frequency 0 of 9");
        assert_eq!(frequency(10), "m: term `word:talk` has document frequency 10 of 9");
    }

    #[test]
    fn heads_and_their_labels_are_checked() {
        let heads =
            |change: fn(&mut serde_json::Value)| spoilt(|parts| change(&mut parts.header["heads"]));
        assert_eq!(heads(|h| *h = serde_json::json!([])), "m: has no head");
        assert_eq!(heads(|h| h[1] = h[0].clone()), "m: head `stance` stands twice");
        let labels = "m: head `mood` needs two labels or more, ascending and different";
        assert_eq!(heads(|h| h[1]["labels"] = serde_json::json!(["sad"])), labels);
        assert_eq!(heads(|h| h[1]["labels"] = serde_json::json!(["sad", "glad"])), labels);
        assert_eq!(heads(|h| h[1]["labels"] = serde_json::json!(["sad", "sad"])), labels);
        let empty = "m: head `mood` has an empty name or label";
        assert_eq!(heads(|h| h[1]["labels"] = serde_json::json!(["", "sad"])), empty);
        let temperature = "m: head `stance` has a temperature that is not above 0";
        assert_eq!(heads(|h| h[0]["temperature"] = 0.into()), temperature);
        assert_eq!(heads(|h| h[0]["temperature"] = (-1).into()), temperature);
        assert_eq!(heads(|h| h[0]["temperature"] = 1e300.into()), temperature);
        assert!(heads(|h| h[0]["temperature"] = "hot".into()).starts_with("m: bad metadata ("));
    }

    #[test]
    fn an_unknown_family_of_features_is_named() {
        let said = spoilt(|parts| parts.header["families"] = serde_json::json!(["word", "smell"]));
        assert_eq!(said, "m: unknown family of features `smell`");
    }

    #[test]
    fn a_bad_line_of_the_lexicon_or_the_states_is_shown() {
        let lexicon = |lines: &[u8]| spoilt(|parts| parts.set_lines("lexicon", lines));
        assert_eq!(
            lexicon(b"war,9,0,\n"),
            "m: tensor `lexicon` has a bad or misplaced line `war,9,0,`"
        );
        assert!(lexicon(b"\n").starts_with("m: tensor `lexicon` has a bad or misplaced line"));
        let states = spoilt(|parts| parts.set_lines("states", b"x,planet,Mars\n"));
        assert_eq!(states, "m: tensor `states` has a bad or misplaced line `x,planet,Mars`");
    }
}
