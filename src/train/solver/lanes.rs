//! Sums several columns of the solver's products at once, in registers.

use std::ops::{Add, Mul};

/// What sums are taken in: f64, or f32 where a rough direction is enough.
pub(crate) trait Real:
    Copy + Default + Send + Sync + From<f32> + Into<f64> + Add<Output = Self> + Mul<Output = Self>
{
    fn of(value: f64) -> Self;
}

impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }
}

impl Real for f32 {
    fn of(value: f64) -> Self {
        value as f32
    }
}

/// Columns that are added up together, in registers of the processor: written out, since arrays in
/// loops stay in memory.
pub(crate) trait Lanes<T: Real>: Copy + Default + Send + Sync {
    /// The first columns of a row, as many as there are lanes; 0 for those that it does not have.
    fn of(row: &[f64]) -> Self;

    /// The sum of itself and others.
    fn and(self, other: Self) -> Self;

    /// The sum of itself and `factor` times others.
    fn plus(self, factor: T, other: Self) -> Self;

    /// Adds itself to the first columns of a row.
    fn add_to(self, row: &mut [f64]);
}

/// One column.
#[derive(Clone, Copy, Default)]
pub(crate) struct One<T>(T);

/// Two columns. Two numbers of an array would go through an integer register.
#[derive(Clone, Copy, Default)]
pub(crate) struct Two<T>(T, T);

/// Four columns, one register.
#[derive(Clone, Copy, Default)]
pub(crate) struct Four<T>([T; 4]);

impl<T: Real> Lanes<T> for One<T> {
    fn of(row: &[f64]) -> Self {
        let [a] = lanes(row);
        One(a)
    }

    #[inline(always)]
    fn and(self, One(b): Self) -> Self {
        One(self.0 + b)
    }

    #[inline(always)]
    fn plus(self, factor: T, One(b): Self) -> Self {
        One(self.0 + factor * b)
    }

    fn add_to(self, row: &mut [f64]) {
        add([self.0], row);
    }
}

impl<T: Real> Lanes<T> for Two<T> {
    fn of(row: &[f64]) -> Self {
        let [a, b] = lanes(row);
        Two(a, b)
    }

    #[inline(always)]
    fn and(self, Two(c, d): Self) -> Self {
        Two(self.0 + c, self.1 + d)
    }

    #[inline(always)]
    fn plus(self, factor: T, Two(c, d): Self) -> Self {
        Two(self.0 + factor * c, self.1 + factor * d)
    }

    fn add_to(self, row: &mut [f64]) {
        add([self.0, self.1], row);
    }
}

impl<T: Real> Lanes<T> for Four<T> {
    fn of(row: &[f64]) -> Self {
        Four(lanes(row))
    }

    #[inline(always)]
    fn and(self, Four([e, f, g, h]): Self) -> Self {
        let Four([a, b, c, d]) = self;
        Four([a + e, b + f, c + g, d + h])
    }

    #[inline(always)]
    fn plus(self, factor: T, Four([e, f, g, h]): Self) -> Self {
        let Four([a, b, c, d]) = self;
        Four([a + factor * e, b + factor * f, c + factor * g, d + factor * h])
    }

    fn add_to(self, row: &mut [f64]) {
        add(self.0, row);
    }
}

fn lanes<T: Real, const N: usize>(row: &[f64]) -> [T; N] {
    let mut lanes = [T::default(); N];
    lanes.iter_mut().zip(row).for_each(|(lane, value)| *lane = T::of(*value));
    lanes
}

fn add<T: Real, const N: usize>(lanes: [T; N], row: &mut [f64]) {
    row.iter_mut().zip(lanes).for_each(|(sum, lane)| *sum += lane.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<L: Lanes<f32>>(expected: &[f64]) {
        let sum = L::of(&[1.0, 2.0]).and(L::of(&[0.0, 0.0, 3.0])).plus(2.0, L::of(&[10.0, 20.0, 30.0, 40.0]));
        let mut row = [0.5; 4];
        sum.add_to(&mut row[..expected.len()]);
        assert_eq!(row[..expected.len()], *expected);
        assert_eq!(row[expected.len()..], [0.5; 4][expected.len()..]);
    }

    #[test]
    fn lanes_hold_the_first_columns_of_a_row() {
        check::<One<f32>>(&[21.5]);
        check::<Two<f32>>(&[21.5, 42.5]);
        check::<Four<f32>>(&[21.5, 42.5, 63.5, 80.5]);
        check::<Four<f32>>(&[21.5, 42.5, 63.5]);
    }
}
