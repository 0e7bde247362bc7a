use crate::harness::{Folder, TINY};

const CODERS: &str = "text,anna,ben,cleo\n\
    Talks began,d,d,d\nShots fell,h,n,h\nWar came,h,h,\nRain fell,n,,\n";

#[test]
fn a_wrong_label_is_doubted_first() {
    let wrong = format!("{TINY}The two sides agreed to peace talks and a truce.,hawkish,,,\n");
    let columns = TINY.lines().next().unwrap().split(',').count();
    assert_eq!(wrong.lines().last().unwrap().split(',').count(), columns, "columns of tiny.csv");
    let folder = Folder::new().file("t.csv", wrong);
    let run = folder.stance(&["audit", "t.csv", "--label", "stance", "--cv", "4"]).succeeds();
    let rows = run.rows();
    let doubted: Vec<_> = rows.iter().filter(|row| row["finding"] == "doubted").collect();
    assert!(doubted.iter().any(|row| row["place"] == "t.csv:42"), "{run}");
    assert!(doubted.windows(2).all(|pair| pair[0]["strength"] >= pair[1]["strength"]), "{run}");
    assert!(run.stderr.contains("labels are doubted"), "{run}");
}

#[test]
fn nearly_equal_texts_with_other_labels_are_found_but_not_within_a_group() {
    let twins = "The envoy will meet the minister in the old town hall on Monday";
    let rows = [
        ("Talks on a truce began today", "diplomatic", ""),
        ("Talks on a pact were held", "diplomatic", ""),
        ("Troops struck the port", "hawkish", ""),
        ("Troops struck the bridge again", "hawkish", ""),
        (twins, "diplomatic", ""),
        (&twins.replace("Monday", "Tuesday"), "hawkish", ""),
        ("They want peace now and for ever after", "diplomatic", "g"),
        ("They want peace now and for ever before", "hawkish", "g"),
    ]
    .map(|(text, label, group)| format!("{text},{label},{group},s\n"));
    let table = format!("text,stance,group,source\n{}", rows.concat());
    let folder = Folder::new().file("t.csv", table);
    let run = folder.stance(&["audit", "t.csv", "--cv", "2", "--min-df", "1"]).succeeds();
    let pairs: Vec<_> = run
        .rows()
        .into_iter()
        .filter(|row| row["finding"] == "near-duplicate")
        .map(|row| format!("{} {}", row["place"], row["other_place"]))
        .collect();
    assert_eq!(pairs, ["t.csv:6 t.csv:7", "t.csv:7 t.csv:6"], "{run}");
}

#[test]
fn labels_that_one_source_alone_uses_are_found() {
    let rows = [
        ("Talks on a truce began", "diplomatic", "a"),
        ("Talks on a pact began", "diplomatic", "b"),
        ("Troops struck the port", "hawkish", "a"),
        ("Troops struck the town", "hawkish", "a"),
    ]
    .map(|(text, label, source)| format!("{text},{label},{source}\n"));
    let table = format!("text,stance,source\n{}", rows.concat());
    let folder = Folder::new().file("t.csv", table);
    let run = folder.stance(&["audit", "t.csv", "--cv", "2", "--min-df", "1"]).succeeds();
    let found: Vec<_> =
        run.rows().into_iter().filter(|row| row["finding"] == "one-source").collect();
    assert_eq!(found.len(), 1, "{run}");
    assert_eq!(found[0]["label"], "hawkish");
    assert_eq!(found[0]["text"], "only the source `a` has it, in 2 rows");
}

#[test]
fn coders_are_compared_and_their_disputes_listed() {
    let folder = Folder::new().file("t.csv", CODERS);
    let run = folder.stance(&["audit", "t.csv", "--coders", "anna,ben,cleo"]).succeeds();
    assert_eq!(run.stdout, "place,anna,ben,cleo,text\nt.csv:3,h,n,h,Shots fell\n");
    let run = run.says(
        "3 rows with two labels or more, 1 in dispute; Krippendorff's alpha 0.632\n\
         anna and ben: 3 rows, accuracy 0.667, Cohen's kappa 0.500\n  1 h / n\n\
         anna and cleo: 2 rows, accuracy 1.000, Cohen's kappa 1.000\n\
         ben and cleo: 2 rows, accuracy 0.500, Cohen's kappa 0.333\n  1 n / h",
    );
    drop(run);
    let json = folder.stance(&["audit", "t.csv", "--coders", "anna,ben", "--format", "json"]);
    let json = json.succeeds().json();
    assert_eq!(json["pairs"][0]["confusion"][1][2], 1, "anna's h is ben's n once");
    assert_eq!(json["disputes"][0]["place"], "t.csv:3");
    folder.stance(&["audit", "t.csv", "--coders", "anna"]).fails_saying(
        "stance: --coders needs two label columns or more, such as --coders anna,ben",
    );
}
