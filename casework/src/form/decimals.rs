//! Decimal numbers: what a schema declares of them, and what is read. Nowhere is one a floating number.

use model::Decimal;
use model::exact::MAX_SCALE;
use model::text::Bilingual;
use serde_json::{Number, Value as Json};

/// Most digits of a number: so many a spreadsheet and a browser hold exactly, and give back as they were written.
const MAX_DIGITS: u32 = 15;

/// The numbers that a decimal field may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimals {
    pub least: Decimal,
    pub most: Decimal,
    /// Digits after the point: those of `multipleOf`.
    pub scale: u8,
}

/// What is wrong with a declaration, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Undeclared {
    pub(super) what: String,
    pub(super) hint: String,
}

impl Decimals {
    /// Reads `multipleOf`, `minimum` and `maximum` of a field.
    pub(super) fn declared(name: &str, property: &Json) -> Result<Self, Undeclared> {
        let wrong = |what: String, hint: &str| Undeclared { what, hint: hint.to_owned() };
        let number = |key: &str| property.get(key).and_then(Json::as_number);
        let Some(step) = number("multipleOf") else {
            return Err(wrong(
                format!("`{name}` does not say how many digits its numbers have after the point"),
                "add \"multipleOf\", such as 0.01 for two; a whole number is of the type \"integer\"",
            ));
        };
        let is_power = |it: &Decimal| it.units() == 1 && it.scale() > 0;
        let Some(step) = decimal(step).filter(is_power) else {
            return Err(wrong(
                format!("`{name}` holds multiples of {step}"),
                "write \"multipleOf\" as 0.1, 0.01 and so on to 0.000000001; a whole number is of the type \"integer\"",
            ));
        };
        let (Some(least), Some(most)) = (number("minimum"), number("maximum")) else {
            return Err(wrong(format!("`{name}` has no range"), "add \"minimum\" and \"maximum\""));
        };
        let scale = step.scale();
        let end = |number: &Number| {
            let end = decimal(number)?;
            let kept = end.rounded(scale);
            (kept == end && fits(kept)).then_some(kept)
        };
        let (Some(least_kept), Some(most_kept)) = (end(least), end(most)) else {
            return Err(Undeclared {
                what: format!("`{name}` ranges from {least} to {most}, in steps of {step}"),
                hint: format!(
                    "write ends that are such steps, of {MAX_DIGITS} digits at most with those after the point"
                ),
            });
        };
        if least_kept > most_kept {
            return Err(wrong(
                format!("`{name}` ranges from {least} to {most}"),
                "give it a range that holds a number",
            ));
        }
        Ok(Self { least: least_kept, most: most_kept, scale })
    }

    /// A number that was written, with all the digits that the field keeps; or the rule that it breaks.
    pub(super) fn read(self, text: &str) -> Result<Decimal, &'static str> {
        self.held(text.parse().map_err(|_| "number")?)
    }

    /// The number as the field keeps it, or the rule that it breaks.
    pub(super) fn held(self, number: Decimal) -> Result<Decimal, &'static str> {
        let kept = number.rounded(self.scale);
        if kept != number {
            return Err("places");
        }
        if kept < self.least || kept > self.most { Err("range") } else { Ok(kept) }
    }

    /// What may be written.
    pub fn words(self) -> Bilingual {
        let Self { least, most, scale } = self;
        let digits = if scale == 1 { "digit" } else { "digits" };
        Bilingual::new(
            format!("{least} 至 {most} 的数，小数点后至多 {scale} 位"),
            format!(
                "a number from {least} to {most}, with {scale} {digits} at most after the point"
            ),
        )
    }
}

/// A number of JSON, exactly: a program that reads it as a floating one shows again what was written, up to 15 digits.
fn decimal(number: &Number) -> Option<Decimal> {
    let text = number.to_string();
    let (digits, power) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let (digits, power): (Decimal, i32) = (digits.parse().ok()?, power.parse().ok()?);
    let scale = i32::from(digits.scale()).checked_sub(power)?;
    let scale = u8::try_from(scale).ok().filter(|it| *it <= MAX_SCALE)?;
    Some(Decimal::new(digits.units(), scale))
}

fn fits(number: Decimal) -> bool {
    number.units().unsigned_abs() < 10_u128.pow(MAX_DIGITS)
}

#[cfg(test)]
mod tests;
