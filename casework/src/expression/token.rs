//! The words of an expression.

use model::Decimal;

use super::ExpressionError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Integer(i64),
    Decimal(Decimal),
    Text(String),
    Word(String),
    /// `&&`, `<=`, `(` and the like.
    Sign(&'static str),
}

/// Most digits of a number with a point.
const MAX_DIGITS: usize = 15;

/// Longer ones first, so that `<=` is not taken for `<`.
const SIGNS: [&str; 19] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "+", "-", "?",
    ":",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '"' | '\'' => quoted(rest, first)?,
            '0'..='9' => number(rest)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
                let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
                (Token::Word(word.to_owned()), after)
            }
            other => {
                let sign = SIGNS.iter().find(|it| rest.starts_with(**it));
                let sign = sign.ok_or(ExpressionError::Character(other))?;
                (Token::Sign(sign), rest.strip_prefix(*sign).unwrap_or_default())
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn quoted(rest: &str, quote: char) -> Result<(Token, &str), ExpressionError> {
    let inner = rest.strip_prefix(quote).unwrap_or_default();
    let (text, after) = inner.split_once(quote).ok_or(ExpressionError::OpenText)?;
    // Codes and words need no escapes; so none is read one way here and another way elsewhere.
    if text.contains(['\\', '\n', '\r']) {
        return Err(ExpressionError::Character('\\'));
    }
    Ok((Token::Text(text.to_owned()), after))
}

fn number(rest: &str) -> Result<(Token, &str), ExpressionError> {
    let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    let (fraction, after) = fraction(after);
    let leads = digits.len() > 1 && digits.starts_with('0');
    let strange = after.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    if leads || strange {
        return Err(ExpressionError::Number);
    }
    if fraction.is_empty() {
        return Ok((Token::Integer(digits.parse().map_err(|_| ExpressionError::Number)?), after));
    }
    // More digits CEL would round, where we would not.
    if digits.len() + fraction.len() > MAX_DIGITS {
        return Err(ExpressionError::Number);
    }
    let number = format!("{digits}.{fraction}").parse().map_err(|_| ExpressionError::Number)?;
    Ok((Token::Decimal(number), after))
}

/// The digits after a point, and what comes after them.
fn fraction(after: &str) -> (&str, &str) {
    let Some(rest) = after.strip_prefix('.') else { return ("", after) };
    let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
    if end == 0 { ("", after) } else { rest.split_at(end) }
}
