//! Lines and columns.

/// Where the lines of a text begin.
pub(super) struct Places<'s> {
    source: &'s str,
    starts: Vec<usize>,
}

impl<'s> Places<'s> {
    pub(super) fn new(source: &'s str) -> Places<'s> {
        let newlines = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Places { source, starts: [0].into_iter().chain(newlines.map(|(at, _)| at + 1)).collect() }
    }

    /// Line and column, in characters, from 1, of an offset in bytes.
    pub(super) fn at(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or_default();
        let column = self.source.get(start..offset).map_or(0, |text| text.chars().count());
        (line, column + 1)
    }

    /// The same for offsets in ascending order, without starting anew for each: a line may be long.
    pub(super) fn all(&self, offsets: &[usize]) -> Vec<(u32, u32)> {
        let mut places = Vec::with_capacity(offsets.len());
        let mut last: Option<(usize, usize, usize)> = None;
        for &offset in offsets {
            let (line, column) = match last {
                Some((line, column, before))
                    if before <= offset && self.starts.get(line).is_none_or(|&next| offset < next) =>
                {
                    (line, column + self.source.get(before..offset).map_or(0, |text| text.chars().count()))
                }
                _ => self.at(offset),
            };
            last = Some((line, column, offset));
            places.push((line as u32, column as u32));
        }
        places
    }
}
