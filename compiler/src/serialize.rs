//! Serializing with serde: the objects that `sre compile --jsonl` writes, and the spans.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use serde_core::de::{Deserialize, Deserializer, Visitor};
use serde_core::ser::{Serialize, SerializeStruct, Serializer};

use crate::diagnostics::{Error, Warning, WarningList};
use crate::dialect::Dialect;
use crate::flags::Flags;
use crate::program::Program;

/// As Python's integer.
impl Serialize for Flags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.bits())
    }
}

/// From Python's integer.
impl<'de> Deserialize<'de> for Flags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Flags, D::Error> {
        i64::deserialize(deserializer).map(Flags::from_bits)
    }
}

/// As the first version that has the dialect: `"3.13.1"`.
impl Serialize for Dialect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From a version, such as `"3.13"` or `"3.13.0"`.
impl<'de> Deserialize<'de> for Dialect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Dialect, D::Error> {
        struct Version;
        impl Visitor<'_> for Version {
            type Value = Dialect;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a version of CPython")
            }

            fn visit_str<E: serde_core::de::Error>(self, text: &str) -> Result<Dialect, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Version)
    }
}

/// As an object with `type`, `msg`, `pos`, `lineno`, `colno` and `span`, which are null where the
/// error has none.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Error", 6)?;
        object.serialize_field("type", self.exception().name())?;
        object.serialize_field("msg", &self.text().to_string())?;
        object.serialize_field("pos", &self.pos())?;
        object.serialize_field("lineno", &self.lineno())?;
        object.serialize_field("colno", &self.colno())?;
        object.serialize_field("span", &self.span().map(|span| [span.start, span.end]))?;
        object.end()
    }
}

/// As an object with `category`, `msg`, `pos` and `span`.
impl Serialize for Warning<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Warning", 4)?;
        object.serialize_field("category", self.category())?;
        object.serialize_field("msg", &self.to_string())?;
        object.serialize_field("pos", &self.pos())?;
        object.serialize_field("span", &[self.span().start, self.span().end])?;
        object.end()
    }
}

/// As a list.
impl Serialize for WarningList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// As an object with `dialect`, `code`, `flags`, `groups` and `groupindex`, a list of pairs.
impl Serialize for Program {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Program", 5)?;
        object.serialize_field("dialect", &self.dialect())?;
        object.serialize_field("code", self.code())?;
        object.serialize_field("flags", &self.flags())?;
        object.serialize_field("groups", &self.group_count())?;
        object.serialize_field("groupindex", &self.group_index().collect::<Vec<_>>())?;
        object.end()
    }
}
