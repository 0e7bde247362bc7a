//! Tables for people: columns lined up, words to the left, numbers to the right.

use comfy_table::{CellAlignment, ContentArrangement, presets};

/// What stands where a value is not defined.
pub(crate) const UNDEFINED: &str = "-";

/// Lines up rows under a header. The first `words` columns are words, the others numbers; lines have
/// no spaces at their ends.
pub(crate) fn table<S: AsRef<str>>(
    header: &[S],
    words: usize,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let mut table = comfy_table::Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header.iter().map(AsRef::as_ref));
    for row in rows {
        table.add_row(row);
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        column.set_cell_alignment(if at < words {
            CellAlignment::Left
        } else {
            CellAlignment::Right
        });
    }
    let mut out = table.trim_fmt();
    out.push('\n');
    out
}

/// A share or score to three digits.
pub(crate) fn short(value: Option<f64>) -> String {
    value.map_or_else(|| UNDEFINED.to_owned(), |value| format!("{value:.3}"))
}

/// A number to six digits, for programs.
pub(crate) fn long(value: Option<f64>) -> String {
    value.map_or_else(|| UNDEFINED.to_owned(), |value| format!("{value:.6}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_to_the_left_and_numbers_to_the_right() {
        let rows = [vec!["a".to_owned(), "12".to_owned()], vec!["bcd".to_owned(), "3".to_owned()]];
        assert_eq!(table(&["x", "rows"], 1, rows), "x    rows\na      12\nbcd     3\n");
    }

    #[test]
    fn a_value_that_is_not_defined_is_a_dash() {
        assert_eq!((short(None), long(None)), ("-".to_owned(), "-".to_owned()));
        assert_eq!(
            (short(Some(0.0)), long(Some(0.5))),
            ("0.000".to_owned(), "0.500000".to_owned())
        );
    }
}
