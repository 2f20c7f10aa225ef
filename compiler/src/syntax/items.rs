//! The items of the current alternative, and what becomes of them when it ends.

use super::{Frame, Last, Parser};
use crate::error::Span;
use crate::input::Source;
use crate::pool::{Grow, Stop};
use crate::tree::{Body, Chain, Item, Sequence, SequenceId, Slice};
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// Adds an item of that width to the current alternative; it reaches from `start` to the next token.
    #[inline]
    pub(super) fn append(&mut self, item: Item, width: Width, start: u32) -> Result<(), Stop> {
        self.append_from(item, width, Span { start, end: self.tokens.tell() })
    }

    #[inline]
    pub(super) fn append_from(&mut self, item: Item, width: Width, span: Span) -> Result<(), Stop> {
        self.flush()?;
        self.last = Last::Item(item);
        self.last_width = width;
        self.last_span = span;
        Ok(())
    }

    /// The same for an item that is the next token.
    #[inline]
    pub(super) fn append_next(&mut self, item: Item, width: Width, start: u32) -> Result<(), Stop> {
        self.tokens.advance()?;
        self.append(item, width, start)
    }

    /// The width of an item of the tree.
    #[inline]
    pub(super) fn item_width(&self, item: Item) -> Width {
        self.tree.item_width(item, &self.state.group_widths)
    }

    /// Adds a reference to a group, which is closed.
    pub(super) fn append_reference(&mut self, group: u32, start: u32) -> Result<(), Stop> {
        let reference = Item::GroupRef(group);
        self.append(reference, self.item_width(reference), start)
    }

    #[inline]
    pub(super) fn append_literal(&mut self, c: u32, start: u32) -> Result<(), Stop> {
        let first = self.tree.literals_len();
        self.tree.new_literals().try_push(c, self.budget)?;
        let one = Slice { start: first, end: first + 1 };
        self.append_literals(one, Span { start, end: self.tokens.tell() })
    }

    /// Adds literals to the current alternative; those that go on where the last ones end become one item with them,
    /// unless each is to know its place.
    #[inline]
    pub(super) fn append_literals(&mut self, part: Slice, span: Span) -> Result<(), Stop> {
        match &mut self.last {
            Last::Item(Item::Literals(last)) if last.end == part.start && !self.tree.record_spans => {
                last.end = part.end;
                self.last_width = Width::exactly(last.len());
                Ok(())
            }
            _ => self.append_from(Item::Literals(part), Width::exactly(part.len()), span),
        }
    }

    /// Puts the last item with those before it: it is complete.
    #[inline]
    pub(super) fn flush(&mut self) -> Result<(), Stop> {
        match self.last {
            Last::Nothing => Ok(()),
            Last::Item(_) => self.flush_item(),
            Last::Plain(group) => {
                self.frame.width = self.frame.width.plus(group.width);
                self.tree.splice(&mut self.frame.chain, group.chain);
                self.last = Last::Nothing;
                Ok(())
            }
        }
    }

    #[inline(never)]
    fn flush_item(&mut self) -> Result<(), Stop> {
        if let Last::Item(item) = self.last {
            self.frame.width = self.frame.width.plus(self.last_width);
            self.tree.append(&mut self.frame.chain, item, self.last_span, self.budget)?;
            self.last = Last::Nothing;
        }
        Ok(())
    }

    /// Makes a sequence of the current alternative; it has no name yet.
    #[inline]
    pub(super) fn finish(&mut self) -> Result<Sequence, Stop> {
        self.flush()?;
        let Frame { chain, width, .. } = self.frame;
        self.frame.chain = Chain::EMPTY;
        self.frame.width = Width::NONE;
        Ok(Sequence { chain, width: width.capped(self.rules.width_cap) })
    }

    #[inline]
    pub(super) fn add_sequence(&mut self, sequence: Sequence) -> Result<SequenceId, Stop> {
        self.tree.add_sequence(sequence, self.budget)
    }

    /// Makes a body of the current alternative.
    #[inline(always)]
    pub(super) fn finish_alternative(&mut self) -> Result<Body, Stop> {
        if self.frame.chain.is_empty() && !self.tree.record_spans {
            match self.last {
                Last::Nothing => return Ok(Body::NOTHING),
                Last::Item(item) if item.is_leaf() => {
                    self.last = Last::Nothing;
                    return Ok(Body::Leaf(item));
                }
                _ => {}
            }
        }
        self.finish_sequence().map(Body::Sequence)
    }

    #[inline(never)]
    fn finish_sequence(&mut self) -> Result<SequenceId, Stop> {
        let sequence = self.finish()?;
        self.add_sequence(sequence)
    }

    /// Makes a body of an item, the last one.
    #[inline]
    pub(super) fn body_of(&mut self, item: Item) -> Result<Body, Stop> {
        if item.is_leaf() && !self.tree.record_spans {
            return Ok(Body::Leaf(item));
        }
        let mut chain = Chain::EMPTY;
        self.tree.append(&mut chain, item, self.last_span, self.budget)?;
        let width = self.last_width.capped(self.rules.width_cap);
        self.add_sequence(Sequence { chain, width }).map(Body::Sequence)
    }
}
