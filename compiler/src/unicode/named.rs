//! What a name of a character stands for.

/// The result of looking up a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Named {
    /// One character.
    Character(u32),
    /// A string of this number of characters, at least two.
    Sequence(u32),
}
