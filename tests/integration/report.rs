use crate::harness::{Folder, Run};

fn report(folder: &Folder, arguments: &[&str]) -> Run {
    folder.stance(&[&["report"], arguments].concat())
}

fn page(folder: &Folder, arguments: &[&str]) -> String {
    report(folder, &[arguments, &["-o", "page.html"]].concat()).succeeds();
    String::from_utf8(folder.read("page.html")).unwrap()
}

#[test]
fn one_article_makes_a_page_with_every_sentence_and_no_line_over_time() {
    let folder = Folder::new().file("2026-02-11.txt", "Talks resumed. The army attacked.\n");
    let page = page(&folder, &["2026-02-11.txt"]);
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert_eq!(page.matches("<a class=\"s ").count(), 2);
    assert!(!page.contains("<polyline") && !page.contains("Side by side"));
}

#[test]
fn articles_with_dates_in_their_names_are_set_side_by_side_and_over_time() {
    let folder = Folder::new()
        .file("2026-01-05.txt", "Talks resumed.")
        .file("2026-02-11.txt", "The army attacked.");
    let page = page(&folder, &["2026-01-05.txt", "2026-02-11.txt", "--title", "A <quarrel>"]);
    assert!(page.contains("Side by side") && page.contains("<polyline"));
    assert!(page.contains("<title>A &#60;quarrel&#62;</title>"), "the title is escaped");
}

#[test]
fn names_and_dates_are_taken_from_columns() {
    let folder = Folder::new().file(
        "t.csv",
        "who,day,body\nA,2026-01-05,Talks resumed.\nB,2026-03-09,War came.\nC,,Rain fell.\n",
    );
    let columns = ["t.csv", "--csv", "body", "--name", "who", "--date", "day"];
    let page = page(&folder, &columns);
    assert!(page.contains("<polyline") && page.contains("datetime=\"2026-03-09\""));
    let folder = folder.file("t.csv", "who,day,body\nA,soon,Talks resumed.\n");
    report(&folder, &columns)
        .fails_saying("stance: t.csv:2: expected a date such as 2026-02-11, got `soon`");
    report(&folder, &["t.csv", "--date", "day"]).refuses_usage("--csv");
}

#[test]
fn rows_of_one_name_are_one_article() {
    let folder = Folder::new().file(
        "t.csv",
        "who,day,body\nA,2026-01-05,Talks resumed.\nB,2026-01-05,War came.\nA,2026-01-05,Rain fell.\n",
    );
    let articles = |arguments: &[&str]| {
        let page = page(&folder, &[&["t.csv", "--csv", "body"], arguments].concat());
        (page.matches("<article").count(), page.matches("<a class=\"s ").count())
    };
    assert_eq!(articles(&["--name", "who"]), (2, 3));
    assert_eq!(articles(&["--date", "day"]), (1, 3));
    assert_eq!(articles(&[]), (1, 3));
}

#[test]
fn a_page_is_the_same_however_many_threads_make_it() {
    let folder = Folder::new().file("a.txt", "Talks resumed. The army attacked. ".repeat(50));
    let one = page(&folder, &["a.txt", "--threads", "1"]);
    assert_eq!(one, page(&folder, &["a.txt", "--threads", "3"]));
}

#[test]
fn a_page_that_cannot_be_made_leaves_the_old_one() {
    let folder = Folder::new().file("page.html", "old");
    assert_eq!(report(&folder, &["no.txt", "-o", "page.html"]).code, Some(1));
    assert_eq!((folder.read("page.html"), folder.names().len()), (b"old".to_vec(), 1));
}

#[test]
fn only_so_many_sentences_have_their_reasons_on_the_page() {
    let folder = Folder::new().file("a.txt", "Talks resumed. The army attacked. Rain fell.");
    let page = page(&folder, &["a.txt", "--most-read", "1"]);
    assert!(page.contains("the first 1 have theirs"));
    assert_eq!(page.matches("<tr id=").count(), 1);
    report(&folder, &["a.txt", "--min-confidence", "2"])
        .fails_saying("stance: min-confidence must be from 0 to 1, but is 2");
}
