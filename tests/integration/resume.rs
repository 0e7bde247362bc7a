//! `predict --output-dir` and `--resume`.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::Folder;

/// A folder `in` with many articles.
fn articles(count: usize, sentences: usize) -> Folder {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path("in/deep")).unwrap();
    for number in 0..count {
        let mut text = String::new();
        for sentence in 0..sentences {
            writeln!(text, "The {sentence} envoys of group {number} refused to meet again.\n")
                .unwrap();
        }
        let name = if number % 3 == 0 { "in/deep" } else { "in" };
        std::fs::write(folder.path(&format!("{name}/{number:04}.txt")), text).unwrap();
    }
    folder
}

fn results(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.path("out")];
    while let Some(path) = folders.pop() {
        let Ok(entries) = path.read_dir() else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with(".stance-run") {
                let name = path.strip_prefix(folder.path("out")).unwrap().display().to_string();
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_input_gets_a_file_of_its_own() {
    let folder = articles(7, 3);
    let run = folder.stance(&["predict", "in", "-r", "--output-dir", "out"]).succeeds();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""), "{run}");
    let found = results(&folder);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "0001.txt.csv",
            "0002.txt.csv",
            "0004.txt.csv",
            "0005.txt.csv",
            "deep/0000.txt.csv",
            "deep/0003.txt.csv",
            "deep/0006.txt.csv"
        ]
    );
    let alone = folder.stance(&["predict", "in/0001.txt"]).succeeds().stdout;
    assert_eq!(found[0].1, alone.into_bytes());
}

#[test]
fn a_run_that_is_killed_leaves_whole_files_and_is_taken_up_without_doing_one_twice() {
    let folder = articles(400, 60);
    let command = ["predict", "in", "-r", "--output-dir", "out", "--resume"];
    let expected = {
        let whole = articles(400, 60);
        whole.stance(&command).succeeds();
        results(&whole)
    };
    assert_eq!(expected.len(), 400);
    for round in 0..4 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stance"))
            .args(command)
            .current_dir(folder.path("."))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let enough = results(&folder).len() + 40 + 13 * round;
        let begun = Instant::now();
        while results(&folder).len() < enough && begun.elapsed() < Duration::from_mins(1) {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for (name, content) in results(&folder) {
            let known = expected.iter().find(|(other, _)| *other == name);
            assert!(known.is_some_and(|(_, known)| *known == content), "{name} is not whole");
        }
    }
    let before: Vec<_> = results(&folder)
        .into_iter()
        .map(|(name, _)| (name.clone(), modified(&folder, &name)))
        .collect();
    let run = folder.stance(&command).succeeds();
    run.says(&format!("{} inputs had been labelled before", before.len()));
    assert!(results(&folder) == expected);
    for (name, time) in before {
        assert_eq!(modified(&folder, &name), time, "{name} was written twice");
    }
}

fn modified(folder: &Folder, name: &str) -> std::time::SystemTime {
    folder.path("out").join(name).metadata().unwrap().modified().unwrap()
}

#[test]
fn a_run_is_not_taken_up_with_other_parameters() {
    let folder = articles(2, 1);
    folder.stance(&["predict", "in", "-r", "--output-dir", "out"]).succeeds();
    let run = folder.stance(&["predict", "in", "-r", "--output-dir", "out", "--lines", "--resume"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.starts_with("stance: out holds results of another run: "), "{run}");
    folder.stance(&["predict", "in", "--resume"]).refuses_usage("--output-dir");
}

#[test]
fn the_folder_of_results_is_not_read_and_a_broken_input_leaves_no_file() {
    let folder = articles(3, 1).file("in/bad.txt", "Good.\n\nBad \u{0}.\n\n");
    std::fs::write(folder.path("in/bad.txt"), vec![b'x'; 9 << 20]).unwrap();
    let command = [
        "predict",
        "in",
        "-r",
        "--output-dir",
        "in/out",
        "--format",
        "table",
        "--on-error",
        "skip",
    ];
    for _ in 0..2 {
        let run = folder.stance(&command).succeeds();
        assert!(run.stderr.ends_with("1 broken rows or files were left out\n"), "{run}");
    }
    let names: Vec<_> = std::fs::read_dir(folder.path("in/out")).unwrap().collect();
    // Two files, the folder `deep` with one, and the note of the run.
    assert_eq!(names.len(), 4, "{names:?}");
}
