//! Dates in the names of files and in the cells of tables.

use std::fmt;

/// A day, or a month where no day is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: Option<u8>,
}

impl Date {
    /// The first date in a text: `2026-02-11`, `20260211` or `2026-02`, with `-`, `_`, `.` or `/` between
    /// the parts, of the years 1800 to 2199, and no digit right before or behind it.
    ///
    /// ```
    /// use stance::report::Date;
    /// let date = |text| Date::find(text).map(|date| date.to_string());
    /// assert_eq!(date("reuters_2026-02-11_v2.txt").as_deref(), Some("2026-02-11"));
    /// assert_eq!(date("20260211T0900Z").as_deref(), Some("2026-02-11"));
    /// assert_eq!(date("2026-13-01.txt"), None);
    /// ```
    pub fn find(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        (0..bytes.len())
            .filter(|&at| at == 0 || !bytes[at - 1].is_ascii_digit())
            .find_map(|at| Self::at_start(&bytes[at..]))
    }

    fn at_start(bytes: &[u8]) -> Option<Self> {
        let year = u16::try_from(digits(bytes, 4)?).ok().filter(|y| (1800..2200).contains(y))?;
        let (separator, rest) = separator(&bytes[4..]);
        let month = u8::try_from(digits(rest, 2)?).ok().filter(|m| (1..=12).contains(m))?;
        let rest = &rest[2..];
        let after_month = match separator {
            None => Some(rest),
            Some(separator) => rest.strip_prefix(&[separator]),
        };
        let day = after_month.and_then(|rest| {
            let day = u8::try_from(digits(rest, 2)?).ok()?;
            ((1..=days_in(year, month)).contains(&day) && !starts_with_digit(&rest[2..]))
                .then_some(day)
        });
        // Six digits in a row are no month of a year; nor is a month with a wrong day behind it.
        let is_month = separator.is_some()
            && !starts_with_digit(rest)
            && after_month.is_none_or(|rest| !starts_with_digit(rest));
        (day.is_some() || is_month).then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01; the first of the month where no day is named.
    ///
    /// After Howard Hinnant's `days_from_civil`: years begin in March, so that a leap day ends one.
    pub fn days(self) -> i64 {
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let year = if month <= 2 { year - 1 } else { year };
        let era = year / 400;
        let of_era = year - era * 400;
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day.unwrap_or(1)) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        self.day.map_or(Ok(()), |day| write!(f, "-{day:02}"))
    }
}

fn digits(bytes: &[u8], count: usize) -> Option<u32> {
    let digits = bytes.get(..count)?;
    digits.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0'))
    })
}

fn separator(bytes: &[u8]) -> (Option<u8>, &[u8]) {
    match bytes.split_first() {
        Some((&byte, rest)) if b"-_./".contains(&byte) => (Some(byte), rest),
        _ => (None, bytes),
    }
}

fn starts_with_digit(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(u8::is_ascii_digit)
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_in_names_and_numbers_are_not_taken_for_dates() {
        let found = |text: &str| Date::find(text).map(|date| date.to_string());
        for (text, date) in [
            ("2026-02-11", Some("2026-02-11")),
            ("a 2026_02_11 b", Some("2026-02-11")),
            ("1962.10.22", Some("1962-10-22")),
            ("dir/20260211.txt", Some("2026-02-11")),
            ("speech-2026-02.txt", Some("2026-02")),
            ("2024-02-29", Some("2024-02-29")),
            ("2023-02-29", None),
            ("202602", None),
            ("120260211", None),
            ("202602111", None),
            ("1700-01-01", None),
            ("", None),
            ("日本2026-02-11日", Some("2026-02-11")),
        ] {
            assert_eq!(found(text).as_deref(), date, "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        let days = |text: &str| Date::find(text).unwrap().days();
        assert_eq!(days("1970-01-01"), 0);
        assert_eq!(days("2000-03-01"), 11017);
        assert_eq!(days("1969-12-31"), -1);
        assert_eq!(days("2026-02"), days("2026-02-01"));
        assert_eq!(days("2024-03-01") - days("2024-02-28"), 2);
    }
}
