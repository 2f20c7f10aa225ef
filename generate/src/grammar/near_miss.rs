//! Deliberate near-misses: one for every kind of error, and then some.

use super::Writer;

/// Right almost everywhere, wrong almost everywhere, or wrong in some versions only.
#[rustfmt::skip]
const FLAWS: &[&str] = &[
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
    /// Spoils the pattern: writes something wrong, or takes a character away.
    pub(super) fn near_miss(&mut self) {
        if self.choices.one_in(8) && !self.out.is_empty() {
            let at = self.choices.below(self.out.len());
            self.out.remove(at);
            // Names of groups that stood after it have moved.
            self.groups.iter_mut().for_each(|group| group.name = None);
        } else {
            let near_miss = self.choices.pick(FLAWS);
            self.text(near_miss);
        }
    }
}
