use crate::harness::{Folder, Run, TINY, tiny_model};

/// Trains on one table of that content.
fn train(content: impl AsRef<[u8]>) -> (Folder, Run) {
    let folder = Folder::new().file("rows.csv", content);
    let run = folder.stance(&["train", "rows.csv", "--output", "m.safetensors"]);
    (folder, run)
}

/// Training on it fails with exactly that, and leaves nothing behind.
#[track_caller]
fn training_fails(content: impl AsRef<[u8]>, stderr: &str) {
    let (folder, run) = train(content);
    run.fails_saying(stderr);
    assert_eq!(folder.names(), ["rows.csv"]);
}

#[test]
fn a_missing_file_is_named() {
    Folder::new()
        .stance(&["train", "none.csv", "--output", "m"])
        .fails_saying("stance: cannot read none.csv: No such file or directory (os error 2)");
    Folder::new()
        .stance(&["evaluate", "none.csv"])
        .fails_saying("stance: cannot read none.csv: No such file or directory (os error 2)");
    let folder = Folder::with_tiny();
    folder
        .stance(&["train", "tiny.csv", "--output", "m", "--counts", "none.csv"])
        .fails_saying("stance: cannot read none.csv: No such file or directory (os error 2)");
}

#[test]
fn a_folder_is_no_table() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("tables")).unwrap();
    folder
        .stance(&["train", "tables", "--output", "m"])
        .fails_saying("stance: cannot read tables: is a folder; name the tables in it");
}

#[test]
fn an_empty_table_is_said_to_be_empty() {
    let empty = "stance: rows.csv: is empty; expected a header and labelled rows";
    training_fails("", empty);
    training_fails("\r\n \n", empty);
    training_fails("\u{feff}\n", empty);
    training_fails("text,stance\n", "stance: rows.csv: has a header, but no rows");
}

#[test]
fn a_table_without_a_header_shows_what_was_taken_for_one() {
    training_fails(
        "The army shelled the harbour and killed six fishermen.,hawkish\nThe talks resumed.,diplomatic\n",
        "stance: rows.csv:1: no column `text` in the header, which has `The army shelled the harbour and \
         killed …`, `hawkish`; name the column with --text",
    );
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    training_fails(
        "text,side\nThe talks resumed.,diplomatic\n",
        "stance: rows.csv:1: no column `stance` or `sentiment` in the header, which has `text`, `side`; \
         name the column with --label",
    );
    let folder = Folder::with_tiny();
    folder.stance(&["train", "tiny.csv", "--output", "m", "--label", "mood"]).fails_saying(
        "stance: tiny.csv:1: no column `mood` in the header, which has `text`, `stance`, `sentiment`, \
         `group`, `source`; name the column with --label",
    );
    folder.stance(&["train", "tiny.csv", "--output", "m", "--text", "sentence"]).fails_saying(
        "stance: tiny.csv:1: no column `sentence` in the header, which has `text`, `stance`, \
         `sentiment`, `group`, `source`; name the column with --text",
    );
}

#[test]
fn a_column_that_stands_twice_is_named() {
    training_fails(
        "text,stance,text\na,hawkish,b\n",
        "stance: rows.csv:1: the column `text` stands twice; rename one",
    );
}

#[test]
fn a_row_with_too_few_or_too_many_fields_is_named_by_line() {
    training_fails(
        "text,stance\nThe talks resumed.,diplomatic\nThe army attacked.\n",
        "stance: rows.csv:3: expected 2 fields, got 1; fill in the missing ones",
    );
    training_fails(
        "text,stance\n\"Two\nlines.\",neutral\nThe talks, they said, resumed.,diplomatic\n",
        "stance: rows.csv:4: expected 2 fields, got 4; quote texts that hold a comma",
    );
}

#[test]
fn an_empty_text_is_named_by_line() {
    training_fails(
        "text,stance\nThe talks resumed.,diplomatic\n\" \",hawkish\n",
        "stance: rows.csv:3: the column `text` is empty; fill it or drop the row",
    );
}

#[test]
fn one_label_is_too_few() {
    training_fails(
        "text,stance\nThe talks resumed.,diplomatic\nThe truce held.,diplomatic\n",
        "stance: cannot train: every row has the label `diplomatic` in the column `stance`; a model needs \
         two labels or more",
    );
    training_fails(
        "text,stance\nThe talks resumed.,\nThe truce held.,\n",
        "warning: stance: 2 rows without a label are left out\nstance: cannot train: no row has a label \
         in the column `stance`",
    );
}

#[test]
fn labels_that_differ_in_case_or_spaces_only_are_warned_of() {
    let table = TINY.replacen(",hawkish,", ",Hawkish,", 2).replacen(",neutral,", ",  neutral ,", 2);
    let (_, run) = train(table);
    let said = run.succeeds().stderr;
    let expected = "warning: stance: the labels `Hawkish` and `hawkish` differ in case or spaces only; \
                    they are kept as two\n";
    assert!(said.starts_with(expected) && said.matches("warning").count() == 1, "{said}");
}

#[test]
fn a_label_of_one_row_is_warned_of() {
    let (_, run) = train(TINY.replacen(",hawkish,", ",martial,", 1));
    let said = run.succeeds().stderr;
    assert!(
        said.starts_with("warning: stance: the label `martial` stands in one row only\n"),
        "{said}"
    );
}

#[test]
fn bytes_that_are_not_utf_8_are_named_by_line_and_byte() {
    training_fails(
        b"text,stance\nThe talks resumed.,diplomatic\nThe caf\xE9 closed.,neutral\n",
        "stance: rows.csv:3: is not UTF-8 at byte 49; save the file as UTF-8",
    );
    training_fails(
        b"\xEF\xBB\xBFtext,stance\n\xFF,neutral\n",
        "stance: rows.csv:2: is not UTF-8 at byte 15; save the file as UTF-8",
    );
    let utf_16: Vec<u8> = "text,stance\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    training_fails(utf_16, "stance: rows.csv:1: has a NUL at byte 1; save the file as UTF-8");
}

#[test]
fn a_byte_order_mark_and_crlf_are_fine() {
    let texts = b"The army shelled the harbour.\nThe talks resumed.\n";
    let labels = |content: String| {
        let (folder, run) = train(content);
        run.succeeds();
        let said =
            folder.stance_reading(&["predict", "--lines", "--model", "m.safetensors"], texts);
        said.succeeds().stdout
    };
    let plain = labels(TINY.to_owned());
    assert_eq!(plain, labels(format!("\u{feff}{}", TINY.replace('\n', "\r\n"))));
}

#[test]
fn a_weight_that_is_not_above_zero_is_named_by_line() {
    for weight in ["0", "-1", "much", "inf"] {
        training_fails(
            format!(
                "text,stance,weight\nThe talks resumed.,diplomatic,\nWar came.,hawkish,{weight}\n"
            ),
            &format!("stance: rows.csv:3: weight must be a number above 0, but is `{weight}`"),
        );
    }
}

#[test]
fn tables_with_different_label_columns_do_not_mix() {
    let folder = Folder::with_tiny().file("other.csv", "text,sentiment\nA storm came.,negative\n");
    folder.stance(&["train", "tiny.csv", "other.csv", "--output", "m"]).fails_saying(
        "stance: other.csv: has the label columns `sentiment`, but the files before it have `stance`, \
         `sentiment`; name the ones to use with --label",
    );
}

#[test]
fn counts_that_are_none_are_named_by_line() {
    let folder = Folder::with_tiny()
        .file("header.csv", "word,stance:hawkish\n")
        .file("number.csv", "term,stance:hawkish\n*,9\nword:war,many\n");
    let train =
        |counts: &str| folder.stance(&["train", "tiny.csv", "--output", "m", "--counts", counts]);
    train("header.csv")
        .fails_saying("stance: header.csv:1: the first column must be `term`, is `word`");
    train("number.csv").fails_saying("stance: number.csv:3: expected a whole number, got `many`");
}

#[test]
fn an_output_that_cannot_be_written_is_said_before_any_row_is_read() {
    let folder = Folder::new().file("file", "");
    std::fs::create_dir(folder.path("folder")).unwrap();
    let train = |output: &str| folder.stance(&["train", "none.csv", "--output", output]);
    train("none/m.safetensors").fails_saying(
        "stance: cannot write none/m.safetensors: the folder none does not exist; make it first",
    );
    train("folder").fails_saying("stance: cannot write folder: is a directory");
    train("file/m").fails_saying("stance: cannot write file/m: not a directory");
    train("-").fails_saying("stance: the model is not text; name a file with --output");
    assert_eq!(folder.names(), ["file", "folder"]);
}

#[test]
fn a_failed_training_leaves_the_old_model_and_no_part_of_a_new_one() {
    let folder = Folder::with_tiny().file("bad.csv", "text,stance\n\"The talks resumed.\n");
    folder.stance(&["train", "tiny.csv", "--output", "m.safetensors"]).succeeds();
    let before = (folder.read("m.safetensors"), folder.read("m.md"));
    let run = folder.stance(&["train", "bad.csv", "--output", "m.safetensors"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(before == (folder.read("m.safetensors"), folder.read("m.md")));
    assert_eq!(folder.names(), ["bad.csv", "m.md", "m.safetensors", "tiny.csv"]);
}

/// Every command that takes a model refuses that one with exactly that.
#[track_caller]
fn model_is_refused(content: &[u8], stderr: &str) {
    let folder = Folder::with_tiny().file("m.safetensors", content);
    folder.stance(&["inspect", "m.safetensors"]).fails_saying(stderr);
    folder.stance(&["evaluate", "tiny.csv", "--model", "m.safetensors"]).fails_saying(stderr);
    folder.stance(&["predict", "tiny.csv", "--model", "m.safetensors"]).fails_saying(stderr);
}

#[test]
fn a_model_that_is_not_there_is_named() {
    let folder = Folder::new();
    for command in [&["inspect", "m"][..], &["evaluate", "x.csv", "--model", "m"]] {
        folder
            .stance(command)
            .fails_saying("stance: cannot read m: No such file or directory (os error 2)");
    }
}

#[test]
fn a_file_that_is_no_model_is_refused_as_such() {
    model_is_refused(
        TINY.as_bytes(),
        "stance: m.safetensors: is not a model: no safetensors header; train it anew",
    );
    model_is_refused(b"", "stance: m.safetensors: is empty; train it anew");
}

#[test]
fn a_model_that_was_cut_short_is_refused_as_such() {
    let whole = std::fs::read(tiny_model()).unwrap();
    model_is_refused(
        &whole[..whole.len() - 100],
        "stance: m.safetensors: is cut short or damaged: the header and the data do not agree in \
         length; copy it again or train it anew",
    );
}

#[test]
fn a_model_of_another_version_is_refused_with_both_versions() {
    let mut model = std::fs::read(tiny_model()).unwrap();
    let version = br#"\"format_version\":1"#;
    let at = model.windows(version.len()).position(|bytes| bytes == version).unwrap();
    model[at + version.len() - 1] = b'7';
    model_is_refused(
        &model,
        "stance: m.safetensors: has format version 7, but this program reads version 1; use the program \
         that wrote it or train it anew",
    );
}

#[test]
fn wrong_usage_has_exit_code_2_and_help_0() {
    let folder = Folder::new();
    folder.stance(&["no-such-command"]).refuses_usage("no-such-command");
    folder.stance(&["train"]).refuses_usage("<CSV>...");
    folder.stance(&["train", "a.csv", "--no-such-flag"]).refuses_usage("--no-such-flag");
    folder.stance(&["--help"]).succeeds().prints("Usage: stance");
    folder.stance(&["--version"]).succeeds().prints(env!("CARGO_PKG_VERSION"));
}
