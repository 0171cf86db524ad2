//! Draws the charts of pages in one style: axes, labels, intervals, marks that color alone does not
//! tell apart.

mod axis;
mod histogram;
mod measured;
mod name_places;
mod ranges;
mod scatter;
mod svg;
mod trend;

pub(super) use axis::Axis;
pub(super) use histogram::histogram;
pub(super) use measured::{coverage, reliability};
pub(super) use ranges::{RangeRow, ranges};
pub(super) use scatter::{Scatter, ScatterPoint};
pub(super) use svg::Caption;
pub(super) use trend::{TrendPoint, trend};
