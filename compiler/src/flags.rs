use core::fmt::{self, Write};
use core::ops::{BitAnd, BitOr, BitOrAssign};
use core::str::FromStr;

/// The flags of a pattern, as Python's integer: `re.I | re.M` is `Flags::IGNORECASE |
/// Flags::MULTILINE`.
///
/// Bits without a meaning are kept, as in CPython.
///
/// `Display` writes the letters that `(?…)` has for the flags, in the order `aiLmstux`, and the
/// bits that have no letter as a number: `im`, `im|0x80`. `FromStr` reads the same.
///
/// ```
/// use sre_compiler::Flags;
/// let flags: Flags = "im".parse()?;
/// assert_eq!(flags, Flags::IGNORECASE | Flags::MULTILINE);
/// assert_eq!(flags.to_string(), "im");
/// assert_eq!(format!("{flags:?}"), "Flags(IGNORECASE | MULTILINE)");
/// let error = "iy".parse::<Flags>().unwrap_err();
/// assert_eq!(error.to_string(), "`y` is not a flag (known: aiLmstux)");
/// # Ok::<(), sre_compiler::ParseFlagsError>(())
/// ```
///
/// CPython: `re/_constants.py`, `SRE_FLAG_*`
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags(i64);

impl Flags {
    /// `re.T`: a template without repeats. It has a meaning up to CPython 3.12.
    pub const TEMPLATE: Flags = Flags(1);
    /// `re.I`: case is ignored.
    pub const IGNORECASE: Flags = Flags(2);
    /// `re.L`: letters and case depend on the locale. For `bytes` patterns only.
    pub const LOCALE: Flags = Flags(4);
    /// `re.M`: `^` and `$` match at each line.
    pub const MULTILINE: Flags = Flags(8);
    /// `re.S`: `.` also matches a newline.
    pub const DOTALL: Flags = Flags(16);
    /// `re.U`: letters, digits and case are those of Unicode. The default of `str` patterns, and
    /// for these only.
    pub const UNICODE: Flags = Flags(32);
    /// `re.X`: white space and comments are skipped.
    pub const VERBOSE: Flags = Flags(64);
    /// `re.DEBUG`: CPython prints the compiled pattern. This crate only keeps the bit.
    pub const DEBUG: Flags = Flags(128);
    /// `re.A`: letters, digits and case are those of ASCII.
    pub const ASCII: Flags = Flags(256);

    /// The flags that exclude each other. CPython: `re/_parser.py`, `TYPE_FLAGS`
    pub(crate) const TYPE: Flags = Flags(256 | 4 | 32);

    const LETTERS: [(char, Flags); 8] = [
        ('a', Flags::ASCII),
        ('i', Flags::IGNORECASE),
        ('L', Flags::LOCALE),
        ('m', Flags::MULTILINE),
        ('s', Flags::DOTALL),
        ('t', Flags::TEMPLATE),
        ('u', Flags::UNICODE),
        ('x', Flags::VERBOSE),
    ];

    /// Python's names, in the order of the bits.
    const NAMES: [(&'static str, Flags); 9] = [
        ("TEMPLATE", Flags::TEMPLATE),
        ("IGNORECASE", Flags::IGNORECASE),
        ("LOCALE", Flags::LOCALE),
        ("MULTILINE", Flags::MULTILINE),
        ("DOTALL", Flags::DOTALL),
        ("UNICODE", Flags::UNICODE),
        ("VERBOSE", Flags::VERBOSE),
        ("DEBUG", Flags::DEBUG),
        ("ASCII", Flags::ASCII),
    ];

    /// No flags. A `str` pattern compiled with none ends up with [`Flags::UNICODE`].
    pub const fn empty() -> Flags {
        Flags(0)
    }

    /// Converts from Python's integer.
    pub const fn from_bits(bits: i64) -> Flags {
        Flags(bits)
    }

    /// Converts to Python's integer.
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// Returns the flag of a letter in `(?…)`: one of `a i L m s t u x`.
    pub fn from_letter(letter: char) -> Option<Flags> {
        Flags::LETTERS.iter().find(|(c, _)| *c == letter).map(|(_, flag)| *flag)
    }

    /// Returns whether at least one of `flags` is set.
    pub const fn intersects(self, flags: Flags) -> bool {
        self.0 & flags.0 != 0
    }

    /// Returns whether all of `flags` are set.
    pub const fn contains(self, flags: Flags) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Returns these flags without some others.
    #[must_use]
    pub const fn without(self, flags: Flags) -> Flags {
        Flags(self.0 & !flags.0)
    }

    pub(crate) const fn and(self, flags: Flags) -> Flags {
        Flags(self.0 & flags.0)
    }

    /// Returns whether no bit is set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the flags inside a group that turns some on and off. A type flag replaces the one in
    /// force.
    ///
    /// CPython: `re/_compiler.py`, `_combine_flags`
    pub(crate) fn combine(self, add: Flags, del: Flags) -> Flags {
        let outer = if add.intersects(Flags::TYPE) { self.without(Flags::TYPE) } else { self };
        (outer | add).without(del)
    }

    /// Returns whether `\w` and the other categories mean the same under both flags.
    pub(crate) fn mean_the_same_categories(self, other: Flags) -> bool {
        let what_counts = Flags::LOCALE | Flags::UNICODE;
        self.and(what_counts) == other.and(what_counts)
    }

    /// Returns whether case is ignored, and the locale decides at match time.
    pub(crate) const fn ignores_case_by_locale(self) -> bool {
        self.intersects(Flags::IGNORECASE) && self.intersects(Flags::LOCALE)
    }
}

impl BitOr for Flags {
    type Output = Flags;
    fn bitor(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

impl BitAnd for Flags {
    type Output = Flags;
    fn bitand(self, other: Flags) -> Flags {
        Flags(self.0 & other.0)
    }
}

impl BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Flags) {
        self.0 |= other.0;
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = *self;
        for (letter, flag) in Flags::LETTERS {
            if rest.intersects(flag) {
                f.write_char(letter)?;
                rest = rest.without(flag);
            }
        }
        if rest.is_empty() { Ok(()) } else { write!(f, "|{:#x}", rest.0) }
    }
}

/// Writes Python's names, and the bits without one as a number: `Flags(IGNORECASE | 0x200)`.
impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = *self;
        f.write_str("Flags(")?;
        for (name, flag) in Flags::NAMES.into_iter().filter(|&(_, flag)| self.intersects(flag)) {
            let separator = if rest == *self { "" } else { " | " };
            write!(f, "{separator}{name}")?;
            rest = rest.without(flag);
        }
        if !rest.is_empty() || self.is_empty() {
            let separator = if rest == *self { "" } else { " | " };
            write!(f, "{separator}{:#x}", rest.0)?;
        }
        f.write_str(")")
    }
}

/// Error returned by `Flags::from_str`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ParseFlagsError {
    /// A character that is no letter of a flag.
    UnknownLetter(char),
    /// After the `|` there is no hexadecimal number of 64 bits.
    InvalidNumber,
}

impl fmt::Display for ParseFlagsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseFlagsError::UnknownLetter(letter) => {
                write!(f, "`{}` is not a flag (known: aiLmstux)", letter.escape_debug())
            }
            ParseFlagsError::InvalidNumber => f.write_str("not a hexadecimal number after `|`, such as 0x80"),
        }
    }
}

impl core::error::Error for ParseFlagsError {}

/// Reads letters in any order, then optionally `|0x` and a hexadecimal number. The empty string is
/// no flags.
impl FromStr for Flags {
    type Err = ParseFlagsError;

    fn from_str(text: &str) -> Result<Flags, ParseFlagsError> {
        let (letters, number) = text.split_once('|').map_or((text, None), |(head, tail)| (head, Some(tail)));
        let mut flags = Flags::empty();
        for letter in letters.chars() {
            flags |= Flags::from_letter(letter).ok_or(ParseFlagsError::UnknownLetter(letter))?;
        }
        if let Some(number) = number {
            // Negative numbers are written in two's complement.
            let digits = number.strip_prefix("0x").filter(|digits| !digits.starts_with('+'));
            let bits = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
            flags |= Flags(bits.ok_or(ParseFlagsError::InvalidNumber)?.cast_signed());
        }
        Ok(flags)
    }
}
