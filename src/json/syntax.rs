//! From text to values: the syntax, and no more of it than the dialect allows.

use std::collections::BTreeSet;
use std::ops::Range;

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{CollectOptions, ParseOptions, Scanner, ScannerOptions, parse_to_ast};

use super::flaw::{Flaw, What};
use super::span::{Span, line_column};
use super::tree::{Kind, Node, Property};

/// The mark of the order of bytes, with which some editors begin a text.
const MARK: char = '\u{feff}';
/// Quotation marks that word processors put in the place of those of JSON.
pub(crate) const PRINTED_MARKS: [char; 10] = ['“', '”', '„', '‟', '«', '»', '‘', '’', '‚', '＂'];

/// How many objects and lists may stand inside each other.
pub(super) const DEPTH_LIMIT: usize = 64;

/// Which extensions of JSON are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 8259 and nothing else.
    Strict,
    /// Comments, trailing commas and a byte order mark are allowed, and nothing else.
    Commented,
}

/// The value that a text holds, with a flaw for each key that is repeated; or the first thing that
/// makes the text something else than one value.
pub(super) fn parse(text: &str, dialect: Dialect) -> Result<(Node, Vec<Flaw>), Flaw> {
    if dialect == Dialect::Commented
        && let Some(rest) = text.strip_prefix(MARK)
    {
        // Blanks in its place leave everything where it stands.
        return parse(&(" ".repeat(MARK.len_utf8()) + rest), dialect);
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options(dialect))
        .map_err(|error| refusal(text, &error));
    let value = match (parsed, irregularity(text)) {
        (Err(refusal), Some(flaw)) if refusal.span.start < flaw.span.start => return Err(refusal),
        (_, Some(flaw)) | (Err(flaw), None) => return Err(flaw),
        (Ok(parsed), None) => parsed.value,
    };
    let end = text.len()..text.len();
    let value = value.ok_or_else(|| syntax(end.into(), "there is no value".to_owned()))?;
    let mut repeated_keys = Vec::new();
    Ok((node(value, &mut repeated_keys), repeated_keys))
}

fn options(dialect: Dialect) -> ParseOptions {
    ParseOptions {
        allow_comments: dialect == Dialect::Commented,
        allow_trailing_commas: dialect == Dialect::Commented,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// What the parser refuses, or the slip that most likely made it.
fn refusal(text: &str, error: &ParseError) -> Flaw {
    let place = span(error.range());
    let at_end = matches!(
        error.kind(),
        ParseErrorKind::UnterminatedObject | ParseErrorKind::UnterminatedArray
    );
    let at = if at_end { text.len() } else { place.start };
    let slip = typographic(text, at).or_else(|| decimal_comma(text, at));
    if let Some(slip) = slip.or_else(|| unclosed(text, at)) {
        return slip;
    }
    let message = error.kind().to_string();
    let mut characters = message.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    syntax(place, first.into_iter().chain(characters).collect())
}

/// A quotation mark of printed text that stands where one of JSON begins or ends a string: where
/// reading stopped, or before it on the line.
fn typographic(text: &str, at: usize) -> Option<Flaw> {
    let line = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let end = text
        .get(at..)?
        .chars()
        .next()
        .map_or(at, |it| at + it.len_utf8());
    let is_before = |rest: &str| rest.trim_start().starts_with([':', ',', '}', ']']);
    let marks = text.get(line..end)?.match_indices(PRINTED_MARKS);
    let mut marks = marks.map(|(place, mark)| (line + place, mark));
    let (start, mark) = marks.find(|(start, mark)| {
        let behind = text.get(start + mark.len()..).unwrap_or_default();
        *start == at || is_before(behind)
    })?;
    let message = format!("`{mark}` is not the quotation mark of JSON, which is `\"`");
    Some(syntax((start..start + mark.len()).into(), message))
}

/// A number with a comma for its point, where reading stopped behind the comma.
fn decimal_comma(text: &str, at: usize) -> Option<Flaw> {
    let is_digit = |it: char| it.is_ascii_digit();
    let whole = text.get(..at)?.strip_suffix(',')?;
    let before = whole.trim_end_matches(is_digit);
    let behind = text.get(at..)?;
    let digits = behind.len() - behind.trim_start_matches(is_digit).len();
    let (first, rest) = (whole.get(before.len()..)?, behind.get(..digits)?);
    if first.is_empty() || rest.is_empty() {
        return None;
    }
    let sign = if before.ends_with('-') { "-" } else { "" };
    let message = format!("a number has a point and no comma: {sign}{first}.{rest}");
    let start = before.len() - sign.len();
    Some(syntax((start..at + digits).into(), message))
}

/// The brace or bracket that nothing closes, where reading stopped for that.
fn unclosed(text: &str, at: usize) -> Option<Flaw> {
    let opens = Opens::before(text, at);
    let (open, begins) = *opens.open.last()?;
    let found = text.get(at..)?.chars().next();
    let open = match (begins, found) {
        // What is closed too early for how far it is indented was hardly meant to be.
        (_, None) => opens.odd.unwrap_or(open),
        ('{', Some('[' | ']' | '{')) | ('[', Some('}' | ':')) => open,
        _ => return None,
    };
    let begins = text.get(open..)?.chars().next()?;
    let ends = if begins == '{' { '}' } else { ']' };
    let message = match found {
        None => format!("no `{ends}` closes the `{begins}` that begins here"),
        Some(found) => {
            let (line, column) = line_column(text, at);
            format!(
                "no `{ends}` closes the `{begins}` that begins here before the `{found}` on line \
                 {line}, column {column}"
            )
        }
    };
    Some(syntax((open..open + 1).into(), message))
}

/// The braces and brackets of a text that are open at a byte of it.
#[derive(Default)]
struct Opens {
    /// Each with its place.
    open: Vec<(usize, char)>,
    /// By how much the line of each is indented.
    indents: Vec<usize>,
    /// The first whose end begins a line and is less indented than the line of its beginning.
    odd: Option<usize>,
}

impl Opens {
    fn before(text: &str, at: usize) -> Self {
        let mut opens = Self::default();
        let options = scanning();
        let mut scanner = Scanner::new(text, &options);
        let mut line = Line::default();
        while let Ok(Some(token)) = scanner.scan() {
            let place = scanner.token_start();
            if place >= at {
                break;
            }
            line.move_to(text, place);
            match token {
                Token::OpenBrace => opens.push(place, '{', &line),
                Token::OpenBracket => opens.push(place, '[', &line),
                Token::CloseBrace | Token::CloseBracket => {
                    let (open, begins) = (opens.open.pop(), opens.indents.pop());
                    if let Some(((open, _), begins)) = open.zip(begins)
                        && line.is_first
                        && line.indent < begins
                    {
                        opens.odd.get_or_insert(open);
                    }
                }
                _ => {}
            }
        }
        opens
    }

    fn push(&mut self, place: usize, what: char, line: &Line) {
        self.open.push((place, what));
        self.indents.push(line.indent);
    }
}

/// The line of a token, of tokens that come one behind the other.
#[derive(Default)]
struct Line {
    /// Where the token begins.
    at: usize,
    /// By how many bytes its line is indented.
    indent: usize,
    /// Whether it is the first of its line.
    is_first: bool,
}

impl Line {
    /// Moves on to the next token, and looks at what lies between only.
    fn move_to(&mut self, text: &str, at: usize) {
        let between = text.get(self.at..at).unwrap_or_default();
        let blank = between.rfind('\n').map(|end| &between[end + 1..]);
        // Of the first line all before the first token.
        let blank = blank.or_else(|| (self.at == 0).then_some(between));
        self.is_first = blank.is_some_and(|blank| blank.trim_start().is_empty());
        if let Some(blank) = blank {
            self.indent = blank.len() - blank.trim_start().len();
        }
        self.at = at;
    }
}

fn syntax(span: Span, message: String) -> Flaw {
    let what = What::Syntax { message };
    Flaw { span, what }
}

/// The first thing that the parser takes although we do not: white space that is not JSON's,
/// control characters in strings, too much depth. And a byte order mark, which the parser does not
/// name.
fn irregularity(text: &str) -> Option<Flaw> {
    if let Some(rest) = text.strip_prefix(MARK) {
        let message = "a byte order mark stands before the value; save it as UTF-8 without one";
        return Some(syntax(
            (0..text.len() - rest.len()).into(),
            message.to_owned(),
        ));
    }
    let options = scanning();
    let mut scanner = Scanner::new(text, &options);
    let (mut end, mut depth) = (0, 0_usize);
    loop {
        let token = scanner.scan().ok()?;
        let gap = end..scanner.token_start();
        end = scanner.token_end();
        let of_token = gap.end..end;
        if let Some((span, space)) = find(text, gap, |c| !" \t\n\r".contains(c)) {
            let code = u32::from(space);
            return Some(syntax(
                span,
                format!("the white space U+{code:04X} is not allowed here"),
            ));
        }
        match token? {
            Token::OpenBrace | Token::OpenBracket if depth == DEPTH_LIMIT => {
                let what = What::TooDeep { limit: DEPTH_LIMIT };
                return Some(Flaw {
                    span: of_token.into(),
                    what,
                });
            }
            Token::OpenBrace | Token::OpenBracket => depth += 1,
            Token::CloseBrace | Token::CloseBracket => depth = depth.saturating_sub(1),
            Token::String(_) => {
                if let Some((span, control)) = find(text, of_token, |c| c < ' ') {
                    let printed = typographic(text, span.start).filter(|_| control == '\n');
                    let flaw = || syntax(span, control_in_string(control));
                    return Some(printed.unwrap_or_else(flaw));
                }
            }
            _ => {}
        }
    }
}

fn scanning() -> ScannerOptions {
    ScannerOptions {
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn control_in_string(control: char) -> String {
    match control {
        '\n' | '\r' => "a line ends inside a string; is a closing quote missing?".to_owned(),
        _ => format!(
            "a control character in a string; write it as \\u{:04x}",
            u32::from(control)
        ),
    }
}

fn find(text: &str, range: Range<usize>, wanted: impl Fn(char) -> bool) -> Option<(Span, char)> {
    let start = range.start;
    let mut characters = text.get(range)?.char_indices();
    let (offset, found) = characters.find(|(_, character)| wanted(*character))?;
    Some((
        (start + offset..start + offset + found.len_utf8()).into(),
        found,
    ))
}

fn span(range: jsonc_parser::common::Range) -> Span {
    (range.start..range.end).into()
}

/// The value with its spans; a flaw is noted for each repeated key.
fn node(value: Value<'_>, flaws: &mut Vec<Flaw>) -> Node {
    let span = span(value.range());
    let kind = match value {
        Value::NullKeyword(_) => Kind::Null,
        Value::BooleanLit(literal) => Kind::Bool(literal.value),
        Value::NumberLit(literal) => Kind::Number(literal.value.to_owned()),
        Value::StringLit(literal) => Kind::Text(literal.value.into_owned()),
        Value::Array(list) => {
            let elements = list.elements.into_iter();
            Kind::List(elements.map(|element| node(element, flaws)).collect())
        }
        Value::Object(object) => Kind::Object(properties(object.properties, flaws)),
    };
    Node { span, kind }
}

fn properties(properties: Vec<ObjectProp<'_>>, flaws: &mut Vec<Flaw>) -> Vec<Property> {
    let mut seen = BTreeSet::new();
    let repeated = properties
        .iter()
        .map(|property| !seen.insert(property.name.as_str()));
    let repeated: Vec<bool> = repeated.collect();
    let mut read = Vec::with_capacity(properties.len());
    for (property, repeated) in properties.into_iter().zip(repeated) {
        let span = span(property.name.range());
        let key = property.name.into_string();
        if repeated {
            let what = What::DuplicateKey { key: key.clone() };
            flaws.push(Flaw { span, what });
        }
        let kind = Kind::Text(key);
        let key = Node { span, kind };
        let value = node(property.value, flaws);
        read.push(Property {
            key,
            value,
            repeated,
        });
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, dialect: Dialect, place: Range<usize>, message: &str) {
        let expected = syntax(place.into(), message.to_owned());
        assert_eq!(parse(text, dialect).unwrap_err(), expected, "{text}");
    }

    fn taken(text: &str, dialect: Dialect) -> bool {
        parse(text, dialect).is_ok()
    }

    #[test]
    fn comments_and_trailing_commas_are_taken_only_where_the_dialect_has_them() {
        for text in ["// é\n[1]", "[1 /* one */]", "[1,]", r#"{"a": 1,}"#] {
            assert!(taken(text, Dialect::Commented), "{text}");
            assert!(!taken(text, Dialect::Strict), "{text}");
        }
        refused(
            "[1] // é",
            Dialect::Strict,
            4..9,
            "comments are not allowed",
        );
        refused(
            "[1,]",
            Dialect::Strict,
            2..3,
            "trailing commas are not allowed",
        );
    }

    #[test]
    fn no_dialect_takes_anything_else() {
        let others = "'a' +1 .5 5. 0x1 01 1e 1.e5 - -a NaN Infinity -Infinity tru \u{1}";
        let lists = [
            "[1 2]",
            "[,]",
            "[1,,2]",
            "[1}",
            "{,}",
            "{a: 1}",
            "{1: 1}",
            "{true: 1}",
        ];
        let objects = [
            r#"{"a" 1}"#,
            r#"{"a":}"#,
            r#"{"a": 1 "b": 2}"#,
            r#"{"a": 1,, }"#,
            "1 2",
        ];
        let strings = [
            r#""\x41""#,
            r#""\'""#,
            r#""\ud800""#,
            r#""\u12""#,
            "\"\\\n\"",
            "\"a",
        ];
        for text in others.split(' ').chain(lists).chain(objects).chain(strings) {
            assert!(!taken(text, Dialect::Strict), "{text}");
            assert!(!taken(text, Dialect::Commented), "{text}");
        }
    }

    #[test]
    fn a_syntax_error_is_a_lowercase_fragment_at_its_place() {
        refused("[1 2]", Dialect::Commented, 2..2, "expected comma");
        refused("[\"ü\", x]", Dialect::Commented, 7..8, "unexpected token");
        refused(
            "{'a': 1}",
            Dialect::Commented,
            1..2,
            "single-quoted strings are not allowed",
        );
        refused(
            "1 2",
            Dialect::Strict,
            2..3,
            "text cannot contain more than one JSON value",
        );
    }

    #[test]
    fn a_text_without_a_value_is_refused_at_its_end() {
        refused("", Dialect::Strict, 0..0, "there is no value");
        refused(" // é\n", Dialect::Commented, 7..7, "there is no value");
    }

    #[test]
    fn a_byte_order_mark_is_named_or_taken() {
        let message = "a byte order mark stands before the value; save it as UTF-8 without one";
        refused("\u{feff}[]", Dialect::Strict, 0..3, message);
        let (list, _) = parse("\u{feff}[7]", Dialect::Commented).unwrap();
        assert_eq!(list.span, (3..6).into());
        refused(
            "\u{feff}\u{feff}[]",
            Dialect::Commented,
            3..6,
            "unexpected token",
        );
    }

    #[test]
    fn quotation_marks_of_printed_text_are_named() {
        let says =
            |mark: &str| format!("`{mark}` is not the quotation mark of JSON, which is `\"`");
        for (text, place, mark) in [
            ("{“a”: 1}", 1..4, "“"),
            ("{\"a\": „b“}", 6..9, "„"),
            ("{\"a”: \"b\"}", 3..6, "”"),
            ("{\"a\": \"b”,\n \"c\": 1}", 8..11, "”"),
            ("[1, «b»]", 4..6, "«"),
        ] {
            refused(text, Dialect::Commented, place, &says(mark));
        }
        // Within a string they are letters, and what is wrong is something else.
        let comma = "a number has a point and no comma: 0.5";
        refused(
            "{\"a\": \"“b”\", \"c\": 0,5}",
            Dialect::Strict,
            22..25,
            comma,
        );
        assert!(taken("[\"“b”, ‘c’\"]", Dialect::Strict));
    }

    #[test]
    fn a_comma_in_a_number_is_named() {
        let says = |number: &str| format!("a number has a point and no comma: {number}");
        refused(
            "{\"a\": 0,5, \"b\": 1}",
            Dialect::Strict,
            6..9,
            &says("0.5"),
        );
        refused("{\"a\": -12,75}", Dialect::Strict, 6..12, &says("-12.75"));
        assert!(taken("[0,5]", Dialect::Strict));
        let message = "expected string for object property";
        refused("{\"a\": 0, 5}", Dialect::Strict, 9..10, message);
    }

    #[test]
    fn what_nothing_closes_is_shown_where_it_begins() {
        let says = |ends: char, begins: char, behind: &str| {
            format!("no `{ends}` closes the `{begins}` that begins here{behind}")
        };
        for (text, place, ends, behind) in [
            (" [", 1, ']', ""),
            ("{\"a\": [1, {\"b\": 2}", 6, ']', ""),
            ("[{\"a\": 1]", 1, '}', " before the `]` on line 1, column 9"),
            ("{\"a\": [1}", 6, ']', " before the `}` on line 1, column 9"),
            (
                "[{\"a\": 1, {\"b\": 2}]",
                1,
                '}',
                " before the `{` on line 1, column 11",
            ),
            (
                "{\"a\": [1,\n \"b\": 2}",
                6,
                ']',
                " before the `:` on line 2, column 5",
            ),
            ("{\n  \"a\": {\n    \"b\": 1,\n  \"c\": 2\n}\n", 9, '}', ""),
            (
                "{\n  \"a\": [\n    {\n      \"b\": 1\n    },\n    {\n      \"c\": 1\n  ],\n}",
                41,
                '}',
                " before the `]` on line 8, column 3",
            ),
        ] {
            let begins = text[place..].chars().next().unwrap();
            let message = says(ends, begins, behind);
            refused(text, Dialect::Commented, place..place + 1, &message);
        }
    }

    #[test]
    fn white_space_and_control_characters_that_json_lacks_are_refused() {
        let dialect = Dialect::Commented;
        refused(
            "[1,\u{a0}2]",
            dialect,
            3..5,
            "the white space U+00A0 is not allowed here",
        );
        refused(
            "1 \u{c}",
            dialect,
            2..3,
            "the white space U+000C is not allowed here",
        );
        refused(
            "1\u{2028}",
            dialect,
            1..4,
            "the white space U+2028 is not allowed here",
        );
        refused(
            "\"é\t\"",
            dialect,
            3..4,
            "a control character in a string; write it as \\u0009",
        );
        assert!(taken("\"\u{7f}\u{a0}\" // \t \u{a0}", dialect));
    }

    #[test]
    fn the_line_that_lacks_a_closing_quote_is_named() {
        let message = "a line ends inside a string; is a closing quote missing?";
        refused("{\"a\": \"x\n, \"b\": 1}", Dialect::Strict, 8..9, message);
    }

    #[test]
    fn the_first_of_several_mistakes_is_named() {
        refused("[1 2, \"\t\"]", Dialect::Strict, 2..2, "expected comma");
    }

    #[test]
    fn sixty_four_levels_are_read_and_no_more() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        let too_deep = What::TooDeep { limit: 64 };
        let place = Span::from(64..65);
        assert!(taken(&nested(64), Dialect::Strict));
        for text in [
            nested(65),
            "[".repeat(100_000),
            nested(100_000),
            "[{\"a\":".repeat(9_000),
        ] {
            let flaw = parse(&text, Dialect::Strict).unwrap_err();
            let place = if text.contains('{') {
                Span::from(32 * 6..32 * 6 + 1)
            } else {
                place
            };
            assert_eq!(
                flaw,
                Flaw {
                    span: place,
                    what: too_deep.clone()
                }
            );
        }
    }

    #[test]
    fn a_repeated_key_is_found_at_every_level() {
        let text = r#"[{"a": {"b": 1, "b": 2}, "\u0061": {"c": 0, "c": 0}}]"#;
        let (_, flaws) = parse(text, Dialect::Strict).unwrap();
        let keys: Vec<_> = flaws
            .iter()
            .map(|flaw| &text[flaw.span.start..flaw.span.end])
            .collect();
        assert_eq!(keys, [r#""b""#, r#""\u0061""#, r#""c""#]);
        assert_eq!(
            flaws[1].what,
            What::DuplicateKey {
                key: "a".to_owned()
            }
        );
    }
}
