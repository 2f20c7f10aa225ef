//! Numbers with their units, as people read them.

/// Formats nanoseconds in the unit that reads best: `1.23 µs`.
pub fn time(nanoseconds: f64) -> String {
    let (number, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    format!("{} {unit}", digits(number))
}

/// Formats bytes in the unit that reads best: `1.23 KiB`; whole bytes below 10 KiB.
pub fn bytes(bytes: f64) -> String {
    match bytes.abs() {
        n if n < 10_240.0 => format!("{bytes:.0} B"),
        n if n < 1_048_576.0 => format!("{} KiB", digits(bytes / 1024.0)),
        n if n < 1_073_741_824.0 => format!("{} MiB", digits(bytes / 1_048_576.0)),
        _ => format!("{} GiB", digits(bytes / 1_073_741_824.0)),
    }
}

/// Formats a power of ten of bytes: `10 kB`.
pub fn power_of_ten_bytes(bytes: f64) -> String {
    match bytes {
        n if n < 1e3 => format!("{n:.0} B"),
        n if n < 1e6 => format!("{:.0} kB", n / 1e3),
        n => format!("{:.0} MB", n / 1e6),
    }
}

/// Formats a number with three significant digits.
pub fn digits(number: f64) -> String {
    match number.abs() {
        n if n >= 99.95 => format!("{number:.0}"),
        n if n >= 9.995 => format!("{number:.1}"),
        n if n >= 0.9995 || n == 0.0 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

/// Formats a count, scaled by powers of 1,000: `12.3 M`.
pub fn scaled(count: u64) -> String {
    let count = count as f64;
    match count {
        n if n < 1e6 => format!("{} k", digits(n / 1e3)),
        n if n < 1e9 => format!("{} M", digits(n / 1e6)),
        n => format!("{} G", digits(n / 1e9)),
    }
}

/// Formats a power of ten: `10³`.
pub fn power_of_ten(number: f64) -> String {
    let exponent = format!("{:.0}", number.log10());
    let superscript = |c: char| match c {
        '-' => '⁻',
        c => c.to_digit(10).and_then(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize)).unwrap_or(c),
    };
    format!("10{}", exponent.chars().map(superscript).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_significant_digits_and_a_unit() {
        assert_eq!([12.0, 880.0, 1_234.0, 9.996e6].map(time), ["12.0 ns", "880 ns", "1.23 µs", "10.0 ms"]);
        assert_eq!([0.0, 196.0, 2_512.0, 50_280.0].map(bytes), ["0 B", "196 B", "2512 B", "49.1 KiB"]);
        assert_eq!(bytes(-16.0), "-16 B");
        assert_eq!([10.0, 1e4, 1e6].map(power_of_ten_bytes), ["10 B", "10 kB", "1 MB"]);
        assert_eq!(scaled(12_345), "12.3 k");
        assert_eq!((power_of_ten(1e6), power_of_ten(0.01)), ("10⁶".into(), "10⁻²".into()));
    }
}
