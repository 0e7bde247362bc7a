//! `predict`: inputs, outputs, faults and limits.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::harness::Folder;

const ARTICLE: &str = "The envoys agreed to resume talks. The minister threatened to strike.\n\n\
                       Trains to the capital were late on Monday morning.\n";

#[test]
fn an_article_becomes_a_row_a_sentence_with_its_place() {
    let folder = Folder::new().file("a.txt", ARTICLE);
    let run = folder.stance(&["predict", "a.txt"]).succeeds().says("");
    let rows = run.rows();
    assert_eq!(rows.len(), 3, "{run}");
    for (number, row) in rows.iter().enumerate() {
        let place = row["start"].parse().unwrap()..row["end"].parse().unwrap();
        assert_eq!(ARTICLE[place], row["text"]);
        assert_eq!(row["sentence"], (number + 1).to_string());
        assert_eq!(row["document"], "a.txt");
    }
    assert!(run.stdout.starts_with(
        "document,sentence,start,end,stance,confidence,diplomatic,hawkish,neutral,sentiment,\
         sentiment_confidence,sentiment_negative,sentiment_neutral,sentiment_positive,text\n"
    ));
    assert_eq!(rows[0]["stance"], "diplomatic");
}

#[test]
fn explain_adds_reasons_before_the_text_in_every_format() {
    let folder = Folder::new();
    let text = b"The army shelled the town.\n\n";
    let predict = |format: &str| {
        let arguments = ["predict", "--lines", "-", "--explain", "2", "--format", format];
        folder.stance_reading(&arguments, text).succeeds()
    };
    let csv = predict("csv");
    assert!(
        csv.stdout.lines().next().unwrap().ends_with(",reasons,sentiment_reasons,text"),
        "{csv}"
    );
    let rows = csv.rows();
    assert_eq!(rows[0]["reasons"].split("; ").count(), 2, "{csv}");
    assert!(rows[0]["reasons"].contains("shelled +"), "{csv}");
    assert_eq!((rows[1]["reasons"].as_str(), rows[1]["sentiment_reasons"].as_str()), ("", ""));
    let json = predict("json").json();
    assert_eq!(json[0]["reasons"], rows[0]["reasons"]);
    assert!(json[1]["reasons"].is_null());
    predict("table").prints("stance: reasons");
    let without = folder.stance_reading(&["predict", "--lines", "-"], text).succeeds();
    assert!(!without.stdout.contains("reasons"), "{without}");
}

#[test]
fn lines_give_a_row_each_blank_ones_with_empty_labels() {
    let folder = Folder::new();
    let run = folder
        .stance_reading(&["predict", "--lines", "-"], b"\xef\xbb\xbfThey met.\r\n\n  \nThey left.")
        .succeeds();
    let rows = run.rows();
    let cells: Vec<[&str; 4]> =
        rows.iter().map(|r| ["sentence", "start", "end", "text"].map(|c| &*r[c])).collect();
    assert_eq!(
        cells,
        [
            ["1", "3", "12", "They met."],
            ["2", "14", "14", ""],
            ["3", "15", "17", "  "],
            ["4", "18", "28", "They left."]
        ]
    );
    assert!(rows.iter().all(|row| row["document"] == "-"));
    let labelled: Vec<bool> = rows.iter().map(|row| !row["stance"].is_empty()).collect();
    assert_eq!(labelled, [true, false, false, true]);
    assert_eq!(rows[1]["sentiment_positive"], "");
}

#[test]
fn empty_input_gives_a_header_and_no_row() {
    let folder = Folder::new();
    assert_eq!(folder.stance(&["predict"]).succeeds().stdout.lines().count(), 1);
    assert_eq!(folder.stance(&["predict", "--format", "jsonl"]).succeeds().stdout, "");
    assert_eq!(folder.stance(&["predict", "--format", "json"]).succeeds().stdout, "[\n]\n");
}

#[test]
fn all_formats_hold_the_same_rows() {
    let folder = Folder::new().file("a.txt", ARTICLE);
    let csv = folder.stance(&["predict", "a.txt", "--format", "csv"]).succeeds().rows();
    let json = folder.stance(&["predict", "a.txt", "--format", "json"]).succeeds().json();
    let jsonl = folder.stance(&["predict", "a.txt", "--format", "jsonl"]).succeeds();
    let json = json.as_array().unwrap();
    for ((row, object), line) in csv.iter().zip(json).zip(jsonl.stdout.lines()) {
        let cell = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Number(n) if n.is_f64() => format!("{:.4}", n.as_f64().unwrap()),
            other => other.to_string(),
        };
        let object = object.as_object().unwrap();
        assert_eq!(row.len(), object.len());
        assert!(object.iter().all(|(key, value)| row[key] == cell(value)), "{row:?} {object:?}");
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(&line, &serde_json::Value::Object(object.clone()));
    }
    assert_eq!((csv.len(), json.len(), jsonl.stdout.lines().count()), (3, 3, 3));
    folder.stance(&["predict", "a.txt", "--format", "table"]).succeeds().prints(" 1  diplomatic ");
}

#[test]
fn a_table_keeps_its_columns_and_gains_ours() {
    let table = "id,body,text\n\"1,5\",They met. They left.,\"a \"\"b\"\"\"\n2,,\n\n3,One.,x\n";
    let folder = Folder::new().file("t.csv", table);
    let run = folder.stance(&["predict", "--csv", "body", "t.csv"]).succeeds();
    assert!(run.stdout.starts_with("id,body,text,document,sentence,start,end,stance,"), "{run}");
    assert!(run.stdout.lines().next().unwrap().ends_with(",predicted_text"), "{run}");
    let rows = run.rows();
    let cells: Vec<[&str; 5]> = rows
        .iter()
        .map(|r| ["id", "text", "sentence", "start", "predicted_text"].map(|c| &*r[c]))
        .collect();
    assert_eq!(
        cells,
        [
            ["1,5", "a \"b\"", "1", "0", "They met."],
            ["1,5", "a \"b\"", "2", "10", "They left."],
            ["2", "", "", "", ""],
            ["3", "x", "1", "0", "One."]
        ]
    );
    let whole = folder.stance(&["predict", "--csv", "body", "--whole", "t.csv"]).succeeds().rows();
    assert_eq!(whole.len(), 3);
    assert_eq!(whole[0]["predicted_text"], "They met. They left.");
    let json = folder.stance(&["predict", "--csv", "body", "--format", "jsonl", "t.csv"]);
    assert!(json.stdout.starts_with(r#"{"id":"1,5","body":"They met. They left.","text":"a "#));
}

#[test]
fn objects_keep_their_fields_as_they_are_written() {
    let lines = "{\"id\": 1.50, \"say\": \"They m\\u0065t.\", \"tags\": [\"a\"] }\n\n\
                 {\"say\": null, \"id\": 2, \"extra\": {}}\n";
    let folder = Folder::new().file("t.jsonl", lines);
    let run = folder.stance(&["predict", "--jsonl", "say", "t.jsonl"]).succeeds();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(
        lines[0].starts_with(
            "{\"id\": 1.50, \"say\": \"They m\\u0065t.\", \"tags\": [\"a\"],\"document\":\"t.jsonl\",\
             \"sentence\":1,\"start\":0,\"end\":9,\"stance\":"
        ),
        "{run}"
    );
    assert!(lines[0].ends_with("\"text\":\"They met.\"}"), "{run}");
    assert!(
        lines[1].contains("\"extra\": {},\"document\":\"t.jsonl\",\"sentence\":null,"),
        "{run}"
    );
    assert_eq!(lines.len(), 2);

    let folder =
        Folder::new().file("t.jsonl", "{\"say\":\"Yes.\",\"n\":[1, 2]}\n{\"say\":\"No.\"}\n");
    let run =
        folder.stance(&["predict", "--jsonl", "say", "--format", "csv", "t.jsonl"]).succeeds();
    let rows = run.rows();
    assert_eq!((&*rows[0]["say"], &*rows[0]["n"], &*rows[1]["n"]), ("Yes.", "[1,2]", ""));
}

#[test]
fn broken_rows_are_named_and_end_the_run_or_are_counted() {
    let table = b"id,text\n1,The envoys met the minister.\n2,a,b\n3,\xff\n4,\"They agreed to the talks.\nThe army was \
                  ready to attack.\"\n5\n6,The talks were at an end.\n";
    let folder = Folder::new().file("t.csv", table);
    let run = folder.stance(&["predict", "--csv", "text", "t.csv"]);
    assert_eq!(run.code, Some(1), "{run}");
    run.says("stance: t.csv:3: expected 2 fields, got 3; quote cells that hold a comma");
    let run =
        folder.stance(&["predict", "--csv", "text", "t.csv", "--on-error", "skip"]).succeeds();
    let rows = run.rows();
    let ids: Vec<&str> = rows.iter().map(|row| &*row["id"]).collect();
    // A cell of two lines is two sentences.
    assert_eq!(ids, ["1", "4", "4", "6"]);
    run.says(
        "warning: t.csv:3: expected 2 fields, got 3; quote cells that hold a comma\n\
         warning: t.csv:4: is not UTF-8; save it as UTF-8 or use --lossy\n\
         warning: t.csv:7: expected 2 fields, got 1; quote cells that hold a comma\n\
         3 broken rows or files were left out",
    );

    let lines = "{\"t\":\"The envoys met the minister.\"}\n{\"t\":5}\n{\"t\"\n{\"u\":\"x\"}\n[1]\n{\"t\":\"No.\"} x\n";
    let folder = Folder::new().file("t.jsonl", lines);
    let run =
        folder.stance(&["predict", "--jsonl", "t", "t.jsonl", "--on-error", "skip"]).succeeds();
    assert_eq!(run.stdout.lines().count(), 1, "{run}");
    assert_eq!(run.stderr.lines().count(), 6, "{run}");
    assert!(run.stderr.contains("warning: t.jsonl:4: has no field `t`\n"), "{run}");
    assert!(
        run.stderr.contains(
            "t.jsonl:2: expected an object with text in `t`: invalid type: integer `5`, expected \
             text or null"
        ),
        "{run}"
    );
}

#[test]
fn bytes_that_are_not_utf8_are_named_replaced_or_passed_over() {
    let text = b"One is good.\nTwo is \xe9t\xe9.\nThree is good.\n";
    let folder = Folder::new().file("a.txt", text);
    for extra in [&[][..], &["--lines"]] {
        let command = |more: &[&'static str]| [&["predict", "a.txt"], extra, more].concat();
        let run = folder.stance(&command(&[]));
        assert_eq!(run.code, Some(1), "{run}");
        run.says("stance: a.txt:2: is not UTF-8 at byte 20; save it as UTF-8 or use --lossy");
        let rows = folder.stance(&command(&["--lossy"])).succeeds().rows();
        assert_eq!(rows[1]["text"], "Two is \u{fffd}t\u{fffd}.");
        assert_eq!((&*rows[1]["start"], &*rows[2]["start"]), ("13", "25"));
        let run = folder.stance(&command(&["--on-error", "skip"])).succeeds();
        // Lines keep their row, sentences do not.
        assert_eq!(run.rows().len(), 2 + extra.len(), "{run}");
        assert!(run.stderr.contains("1 broken rows"), "{run}");
    }
    let folder = Folder::new().file("a.txt", b"\xff\xfeO\0n\0e\0");
    folder.stance(&["predict", "a.txt"]).says("stance: a.txt is UTF-16; save it as UTF-8");
}

#[test]
fn columns_that_are_not_there_are_said_with_those_that_are() {
    let folder = Folder::new()
        .file("t.csv", "id,text\n1,x\n")
        .file("u.csv", "text\nx\n")
        .file("d.csv", "text,text\nx,y\n")
        .file("t.jsonl", "{\"a\":\"x\"}\n");
    folder
        .stance(&["predict", "--csv", "body", "t.csv"])
        .says("stance: t.csv:1: no column `body`; there are `id`, `text`");
    folder
        .stance(&["predict", "--csv", "text", "d.csv"])
        .says("stance: d.csv:1: two columns are called `text`; rename one");
    folder
        .stance(&["predict", "--jsonl", "t", "t.jsonl"])
        .says("stance: t.jsonl: the first line has no field `t`");
    let run = folder.stance(&["predict", "--csv", "text", "t.csv", "u.csv"]);
    assert_eq!(run.code, Some(1));
    run.says(
        "stance: u.csv has other columns than t.csv; label them in two runs or use --output-dir",
    );
    folder
        .stance(&["predict", "--whole", "t.csv"])
        .says("stance: --whole is for the cells of --csv and --jsonl; --lines takes lines whole");
    folder
        .stance(&["predict", "--lines", "--csv", "text", "t.csv"])
        .refuses_usage("cannot be used with");
    folder
        .stance(&["predict", "none.txt"])
        .says("stance: cannot read none.txt: No such file or directory (os error 2)");
    std::fs::create_dir(folder.path("sub")).unwrap();
    folder
        .stance(&["predict", "sub"])
        .says("stance: sub is a folder; name files in it or use --recursive");
}

/// Enough text for many blocks, as lines, as paragraphs, and with a few odd ones.
fn long_text() -> String {
    let mut text = String::new();
    for number in 0..30_000 {
        writeln!(text, "Delegation {number} of the league said “we agreed, at last”, and left.")
            .unwrap();
        // Between them is a paragraph of more than a mebibyte.
        if number % 7 == 0 && !(4500..25_000).contains(&number) {
            text.push('\n');
        }
        if number % 5000 == 4000 {
            text.push_str(&"A long line goes on and on. ".repeat(20_000));
            text.push('\n');
        }
    }
    text
}

#[test]
fn output_is_the_same_at_any_number_of_threads_and_however_bytes_arrive() {
    let text = long_text();
    let folder = Folder::new().file("a.txt", &text);
    for mode in [&["--format", "csv"][..], &["--lines"], &["--format", "json"]] {
        let command = |threads, name| [&["predict", "--threads", threads, name], mode].concat();
        let one = folder.stance(&command("1", "a.txt")).succeeds();
        for threads in ["2", "8"] {
            let run = folder.stance(&command(threads, "a.txt")).succeeds();
            assert!(run.stdout == one.stdout, "{threads} threads differ");
        }
        let piped = folder.stance_reading(&command("3", "-"), text.as_bytes()).succeeds();
        let named = one.stdout.replace("a.txt,", "-,").replace("\"a.txt\"", "\"-\"");
        assert!(piped.stdout == named, "a pipe differs");
    }
    let rows = folder.stance(&["predict", "a.txt"]).succeeds().rows();
    assert!(rows.len() > 50_000);
    for (number, row) in rows.iter().enumerate() {
        assert_eq!(row["sentence"], (number + 1).to_string());
        let place = row["start"].parse().unwrap()..row["end"].parse().unwrap();
        assert_eq!(text[place], row["text"]);
    }
}

#[test]
fn a_table_of_many_blocks_keeps_every_record() {
    let mut table = String::from("id,text\r\n");
    for id in 0..9000 {
        write!(table, "{id},\"They said \"\"yes\"\",\r\nthen {id} left.\"\r\n").unwrap();
    }
    let folder = Folder::new().file("t.csv", &table);
    let one = folder.stance(&["predict", "--csv", "text", "--whole", "t.csv"]).succeeds();
    let rows = one.rows();
    assert_eq!(rows.len(), 9000);
    for (id, row) in rows.iter().enumerate() {
        assert_eq!(row["id"], id.to_string());
        assert_eq!(row["text"], format!("They said \"yes\",\r\nthen {id} left."));
    }
    let two = folder.stance_reading(
        &["predict", "--csv", "text", "--whole", "--threads", "3"],
        table.as_bytes(),
    );
    assert!(two.stdout == one.stdout.replace(",t.csv,", ",-,"));
    // A fault far behind is named by its own line.
    let broken = table + "x\n";
    let folder = Folder::new().file("t.csv", broken);
    let run = folder.stance(&["predict", "--csv", "text", "t.csv"]);
    let place = "stance: t.csv:18002: expected 2 fields, got 1";
    assert!(run.stderr.starts_with(place), "{}", run.stderr);
}

#[test]
fn what_is_too_long_is_an_error_that_names_the_limit() {
    let long = "word ".repeat(2 << 20);
    let folder = Folder::new()
        .file("line.txt", format!("Short.\n{long}"))
        .file("cell.csv", format!("text\nshort\n\"{long}"))
        .file("line.jsonl", format!("{{\"t\":\"{long}\"}}"))
        .file("wide.csv", format!("text{}\nShort.{}\n", ",c".repeat(10_000), ",".repeat(10_000)));
    for command in [&["--lines", "line.txt"][..], &["line.txt"], &["--jsonl", "t", "line.jsonl"]] {
        let run = folder.stance(&[&["predict"], command].concat());
        assert_eq!(run.code, Some(1));
        assert!(
            run.stderr.contains("this line is longer than 8388608 bytes, the most that is read"),
            "{}",
            run.stderr
        );
    }
    let run = folder.stance(&["predict", "--csv", "text", "cell.csv"]);
    assert!(
        run.stderr.starts_with("stance: cell.csv:3: this record is longer than 8388608 bytes"),
        "{}",
        run.stderr
    );
    folder.stance(&["predict", "--csv", "text", "wide.csv"]).succeeds();
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text).unwrap();
    out.finish().unwrap()
}

#[test]
fn compressed_inputs_are_expanded_but_not_without_end() {
    let folder = Folder::new()
        .file("a.txt", ARTICLE)
        .file(
            "a.txt.gz",
            [gzip(&ARTICLE.as_bytes()[..40]), gzip(&ARTICLE.as_bytes()[40..])].concat(),
        )
        .file("a.txt.zst", zstd::encode_all(ARTICLE.as_bytes(), 3).unwrap())
        .file("bomb.txt.gz", gzip(&vec![b'\n'; 1 << 20]))
        .file("cut.txt.gz", &gzip(long_text().as_bytes())[..9000]);
    let plain = folder.stance(&["predict", "a.txt"]).succeeds().stdout;
    for name in ["a.txt.gz", "a.txt.zst"] {
        let run = folder.stance(&["predict", name]).succeeds();
        assert_eq!(run.stdout.replace(name, "a.txt"), plain);
        let run = folder.stance_reading(&["predict"], &folder.read(name)).succeeds();
        assert_eq!(run.stdout.replace("\n-,", "\na.txt,"), plain);
    }
    let run = folder.stance(&["predict", "--lines", "bomb.txt.gz", "--max-expanded", "64K"]);
    run.says(
        "stance: bomb.txt.gz expands to more than 65536 bytes; if that is right, allow more with \
         --max-expanded",
    );
    let run = folder.stance(&["predict", "cut.txt.gz"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.starts_with("stance: cannot read cut.txt.gz: "), "{run}");
}

#[test]
fn several_inputs_are_labelled_in_the_order_given_and_folders_in_that_of_names() {
    let folder = Folder::new().file("b.txt", "B one. B two.").file("c.csv", "text\nx\n");
    std::fs::create_dir_all(folder.path("sub/deep")).unwrap();
    let folder = folder.file("sub/z.txt", "Z.").file("sub/deep/a.md", "A.").file("sub/x.csv", "");
    let run = folder.stance(&["predict", "sub", "b.txt", "--recursive"]).succeeds();
    let found: Vec<String> =
        run.rows().iter().map(|r| format!("{} {}", r["document"], r["sentence"])).collect();
    assert_eq!(found, ["sub/deep/a.md 1", "sub/z.txt 1", "b.txt 1", "b.txt 2"]);
    let run = folder.stance(&["predict", "none.txt", "b.txt", "--on-error", "skip"]).succeeds();
    assert_eq!(run.rows().len(), 2);
    assert!(run.stderr.starts_with("warning: none.txt: cannot read none.txt: No such"), "{run}");
}

#[test]
fn a_file_of_results_is_whole_or_as_it_was() {
    let folder = Folder::new()
        .file("a.txt", ARTICLE)
        .file("bad.txt", [long_text().as_bytes(), b"\n\xff\n"].concat())
        .file("out.csv", "as it was");
    folder.stance(&["predict", "bad.txt", "-o", "out.csv"]).fails_saying(&format!(
        "stance: bad.txt:{}: is not UTF-8 at byte {}; save it as UTF-8 or use --lossy",
        long_text().lines().count() + 2,
        long_text().len() + 1
    ));
    assert_eq!(folder.read("out.csv"), b"as it was");
    assert_eq!(folder.names(), ["a.txt", "bad.txt", "out.csv"]);
    let shown = folder.stance(&["predict", "a.txt"]).succeeds().stdout;
    let run = folder.stance(&["predict", "a.txt", "-o", "out.csv"]).succeeds();
    assert_eq!((run.stdout.as_str(), folder.read("out.csv")), ("", shown.into_bytes()));
    assert_eq!(folder.names(), ["a.txt", "bad.txt", "out.csv"]);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    use std::process::{Command, Stdio};
    let folder = Folder::new().file("a.txt", long_text());
    let mut child = Command::new(env!("CARGO_BIN_EXE_stance"))
        .args(["predict", "a.txt"])
        .current_dir(folder.path("."))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0; 9];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut start).unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}
