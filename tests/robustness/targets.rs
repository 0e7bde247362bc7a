//! What is done with arbitrary bytes, and what must hold then. A target panics where it does not.

use std::sync::{Arc, LazyLock};

use stance::features::{Families, Family, Lexicon, Resources, States, Vocabulary};
use stance::model::{Classifier, Facts, Head, builtin, from_bytes, to_bytes};
use stance::text::{sentences, tokens};
use stance::training::{Columns, Corpus, Counts};

/// A target and the seeds to begin with.
pub(crate) struct Target {
    /// Its name, that of the file in `fuzz/fuzz_targets` too.
    pub(crate) name: &'static str,
    /// What is done.
    pub(crate) run: fn(&[u8]),
    /// What to begin with.
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
}

/// All targets.
pub(crate) const TARGETS: [Target; 8] = [
    Target { name: "sentences", run: run_sentences, seeds: articles },
    Target { name: "tokens", run: run_tokens, seeds: articles },
    Target { name: "table", run: run_table, seeds: || seeds(&[TABLE]) },
    Target { name: "lexicon", run: run_lexicon, seeds: || seeds(&[LEXICON]) },
    Target { name: "states", run: run_states, seeds: || seeds(&[STATES]) },
    Target { name: "counts", run: run_counts, seeds: || seeds(&[COUNTS]) },
    Target { name: "model", run: run_model, seeds: || vec![to_bytes(&small_model()).unwrap()] },
    Target { name: "article", run: run_article, seeds: articles },
];

const TABLE: &str = "text,stance,sentiment,group,weight\n\"He said \"\"no\"\".\",hawkish,negative,a,1\n\
    They met.,diplomatic,,a,0.5\r\n\"Two\nlines, one row.\",neutral,neutral,,2\n";
const LEXICON: &str =
    "term,stance,sentiment,kind\nwar,3,-2,noun\nmake … peace,-3,2,phrase\nnot,0,0,negator\n";
const STATES: &str = "id,class,form,term\nfra,state,name,France\nfra,state,demonym,French\n\
    nato,alliance,name,NATO\nciv,state,name,Côte d'Ivoire\n";
const COUNTS: &str =
    "term,stance:diplomatic,stance:hawkish\n*,10,20\nword:peac,5,1\nword:war,0,7\n";

fn seeds(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn articles() -> Vec<Vec<u8>> {
    seeds(&[
        "GENEVA (Reuters) - The U.S. and Iran met on Tuesday.\n\n\"We won't attack,\" Mr. Brandt said. \
         But the army, 40% of it, had moved 10km; talks \u{2014} if any \u{2014} failed...\r\n\r\nTALKS FAIL",
        "Côte d’Ivoire’s cease-fire (U.N.-led) didn't hold!? “No,” he said. 'Never.' 1. Item\n2. Item\n* x",
        "Мир. 戦争。平和。 \u{202e}abc\u{202c} e\u{301}\u{301}\u{301} 🕊️👩‍👩‍👧 $148 €3.5m 1980s 24-hour co-operation o'clock",
    ])
}

/// Sentences stand in order, do not overlap, begin and end with what can be seen, and leave nothing out.
fn run_sentences(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut end = 0;
    for place in sentences(&text) {
        assert!(end <= place.start && place.start < place.end, "{place:?} behind {end}");
        assert!(!text[end..place.start].contains(char::is_alphanumeric), "lost before {place:?}");
        assert!(!text[place.clone()].trim().is_empty(), "blank: {place:?}");
        end = place.end;
    }
    assert!(!text[end..].contains(char::is_alphanumeric), "lost behind {end}");
}

/// Tokens stand in order, are what stands there, and leave no letter or digit out.
fn run_tokens(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut end = 0;
    for token in tokens(&text) {
        assert!(end <= token.start && token.start < token.end(), "{token:?} behind {end}");
        assert_eq!(&text[token.start..token.end()], token.text);
        assert!(!text[end..token.start].contains(char::is_alphanumeric), "lost before {token:?}");
        let _ = token.term();
        end = token.end();
    }
    assert!(!text[end..].contains(char::is_alphanumeric), "lost behind {end}");
}

fn run_table(bytes: &[u8]) {
    if let Ok(corpus) = Corpus::parse(&[("fuzz.csv".into(), bytes.to_vec())], &Columns::default()) {
        for example in &corpus.examples {
            assert!(example.weight > 0.0 && example.weight.is_finite() && !example.text.is_empty());
        }
    }
}

fn run_lexicon(bytes: &[u8]) {
    if let Ok(lexicon) = Lexicon::from_csv(&String::from_utf8_lossy(bytes), "fuzz.csv") {
        use_resources(Resources { lexicon: Arc::new(lexicon), ..Resources::default() });
    }
}

fn run_states(bytes: &[u8]) {
    if let Ok(states) = States::from_csv(&String::from_utf8_lossy(bytes), "fuzz.csv") {
        use_resources(Resources { states: Arc::new(states), ..Resources::default() });
    }
}

fn use_resources(resources: Resources) {
    let model = Classifier { resources, ..small_model() };
    check_sentence(&model, "France and the French made no peace, but war.");
    if let Ok(bytes) = to_bytes(&model) {
        assert_eq!(to_bytes(&from_bytes(&bytes, "again").unwrap()).unwrap(), bytes);
    }
}

fn run_counts(bytes: &[u8]) {
    if let Ok(counts) = Counts::from_csv(&String::from_utf8_lossy(bytes), "fuzz.csv") {
        let mut written = Vec::new();
        counts.write(&mut written).unwrap();
        let again = Counts::from_csv(&String::from_utf8(written).unwrap(), "again").unwrap();
        assert_eq!(counts.names(), again.names());
    }
}

/// A file is refused, or is a model that works and that is written as it was read.
fn run_model(bytes: &[u8]) {
    if let Ok(model) = from_bytes(bytes, "fuzz.safetensors") {
        check_sentence(&model, "They made peace, not war.");
        let written = to_bytes(&model).unwrap();
        assert_eq!(to_bytes(&from_bytes(&written, "again").unwrap()).unwrap(), written);
    }
}

/// From an article to labels, probabilities and reasons.
fn run_article(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for place in sentences(&text) {
        check_sentence(builtin(), &text[place]);
    }
}

/// Probabilities are finite and sum to 1, and the reasons add up to the score.
pub(crate) fn check_sentence(model: &Classifier, sentence: &str) {
    let mut extractor = model.extractor();
    let said = model.predict(&mut extractor, sentence);
    for head in &said.heads {
        assert!(head.scores.iter().all(|score| score.is_finite()), "{sentence:?}: {head:?}");
        let sum: f32 = head.probabilities.iter().sum();
        assert!((sum - 1.0).abs() < 1e-4, "{sentence:?}: {head:?}");
    }
    for (explained, said) in model.explain(&mut extractor, sentence).iter().zip(&said.heads) {
        assert_eq!(explained.prediction, *said, "{sentence:?}");
        for contribution in &explained.contributions {
            for place in &contribution.places {
                assert!(sentence.get(place.clone()).is_some(), "{sentence:?}: {contribution:?}");
            }
        }
    }
}

/// A model of three words, lexicon and states.
pub(crate) fn small_model() -> Classifier {
    static MODEL: LazyLock<Classifier> = LazyLock::new(|| Classifier {
        families: Families::none().with(Family::Word).with(Family::Direction),
        resources: Resources {
            lexicon: Arc::new(Lexicon::from_csv(LEXICON, "lexicon").unwrap()),
            states: Arc::new(States::from_csv(STATES, "states").unwrap()),
        },
        vocabulary: Vocabulary::new(
            ["word:<state>", "word:peac", "word:war"].map(str::to_owned).into(),
            vec![4, 1, 3],
            9,
        )
        .unwrap(),
        heads: vec![Head {
            name: "stance".into(),
            labels: ["diplomatic", "hawkish"].map(str::to_owned).into(),
            weights: vec![0.0, 0.1, 2.0, -1.5, -1.0, 2.5],
            bias: vec![0.1, -0.2],
            temperature: 0.8,
        }],
        facts: Facts::default(),
    });
    MODEL.clone()
}
