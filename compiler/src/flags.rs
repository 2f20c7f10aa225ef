use core::fmt;
use core::ops::{BitOr, BitOrAssign};

/// The flags of a pattern, as Python's integer: `re.I | re.M` is `Flags::IGNORECASE | Flags::MULTILINE`.
///
/// Bits without a meaning are kept, as CPython keeps them.
///
/// CPython: `re/_constants.py`, `SRE_FLAG_*`
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags(i64);

impl Flags {
    /// `re.T`: a template, without repeats; meaningful up to CPython 3.12.
    pub const TEMPLATE: Flags = Flags(1);
    /// `re.I`: match case-insensitively.
    pub const IGNORECASE: Flags = Flags(2);
    /// `re.L`: letters and case are the locale's; for bytes patterns only.
    pub const LOCALE: Flags = Flags(4);
    /// `re.M`: `^` and `$` match at every line.
    pub const MULTILINE: Flags = Flags(8);
    /// `re.S`: `.` matches a newline, too.
    pub const DOTALL: Flags = Flags(16);
    /// `re.U`: letters, digits and case are Unicode's; for str patterns only, and their default.
    pub const UNICODE: Flags = Flags(32);
    /// `re.X`: white space and comments are skipped.
    pub const VERBOSE: Flags = Flags(64);
    /// `re.DEBUG`: CPython prints what it compiles; this crate only keeps the bit.
    pub const DEBUG: Flags = Flags(128);
    /// `re.A`: letters, digits and case are ASCII's.
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

    /// No flags. A `str` pattern compiled with none ends up with [`Flags::UNICODE`].
    pub const fn empty() -> Flags {
        Flags(0)
    }

    /// The flags of Python's integer.
    pub const fn from_bits(bits: i64) -> Flags {
        Flags(bits)
    }

    /// Python's integer.
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// The flag that a letter stands for in `(?…)`: one of `a i L m s t u x`.
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

    /// Without these flags.
    #[must_use]
    pub const fn without(self, flags: Flags) -> Flags {
        Flags(self.0 & !flags.0)
    }

    pub(crate) const fn and(self, flags: Flags) -> Flags {
        Flags(self.0 & flags.0)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What a group's own flags make of those around it: a type flag replaces the one in force.
    ///
    /// CPython: `re/_compiler.py`, `_combine_flags`
    pub(crate) fn combine(self, add: Flags, del: Flags) -> Flags {
        let outer = if add.intersects(Flags::TYPE) { self.without(Flags::TYPE) } else { self };
        (outer | add).without(del)
    }

    /// Do `\w` and the other categories mean the same with these and the others?
    pub(crate) fn mean_the_same_categories(self, other: Flags) -> bool {
        let what_counts = Flags::LOCALE | Flags::UNICODE;
        self.and(what_counts) == other.and(what_counts)
    }

    /// Is case ignored in the way that the locale decides at match time?
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

impl BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Flags) {
        self.0 |= other.0;
    }
}

/// The letters of the flags, then what is left as a number: `Flags(im)`, `Flags(i|0x200)`.
impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = *self;
        f.write_str("Flags(")?;
        for (letter, flag) in Flags::LETTERS {
            if rest.intersects(flag) {
                write!(f, "{letter}")?;
                rest = rest.without(flag);
            }
        }
        if !rest.is_empty() {
            write!(f, "|{:#x}", rest.0)?;
        }
        f.write_str(")")
    }
}
