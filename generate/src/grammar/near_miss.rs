//! Near-misses: invalid parts for every kind of error.

use super::Writer;

/// Parts that are valid in few contexts, invalid in few, or invalid only in some versions.
#[rustfmt::skip]
const NEAR_MISSES: &[&str] = &[
    "(", ")", "[", "*", "+?", "?", "{2}", "**", "a**", "a+*", "a?{2}", "a{2}{3}", "^*", "\\b+", "$?", "(?:*)", "|*", "(*)",
    "(?#", "(?", "(?P", "(?P<", "(?P<>a)", "(?P<a", "(?P<1a>b)", "(?P<a-b>c)", "(?P<a>b)(?P<a>c)", "(?P=", "(?P=)", "(?P=a",
    "(?P=zz)", "(?P>a)", "(?Pa)", "(?<a>b)", "(?<", "(?'a'b)", "(?|a)", "(?&a)", "(?R)", "(?1)", "(?(", "(?()a)", "(?(0)a)",
    "(?(99)a)", "(?(zz)a)", "(?(1a)b)", "(?(1)a|b|c)", "()(?(1)a|b|c)", "(?(1)a", "(?(1", "()(?(+1)a)", "()(?( 1)a)",
    "()(?(1_0)a)", "()(?(01)a)", "()(?(-1)a)", "(?(1073741823)a)", "(?(4294967296)a)", "(a\\1)", "(?P<q>(?P=q))", "\\99", "\\8",
    "(?<=a*)", "(?<=a|bc)", "(?<!a{1,2})", "(?<=(a)\\1)", "(?<=(a)(?(1)b))", "()(?<=\\1)", "(a(?<=\\1))", "(a(?<=(?(1)b|c)))", "(?<=aaa{4294967294})", "[\\N]", "(?i", "(?i-", "(?-",
    "(?-:a)", "(?i:a", "(?-i", "(?-i)", "(?q)", "(?i,m)", "(?iq)", "(?-q:a)", "(?-iq:a)", "(?i-i:a)", "(?au:a)", "(?aL:a)",
    "(?-a:b)", "(?-u:b)", "(?t)", "(?t:a)", "(?-t:a)", "(?i)", "(?x) a", "(?a)(?u)", "(?L)", "(?u)", "(?L:a)", "(?u:a)",
    "[b-a]", "[\\d-a]", "[a-\\d]", "[a--]", "[a--b]", "[a", "[]", "[^]", "[a-", "[\\8]", "[\\400]", "[\\z]", "[\\A]", "[\\B]",
    "[\\Z]", "\\400", "\\777", "\\x", "\\x1", "[\\x1]", "\\u12", "\\U0001", "\\U00110000", "\\Uffffffff", "\\N", "\\N{", "\\N{}", "\\N{q}",
    "\\N{KEYCAP DIGIT ONE}", "\\z", "\\q", "\\E", "\\p{L}", "\\X", "\\R", "\\K", "\\h", "a{2,1}", "a{4294967295}", "a{,4294967296}",
    "a{4294967294}", "a{99999999999999999999}", "a{1,2,3}", "a{ 1}", "a{1 }", "a{-1}", "a{,", "a{", "{", "{}", "{,}", "{1}", "\\",
    "(?P<ª>a)(?P<é>b)", "(?(é)a)", "(?P<a\\>b)", "(?#\\)", "(? :a)", "( ?:a)", "a* ?", "a *+", "(?\\", "[\\", "(?é)", "(?P<é+>a)",
];

impl Writer<'_, '_, '_> {
    /// Makes the pattern invalid: writes an invalid part, or removes a character.
    pub(super) fn near_miss(&mut self) {
        if self.choices.one_in(8) && !self.out.is_empty() {
            let at = self.choices.below(self.out.len());
            self.out.remove(at);
            // The ranges of names after it are no longer valid.
            self.groups.iter_mut().for_each(|group| group.name = None);
        } else {
            let near_miss = self.choices.pick(NEAR_MISSES);
            self.text(near_miss);
        }
    }
}
