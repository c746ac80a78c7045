//! From words to an expression, by descent; the binding is CEL's.

use super::token::{Token, tokens};
use super::{Comparison, Expression, Name, Sign, Value};

/// Longest expression.
const MAX_LENGTH: usize = 2_000;
/// Deepest nesting, so that no text exhausts the stack.
const MAX_DEPTH: u8 = 40;

/// The text is no expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    #[error(
        "the expression is longer than {MAX_LENGTH} letters or nested deeper than {MAX_DEPTH} times"
    )]
    TooLarge,
    #[error("`{0}` has no meaning here")]
    Character(char),
    #[error("a text is not closed")]
    OpenText,
    #[error("a number is none of CEL, or has more digits than are compared exactly")]
    Number,
    #[error("`{found}` stands where {expected} was expected")]
    Unexpected { found: String, expected: &'static str },
    #[error("it ends where {0} was expected")]
    End(&'static str),
    #[error("`{0}` is no name; values are `form.FIELD` and `case.WORD`")]
    NoName(String),
}

pub(super) fn parse(text: &str) -> Result<Expression, ExpressionError> {
    if text.len() > MAX_LENGTH {
        return Err(ExpressionError::TooLarge);
    }
    let mut reader = Reader { tokens: tokens(text)?.into_iter().peekable(), depth: 0 };
    let expression = reader.expression()?;
    match reader.tokens.next() {
        None => Ok(expression),
        Some(token) => Err(unexpected(&token, "the end")),
    }
}

struct Reader {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    depth: u8,
}

type Answer = Result<Expression, ExpressionError>;

impl Reader {
    /// `condition ? then : otherwise`
    fn expression(&mut self) -> Answer {
        self.deeper()?;
        let condition = self.either()?;
        let answer = if self.takes("?") {
            let then = self.either()?;
            self.expect(":", "`:`")?;
            let otherwise = self.expression()?;
            Expression::If(Box::new(condition), Box::new(then), Box::new(otherwise))
        } else {
            condition
        };
        self.depth -= 1;
        Ok(answer)
    }

    fn either(&mut self) -> Answer {
        let mut left = self.both()?;
        while self.takes("||") {
            left = Expression::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Answer {
        let mut left = self.relation()?;
        while self.takes("&&") {
            left = Expression::And(Box::new(left), Box::new(self.relation()?));
        }
        Ok(left)
    }

    fn relation(&mut self) -> Answer {
        let mut left = self.sum()?;
        loop {
            if self.takes_word("in") {
                left = Expression::In(Box::new(left), Box::new(self.sum()?));
                continue;
            }
            let Some(comparison) = self.comparison() else { return Ok(left) };
            left = Expression::Compare(comparison, Box::new(left), Box::new(self.sum()?));
        }
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let all = [
            ("==", Comparison::Equal),
            ("!=", Comparison::Unequal),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        all.into_iter().find(|(sign, _)| self.takes(sign)).map(|(_, comparison)| comparison)
    }

    fn sum(&mut self) -> Answer {
        let mut left = self.unary()?;
        loop {
            let sign = if self.takes("+") {
                Sign::Plus
            } else if self.takes("-") {
                Sign::Minus
            } else {
                return Ok(left);
            };
            left = Expression::Sum(sign, Box::new(left), Box::new(self.unary()?));
        }
    }

    fn unary(&mut self) -> Answer {
        let mut negations = 0_u8;
        while self.takes("!") {
            negations += 1;
            if negations > MAX_DEPTH {
                return Err(ExpressionError::TooLarge);
            }
        }
        let mut operand = if self.takes("-") { self.negative()? } else { self.primary()? };
        for _ in 0..negations {
            operand = Expression::Not(Box::new(operand));
        }
        Ok(operand)
    }

    fn negative(&mut self) -> Answer {
        match self.tokens.next() {
            Some(Token::Integer(number)) => Ok(Expression::Constant(Value::Integer(-number))),
            Some(Token::Decimal(number)) => Ok(Expression::Constant(Value::Decimal(-number))),
            Some(token) => Err(unexpected(&token, "a number")),
            None => Err(ExpressionError::End("a number")),
        }
    }

    fn primary(&mut self) -> Answer {
        match self.tokens.next() {
            Some(Token::Integer(number)) => Ok(Expression::Constant(Value::Integer(number))),
            Some(Token::Decimal(number)) => Ok(Expression::Constant(Value::Decimal(number))),
            Some(Token::Text(text)) => Ok(Expression::Constant(Value::Text(text))),
            Some(Token::Word(word)) => self.word(&word),
            Some(Token::Sign("(")) => {
                let inner = self.expression()?;
                self.expect(")", "`)`")?;
                Ok(inner)
            }
            Some(Token::Sign("[")) => {
                self.deeper()?;
                let list = self.list()?;
                self.depth -= 1;
                Ok(list)
            }
            Some(token) => Err(unexpected(&token, "a value")),
            None => Err(ExpressionError::End("a value")),
        }
    }

    fn word(&mut self, word: &str) -> Answer {
        match word {
            "true" => Ok(Expression::Constant(Value::Flag(true))),
            "false" => Ok(Expression::Constant(Value::Flag(false))),
            "has" => {
                self.expect("(", "`(`")?;
                let inner = self.expression()?;
                self.expect(")", "`)`")?;
                if let Expression::Name(name) = inner {
                    Ok(Expression::Has(name))
                } else {
                    Err(ExpressionError::End("a name in `has(…)`"))
                }
            }
            "size" => {
                self.expect("(", "`(`")?;
                let inner = self.expression()?;
                self.expect(")", "`)`")?;
                Ok(Expression::Size(Box::new(inner)))
            }
            "form" | "case" => {
                self.expect(".", "`.` and a name")?;
                match self.tokens.next() {
                    Some(Token::Word(name)) if word == "form" => {
                        Ok(Expression::Name(Name::Form(name)))
                    }
                    Some(Token::Word(name)) => Ok(Expression::Name(Name::Case(name))),
                    Some(token) => Err(unexpected(&token, "a name")),
                    None => Err(ExpressionError::End("a name")),
                }
            }
            other => Err(ExpressionError::NoName(other.to_owned())),
        }
    }

    /// A list of constants.
    fn list(&mut self) -> Answer {
        let mut items = Vec::new();
        if self.takes("]") {
            return Ok(Expression::Constant(Value::List(items)));
        }
        loop {
            let Expression::Constant(value) = self.unary()? else {
                return Err(ExpressionError::End("a constant in `[…]`"));
            };
            items.push(value);
            if self.takes("]") {
                return Ok(Expression::Constant(Value::List(items)));
            }
            self.expect(",", "`,` or `]`")?;
        }
    }

    fn deeper(&mut self) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(ExpressionError::TooLarge) } else { Ok(()) }
    }

    fn takes(&mut self, sign: &'static str) -> bool {
        self.tokens.next_if(|it| *it == Token::Sign(sign)).is_some()
    }

    fn takes_word(&mut self, word: &str) -> bool {
        self.tokens.next_if(|it| matches!(it, Token::Word(found) if found == word)).is_some()
    }

    fn expect(
        &mut self,
        sign: &'static str,
        expected: &'static str,
    ) -> Result<(), ExpressionError> {
        if self.takes(sign) {
            return Ok(());
        }
        match self.tokens.next() {
            Some(token) => Err(unexpected(&token, expected)),
            None => Err(ExpressionError::End(expected)),
        }
    }
}

fn unexpected(token: &Token, expected: &'static str) -> ExpressionError {
    let found = match token {
        Token::Integer(number) => number.to_string(),
        Token::Decimal(number) => number.to_string(),
        Token::Text(text) | Token::Word(text) => text.chars().take(40).collect(),
        Token::Sign(sign) => (*sign).to_owned(),
    };
    ExpressionError::Unexpected { found, expected }
}
