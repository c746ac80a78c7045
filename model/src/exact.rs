//! Exact decimal numbers: the same figure on every machine and in any order of adding.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

/// Most digits after the point that a declaration may ask for.
pub const MAX_SCALE: u8 = 9;

/// An exact decimal number: `units` × 10^-`scale`.
///
/// Equality and order are by value: 1.0 equals 1.00.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    units: i128,
    scale: u8,
}

/// The text is no plain decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a decimal number of at most 27 digits, 9 of them after the point")]
pub struct DecimalError(pub String);

impl Decimal {
    pub const ZERO: Self = Self { units: 0, scale: 0 };

    /// `units` × 10^-`scale`; a scale above [`MAX_SCALE`] is cut to it by rounding.
    pub fn new(units: i128, scale: u8) -> Self {
        let number = Self { units, scale };
        if scale > MAX_SCALE { number.rounded(MAX_SCALE) } else { number }
    }

    pub const fn from_integer(number: i64) -> Self {
        Self { units: widen(number), scale: 0 }
    }

    pub const fn units(self) -> i128 {
        self.units
    }

    pub const fn scale(self) -> u8 {
        self.scale
    }

    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    pub const fn is_negative(self) -> bool {
        self.units < 0
    }

    pub const fn abs(self) -> Self {
        Self { units: self.units.abs(), scale: self.scale }
    }

    /// Rounds half away from zero to `decimals` digits after the point; pads with zeros if it has fewer.
    pub fn rounded(self, decimals: u8) -> Self {
        match self.scale.cmp(&decimals) {
            Ordering::Equal => self,
            Ordering::Less => Self { units: self.units_at(decimals), scale: decimals },
            Ordering::Greater => {
                let units = divide_half_up(self.units, ten_to(self.scale - decimals));
                Self { units, scale: decimals }
            }
        }
    }

    /// Whole times this number.
    pub fn times(self, factor: i64) -> Self {
        Self { units: self.units * widen(factor), scale: self.scale }
    }

    /// Product, at the sum of both scales (cut to [`MAX_SCALE`] by rounding).
    pub fn product(self, other: Self) -> Self {
        Self::new(self.units * other.units, self.scale + other.scale)
    }

    /// `self` × `factor` / `whole`, rounded half up to `decimals`. `None` when there is no whole.
    pub fn ratio(self, whole: Self, factor: i64, decimals: u8) -> Option<Self> {
        if whole.is_zero() {
            return None;
        }
        let scale = self.scale.max(whole.scale);
        let part = self.units_at(scale).checked_mul(widen(factor))?;
        let part = part.checked_mul(ten_to(decimals))?;
        Some(Self { units: divide_half_up(part, whole.units_at(scale)), scale: decimals })
    }

    /// The nearest float: for roots and for drawing, never for a sum.
    #[expect(
        clippy::as_conversions,
        reason = "the one place where exactness is given up, on purpose"
    )]
    pub fn to_f64(self) -> f64 {
        self.units as f64 / 10_f64.powi(i32::from(self.scale))
    }

    /// Rounds a float half away from zero. `None` when it is no number or too large.
    #[expect(clippy::as_conversions, reason = "the range is checked on the line before")]
    pub fn from_f64(number: f64, decimals: u8) -> Option<Self> {
        let scaled = (number * 10_f64.powi(i32::from(decimals))).round();
        let fits = scaled.is_finite() && scaled.abs() < 1e30;
        fits.then_some(Self { units: scaled as i128, scale: decimals })
    }

    /// The units at another scale; rounds when that scale is smaller.
    pub fn units_at(self, scale: u8) -> i128 {
        if scale >= self.scale {
            self.units * ten_to(scale - self.scale)
        } else {
            divide_half_up(self.units, ten_to(self.scale - scale))
        }
    }
}

const fn widen(number: i64) -> i128 {
    #[expect(clippy::as_conversions, reason = "widening, in a const fn")]
    let wide = number as i128;
    wide
}

fn ten_to(power: u8) -> i128 {
    10_i128.pow(u32::from(power))
}

/// Rounds half away from zero. `whole` is not zero.
fn divide_half_up(part: i128, whole: i128) -> i128 {
    let negative = (part < 0) != (whole < 0);
    let (part, whole) = (part.unsigned_abs(), whole.unsigned_abs());
    let (quotient, rest) = (part / whole, part % whole);
    let rounded = if rest >= whole - rest { quotient + 1 } else { quotient };
    let rounded = i128::try_from(rounded).unwrap_or(i128::MAX);
    if negative { -rounded } else { rounded }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.units_at(scale).cmp(&other.units_at(scale))
    }
}

impl Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        Self { units: self.units_at(scale) + other.units_at(scale), scale }
    }
}

impl Sub for Decimal {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        Self { units: -self.units, scale: self.scale }
    }
}

impl std::iter::Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, Add::add)
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || DecimalError(text.to_owned());
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
        let sound = plain(whole) && plain(part) && !(whole.is_empty() && part.is_empty());
        if !sound || whole.len() > 18 || part.len() > usize::from(MAX_SCALE) {
            return Err(wrong());
        }
        let units: i128 = format!("0{whole}{part}").parse().map_err(|_| wrong())?;
        let scale = u8::try_from(part.len()).map_err(|_| wrong())?;
        Ok(Self { units: if text.starts_with('-') { -units } else { units }, scale })
    }
}

impl fmt::Display for Decimal {
    /// All digits of its scale, no separators: `93.0`, `-0.5`, `4500`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = self.units.unsigned_abs();
        if self.scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let power = ten_to(self.scale).unsigned_abs();
        let (whole, part) = (digits / power, digits % power);
        write!(f, "{sign}{whole}.{part:0width$}", width = usize::from(self.scale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(part: &str, whole: &str, factor: i64, decimals: u8, expected: &str) {
        let shown = number(part).ratio(number(whole), factor, decimals);
        assert_eq!(shown.map_or("no whole".to_owned(), |it| it.to_string()), expected);
    }

    #[test]
    fn a_ratio_rounds_half_up() {
        check("1", "3", 100, 2, "33.33");
        check("2", "3", 100, 2, "66.67");
        check("1", "20000", 100, 2, "0.01");
        check("-1", "20000", 100, 2, "-0.01");
        check("572152", "13866009", 100_000, 0, "4126");
    }

    #[test]
    fn a_gross_rate_may_pass_the_whole() {
        check("104", "100", 100, 1, "104.0");
    }

    #[test]
    fn nothing_of_nothing_is_no_number() {
        check("0", "0", 100, 1, "no whole");
    }

    #[test]
    fn equal_by_value_whatever_the_digits() {
        assert_eq!(number("1.0"), number("1.00"));
        assert!(number("99.01") > number("99"));
        assert_eq!(number("0.1") + number("0.2"), number("0.3"));
        assert_eq!(number("-0.5").to_string(), "-0.5");
        assert_eq!(number("89.95").rounded(1).to_string(), "90.0");
        assert!("1e5".parse::<Decimal>().is_err());
        assert!("".parse::<Decimal>().is_err());
        assert!("-".parse::<Decimal>().is_err());
    }
}
