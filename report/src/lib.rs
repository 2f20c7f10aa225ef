//! Tables, charts, HTML pages and statistics for the reports of measurements.
//!
//! A [`Page`] begins with a headline, says what was run, and is complete in one file. Its parts are
//! [`Table`]s, which a terminal can show too, and [`chart::Chart`]s, drawn as inline SVG. HTML is
//! written by `maud`, which escapes text.

pub mod chart;
mod machine;
mod page;
pub mod statistics;
mod table;
pub mod units;

pub use machine::{Load, Machine, Usage};
pub use page::{Headline, Page, Tone};
pub use table::{Column, Table, wrapped};
