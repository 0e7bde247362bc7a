//! The training rows as compressed sparse matrices, by row and by feature.
//!
//! Both hold the same entries; rows and columns are in ascending order, values are finite. A sum
//! over a row or a column always runs in that order, so results do not depend on the number of
//! threads.

use std::ops::Range;

/// A sparse matrix in compressed-row form, with its transpose beside it.
#[derive(Debug, Clone)]
pub(super) struct Matrix {
    columns: usize,
    by_row: Compressed,
    by_column: Compressed,
}

#[derive(Debug, Clone)]
struct Compressed {
    starts: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f32>,
}

impl Compressed {
    fn line(&self, at: usize) -> (&[u32], &[f32]) {
        let range: Range<usize> = self.starts[at]..self.starts[at + 1];
        (&self.indices[range.clone()], &self.values[range])
    }
}

impl Matrix {
    /// Builds the matrix from rows of `(column, value)`, columns ascending within a row.
    pub(super) fn from_rows(rows: &[Vec<(u32, f32)>], columns: usize) -> Self {
        let entries = rows.iter().map(Vec::len).sum();
        let mut by_row = Compressed {
            starts: Vec::with_capacity(rows.len() + 1),
            indices: Vec::with_capacity(entries),
            values: Vec::with_capacity(entries),
        };
        by_row.starts.push(0);
        let mut counts = vec![0usize; columns + 1];
        for row in rows {
            for &(column, value) in row {
                by_row.indices.push(column);
                by_row.values.push(value);
                counts[column as usize + 1] += 1;
            }
            by_row.starts.push(by_row.indices.len());
        }
        for column in 0..columns {
            counts[column + 1] += counts[column];
        }
        let mut next = counts.clone();
        let mut by_column = Compressed {
            starts: counts,
            indices: vec![0; by_row.indices.len()],
            values: vec![0.0; by_row.indices.len()],
        };
        for (number, row) in rows.iter().enumerate() {
            for &(column, value) in row {
                let place = next[column as usize];
                by_column.indices[place] = u32::try_from(number).unwrap_or(u32::MAX);
                by_column.values[place] = value;
                next[column as usize] += 1;
            }
        }
        Self { columns, by_row, by_column }
    }

    /// Number of rows: one a training sentence.
    pub(super) fn rows(&self) -> usize {
        self.by_row.starts.len() - 1
    }

    /// Number of columns: one a feature.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// The columns and values of one row.
    pub(super) fn row(&self, row: usize) -> (&[u32], &[f32]) {
        self.by_row.line(row)
    }

    /// The rows and values of one column.
    pub(super) fn column(&self, column: usize) -> (&[u32], &[f32]) {
        self.by_column.line(column)
    }

    /// The rows named by `keep`, in that order.
    pub(super) fn select(&self, keep: &[usize]) -> Self {
        let rows: Vec<Vec<(u32, f32)>> = keep
            .iter()
            .map(|&row| {
                let (columns, values) = self.row(row);
                columns.iter().copied().zip(values.iter().copied()).collect()
            })
            .collect();
        Self::from_rows(&rows, self.columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_hold_the_same_entries() {
        let m = Matrix::from_rows(&[vec![(0, 1.0), (2, 2.0)], vec![], vec![(2, 3.0)]], 3);
        assert_eq!((m.rows(), m.columns()), (3, 3));
        assert_eq!(m.row(0), (&[0u32, 2][..], &[1.0f32, 2.0][..]));
        assert_eq!(m.row(1).0.len(), 0);
        assert_eq!(m.column(2), (&[0u32, 2][..], &[2.0f32, 3.0][..]));
        assert_eq!(m.column(1).0.len(), 0);
        assert_eq!(m.select(&[2]).row(0), m.row(2));
    }
}
