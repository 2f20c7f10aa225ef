//! Lines and columns.

/// Indices of a text: the start of each line, and the number of characters before each block. With
/// these, many places in one long line are found fast.
pub(super) struct Places<'s> {
    source: &'s str,
    starts: Vec<usize>,
    blocks: Vec<usize>,
}

/// The size of a block, in bytes.
const BLOCK: usize = 1 << 10;

impl<'s> Places<'s> {
    pub(super) fn new(source: &'s str) -> Places<'s> {
        let newlines = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = [0].into_iter().chain(newlines.map(|(at, _)| at + 1)).collect();
        let mut before = 0;
        let blocks = source.as_bytes().chunks(BLOCK).map(|block| {
            let count = before;
            before += characters(block);
            count
        });
        Places { source, starts, blocks: blocks.collect() }
    }

    /// Returns the number of characters that begin before an offset.
    fn before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        let text = self.source.as_bytes().get(block * BLOCK..offset).unwrap_or_default();
        self.blocks.get(block).map_or_else(|| self.source.chars().count(), |before| before + characters(text))
    }

    /// Returns line and column, in characters, from 1, of an offset in bytes.
    pub(super) fn at(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or_default();
        (line, self.before(offset) - self.before(start) + 1)
    }

    /// Returns the same for several offsets. It is fastest if they are in ascending order.
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

/// Returns the number of characters that begin in a part of UTF-8.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters() {
        let source = format!("a\n{}\nb", "éx漢😀".repeat(1000));
        let places = Places::new(&source);
        let (mut line, mut column) = (1, 1);
        for (at, c) in source.char_indices() {
            assert_eq!(places.at(at), (line, column));
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        assert_eq!(places.at(source.len()), (line, column));
        for length in [BLOCK, BLOCK - 1, BLOCK + 1] {
            assert_eq!(Places::new(&"a".repeat(length)).at(length), (1, length + 1));
        }
    }
}
